import { type Calendar, calendarOf } from './calendar.js';
import { type Day, type DayRange, eachDay } from './day.js';
import type { Allocation, Person, PersonDay, Plan, Work } from './types.js';
import { counts, workDays } from './work.js';

/** Options of `workload`. */
export interface WorkloadOptions {
  /** Count draft and tentative allocations as if they were confirmed. */
  readonly includeTentative: boolean;
}

/** The days of one person. */
export interface PersonWorkload<A extends Allocation = Allocation> {
  readonly person: Person;
  /** One entry per day of the range, in order. */
  readonly days: readonly PersonDay<A>[];
}

/** Capacity, work, free hours and overtime of all people on every day of a range. */
export function workload<A extends Allocation>(
  plan: Plan<A>,
  range: DayRange,
  options: WorkloadOptions,
): PersonWorkload<A>[] {
  const byPerson = allocationsByPerson(plan.allocations, options);
  return plan.people.map((person) => {
    const calendar = calendarOf(person, plan, range);
    const work = workByDay(byPerson.get(person.id) ?? [], calendar, range);
    return { person, days: eachDay(range).map((day) => personDay(day, calendar, work.get(day) ?? [])) };
  });
}

/** Rounds away errors of binary fractions, which would report 0.1 + 0.2 against 0.3 as overtime. */
export function roundHours(hours: number): number {
  return Math.round(hours * 10_000) / 10_000;
}

/** A holiday has no capacity unless work is scheduled on it; then it is an ordinary day. */
function personDay<A extends Allocation>(day: Day, calendar: Calendar, work: readonly Work<A>[]): PersonDay<A> {
  const open = work.length > 0 || calendar.holiday(day) === undefined ? calendar.normalHours(day) : 0;
  const capacity = roundHours(Math.max(0, open - calendar.leaveHours(day)));
  const scheduled = roundHours(work.reduce((sum, { hours }) => sum + hours, 0));
  const free = roundHours(Math.max(0, capacity - scheduled));
  const overtime = roundHours(Math.max(0, scheduled - capacity));
  return { day, capacity, timeOff: roundHours(open - capacity), scheduled, free, overtime, work };
}

function allocationsByPerson<A extends Allocation>(all: readonly A[], options: WorkloadOptions): Map<number, A[]> {
  const byPerson = new Map<number, A[]>();
  for (const allocation of all) {
    if (!counts(allocation, options.includeTentative)) continue;
    for (const id of new Set(allocation.personIds)) {
      const list = byPerson.get(id) ?? [];
      list.push(allocation);
      byPerson.set(id, list);
    }
  }
  return byPerson;
}

function workByDay<A extends Allocation>(
  allocations: readonly A[],
  calendar: Calendar,
  range: DayRange,
): Map<Day, Work<A>[]> {
  const byDay = new Map<Day, Work<A>[]>();
  for (const allocation of allocations) {
    for (const day of workDays(allocation, calendar, range)) {
      const list = byDay.get(day) ?? [];
      list.push({ allocation, hours: allocation.hoursPerDay });
      byDay.set(day, list);
    }
  }
  return byDay;
}
