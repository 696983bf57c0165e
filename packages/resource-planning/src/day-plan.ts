import { calendarOf } from './calendar.js';
import type { Day, DayRange } from './day.js';
import { leaveByDay } from './leave-days.js';
import { type Block, occupiedDays } from './recurrence.js';
import type { Allocation, Holiday, Leave, Person, PersonDay, Plan } from './types.js';
import { type WorkloadOptions, workload } from './workload.js';

/** Place of work of a person, which Float calls a status. */
export interface Place extends Block {
  readonly personId: number;
  readonly name: string;
}

/** A day of a person with work, leave, holiday and places. */
export interface DayPlan<A extends Allocation = Allocation, L extends Leave = Leave> extends PersonDay<A> {
  readonly holiday?: Holiday | undefined;
  readonly leave: readonly L[];
  /** Places of the day. Float rejects overlapping ones, but a repeating one may still overlap another. */
  readonly places: readonly string[];
}

/** A plan with leave and places. */
export interface PlanOfPerson<A extends Allocation, L extends Leave> extends Plan<A> {
  readonly leave: readonly L[];
  readonly places: readonly Place[];
}

/** The days of the range with work, leave, holiday and places. */
export function dayPlans<A extends Allocation, L extends Leave>(
  person: Person,
  plan: PlanOfPerson<A, L>,
  range: DayRange,
  options: WorkloadOptions,
): DayPlan<A, L>[] {
  const [row] = workload({ ...plan, people: [person] }, range, options);
  const calendar = calendarOf(person, plan, range);
  const leave = leaveByDay(person.id, plan.leave, range);
  const places = placesByDay(person.id, plan.places, range);
  return (row?.days ?? []).map((day) => ({
    ...day,
    holiday: calendar.holiday(day.day),
    leave: leave.get(day.day) ?? [],
    places: places.get(day.day) ?? [],
  }));
}

function placesByDay(personId: number, all: readonly Place[], range: DayRange): Map<Day, string[]> {
  const byDay = new Map<Day, string[]>();
  for (const place of all) {
    if (place.personId !== personId) continue;
    for (const day of occupiedDays(place, range)) byDay.set(day, [...(byDay.get(day) ?? []), place.name]);
  }
  return byDay;
}
