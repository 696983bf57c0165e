import { PEOPLE_TYPES, type Person } from 'float-api';
import type { Day } from 'resource-planning';
import { memberOf } from '../tools/plan/records.js';
import { allPeople, findPerson, suggestPeople } from './names.js';
import { pageOf, suggestPages } from './pages.js';
import type { FloatResource } from './resource.js';
import { PEOPLE_URI, personUri, personWeekUri } from './uris.js';
import type { View } from './view.js';

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** The list of people. */
export const peopleResource: FloatResource = {
  name: 'people',
  title: 'People',
  description: 'People who are not archived, by name, fifty to a page.',
  template: `${PEOPLE_URI}{?page}`,
  listed: [{ uri: PEOPLE_URI, name: 'people', title: 'People' }],
  tables: ['people'],
  suggest: { page: async (typed, view) => suggestPages(typed, (await onSchedule(view)).length) },
  async body({ page }, view) {
    const { items, ...where } = pageOf(await onSchedule(view), page, PEOPLE_URI);
    return { ...where, people: items.map(rowOf) };
  },
};

/** One person. */
export const personResource: FloatResource = {
  name: 'person',
  title: 'Person',
  description: 'One person: role, department, skills, working hours, and where the schedule is. By id or full name.',
  template: `${PEOPLE_URI}/{person}`,
  listed: [],
  tables: ['people'],
  suggest: { person: suggestPeople },
  async body({ person: asked = '' }, view) {
    const person = await findPerson(asked, view);
    return {
      ...rowOf(person),
      email: person.email || undefined,
      code: person.people_code || undefined,
      active: person.active === 1,
      kind: (PEOPLE_TYPES as Readonly<Record<number, string>>)[person.people_type_id],
      tags: (person.tags ?? []).map(({ name }) => name),
      hours_per_day: hoursOf(person, view.today),
      employed_from: person.start_date ?? undefined,
      employed_to: person.end_date ?? undefined,
      schedule: {
        this_week: personWeekUri(person.people_id, 'this-week'),
        next_week: personWeekUri(person.people_id, 'next-week'),
      },
    };
  },
};

async function onSchedule(view: View): Promise<readonly Person[]> {
  const people = await allPeople(view);
  return people.filter(({ active }) => active === 1).sort((a, b) => a.name.localeCompare(b.name));
}

function rowOf({ people_id: id, name, job_title: role, department }: Person): object {
  return {
    id,
    name,
    uri: personUri(id),
    role: role || undefined,
    department: department?.name ?? undefined,
  };
}

/** Working hours of the current week's version, without days off. */
function hoursOf(person: Person, today: Day): Record<string, number> {
  const { hours } = memberOf(person);
  const week = (hours.findLast(({ from }) => from <= today) ?? hours[0])?.hours ?? [];
  return Object.fromEntries(week.flatMap((one, day) => (one > 0 ? [[WEEKDAYS[day], one]] : [])));
}
