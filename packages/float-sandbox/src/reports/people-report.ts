import { calendarOf, type DayRange, eachDay, workload } from 'resource-planning';
import type { Row } from '../store/store.js';
import type { World } from '../world.js';
import { groupedBy, hourSums, loggedIn, sum, workedDays } from './hours.js';
import { type StoredPlan, storedPlan, type Worker } from './plan.js';

/** People type that is left out unless requested by id, as in the list of people. */
const ROLE_PLACEHOLDER = 4;

/** One row per active person, and per archived person with hours in the range. */
export function peopleReport(world: World, range: DayRange, personId: number | undefined): Row[] {
  const plan = storedPlan(world, range);
  const work = groupedBy(workedDays(plan, range), ({ person }) => person);
  const logged = groupedBy(loggedIn(world, range), (row) => Number(row['people_id']));
  const firm = new Map(workload(plan, range, { includeTentative: false }).map((one) => [one.person.id, one.days]));
  return plan.people
    .filter(({ id, row }) => (personId === undefined ? row['people_type_id'] !== ROLE_PLACEHOLDER : id === personId))
    .filter(({ id, row }) => row['active'] === 1 || work.has(id) || logged.has(id) || personId !== undefined)
    .map((person) => {
      const days = firm.get(person.id) ?? [];
      return {
        people_id: person.id,
        name: person.name,
        capacity: sum(days.map(({ capacity }) => capacity)),
        ...hourSums(work.get(person.id) ?? [], logged.get(person.id) ?? [], (row) => row['billable'] === 1),
        unscheduled: sum(days.map(({ free }) => free)),
        overtime: sum(days.map(({ overtime }) => overtime)),
        timeoff: leaveHours(plan, person, range),
      };
    });
}

/** Leave counts with the hours that would have been worked. */
function leaveHours(plan: StoredPlan, person: Worker, range: DayRange): number {
  const calendar = calendarOf(person, plan, range);
  const hours = eachDay(range).map((day) =>
    calendar.holiday(day) === undefined ? Math.min(calendar.leaveHours(day), calendar.normalHours(day)) : 0,
  );
  return sum(hours);
}
