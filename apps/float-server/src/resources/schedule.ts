import type { Person } from 'float-api';
import { type DayPlan, dayPlans, type Leave, type PersonWorkload, type Plan, workload } from 'resource-planning';
import { sumHours } from '../tools/plan/format.js';
import { parentStatus } from '../tools/plan/parent-status.js';
import { wholeBlocks } from '../tools/plan/read.js';
import {
  type Booking,
  bookingOf,
  isLeave,
  leaveOf,
  memberOf,
  publicHolidaysOf,
  teamHolidayOf,
} from '../tools/plan/records.js';
import { allPeople, allProjects, findPerson, suggestPeople } from './names.js';
import { pageOf, suggestPages } from './pages.js';
import type { FloatResource } from './resource.js';
import { PEOPLE_URI, personUri, personWeekUri, teamWeekUri, type Week } from './uris.js';
import type { View } from './view.js';
import { suggestWeeks, weekOf } from './weeks.js';

const TABLES = ['people', 'projects', 'phases', 'allocations', 'timeoffs', 'holidays'] as const;
const NOT_COUNTED = 'tentative and draft work is shown, but not counted as scheduled';

/** The schedule of one person in one week. */
export const personWeekResource: FloatResource = {
  name: 'person-week',
  title: 'Week of a person',
  description:
    'The work of one person day by day, with capacity, leave and holidays. Weeks: 2026-W48, this-week, next-week.',
  template: `${PEOPLE_URI}/{person}/schedule/{week}`,
  listed: [],
  tables: TABLES,
  suggest: { person: suggestPeople, week: (typed, view) => suggestWeeks(typed, view.today) },
  async body({ person: asked = '', week: name = '' }, view) {
    const week = weekOf(name, view.today);
    const person = await findPerson(asked, view);
    const [plan, projects] = await Promise.all([readWeek([person], week, view), projectNames(view)]);
    const member = memberOf(person);
    const days = dayPlans(member, { ...plan, places: [] }, week, { includeTentative: true });
    const [counted] = workload({ ...plan, people: [member] }, week, { includeTentative: false });
    return {
      person: { id: person.people_id, name: person.name, uri: personUri(person.people_id) },
      week,
      uri: personWeekUri(person.people_id, week.name),
      ...totalsOf(counted),
      days: days.map((day) => dayOf(day, projects)),
      note: NOT_COUNTED,
    };
  },
};

/** The hours of the team in one week. */
export const teamWeekResource: FloatResource = {
  name: 'team-week',
  title: 'Week of the team',
  description: 'Capacity, scheduled, free and overtime hours of all people in a week, fifty people to a page.',
  template: 'float://schedule/{week}{?page}',
  listed: [
    { uri: teamWeekUri('this-week'), name: 'team-this-week', title: 'This week of the team' },
    { uri: teamWeekUri('next-week'), name: 'team-next-week', title: 'Next week of the team' },
  ],
  tables: TABLES,
  suggest: {
    week: (typed, view) => suggestWeeks(typed, view.today),
    page: async (typed, view) => suggestPages(typed, (await onSchedule(view)).length),
  },
  async body({ week: name = '', page }, view) {
    const week = weekOf(name, view.today);
    const { items, ...where } = pageOf(await onSchedule(view), page, teamWeekUri(name));
    const rows = workload(await readWeek(items, week, view), week, { includeTentative: false });
    return {
      week,
      ...where,
      people: rows.map((row) => ({
        id: row.person.id,
        name: row.person.name,
        uri: personWeekUri(row.person.id, week.name),
        ...totalsOf(row),
      })),
      note: 'tentative and draft work is not counted',
    };
  },
};

/** Active people without placeholders, which have no working hours. */
async function onSchedule(view: View): Promise<readonly Person[]> {
  const people = (await allPeople(view)).filter((person) => person.active === 1 && !memberOf(person).placeholder);
  return people.sort((a, b) => a.name.localeCompare(b.name));
}

interface NamedLeave extends Leave {
  readonly type: string | undefined;
}

interface ReadWeek extends Plan<Booking> {
  readonly leave: readonly NamedLeave[];
}

async function readWeek(people: readonly Person[], week: Week, view: View): Promise<ReadWeek> {
  const dates = { start_date: week.from, end_date: week.to };
  const work = view.api.listAll('allocations', dates, view);
  const [allocations, leave, publicHolidays, teamHolidays, projects, phases] = await Promise.all([
    work,
    view.api.listAll('timeoffs', dates, view),
    work.then((records) => view.api.listAll('public-holidays', wholeBlocks(records, week), view)),
    view.api.listAll('holidays', {}, view),
    allProjects(view),
    view.api.listAll('phases', {}, view),
  ]);
  const above = parentStatus(projects, phases);
  return {
    people: people.map(memberOf),
    allocations: allocations.map((record) => bookingOf(record, above)),
    leave: leave.filter(isLeave).map((record) => ({ ...leaveOf(record), type: record.timeoff_type_name ?? undefined })),
    holidays: [...publicHolidays.flatMap(publicHolidaysOf), ...teamHolidays.map(teamHolidayOf)],
  };
}

async function projectNames(view: View): Promise<ReadonlyMap<number, string>> {
  return new Map((await allProjects(view)).map(({ project_id: id, name }) => [id, name]));
}

function totalsOf(row: PersonWorkload | undefined): object {
  const days = row?.days ?? [];
  return {
    capacity_hours: sumHours(days.map(({ capacity }) => capacity)),
    scheduled_hours: sumHours(days.map(({ scheduled }) => scheduled)),
    free_hours: sumHours(days.map(({ free }) => free)),
    overtime_hours: sumHours(days.map(({ overtime }) => overtime)),
  };
}

function dayOf(day: DayPlan<Booking, NamedLeave>, projects: ReadonlyMap<number, string>): object {
  const leave = day.leave.map(({ type, hoursPerDay: hours, confirmed }) => ({ type, hours, confirmed }));
  const work = day.work.map(({ allocation: { id, projectId, task, status }, hours }) => ({
    allocation_id: id,
    project: projects.get(projectId) ?? `project ${projectId}`,
    task,
    hours,
    status,
  }));
  return {
    day: day.day,
    capacity: day.capacity,
    holiday: day.holiday?.name,
    ...(leave.length === 0 ? {} : { leave }),
    ...(work.length === 0 ? {} : { work }),
  };
}
