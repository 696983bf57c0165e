import { type Calendar, calendarOf } from './calendar.js';
import type { Day, DayRange } from './day.js';
import { hoursOfLeave, leaveByDay } from './leave-days.js';
import type { Leave, Person, Plan } from './types.js';
import { roundHours } from './workload.js';

/** A day on which a person has leave. */
export interface AbsenceDay<L extends Leave = Leave> {
  readonly person: Person;
  readonly day: Day;
  /** Working hours that confirmed leave takes; 0 on days off and holidays. */
  readonly confirmedHours: number;
  /** Additional hours if the tentative leave were confirmed. */
  readonly tentativeHours: number;
  readonly leave: readonly L[];
}

/** Every person-day with leave, ordered by person and day. */
export function absenceDays<L extends Leave>(
  plan: Pick<Plan, 'people' | 'holidays'> & { readonly leave: readonly L[] },
  range: DayRange,
): AbsenceDay<L>[] {
  return plan.people.flatMap((person) => {
    const calendar = calendarOf(person, plan, range);
    return [...leaveByDay(person.id, plan.leave, range)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([day, leave]) => ({ person, day, leave, ...hoursAway(calendar, day, leave) }));
  });
}

function hoursAway(calendar: Calendar, day: Day, leave: readonly Leave[]) {
  const normal = calendar.holiday(day) === undefined ? calendar.normalHours(day) : 0;
  const confirmedHours = Math.min(normal, hoursOfLeave(leave.filter(({ confirmed }) => confirmed)));
  const tentativeHours = Math.min(normal, hoursOfLeave(leave)) - confirmedHours;
  return { confirmedHours: roundHours(confirmedHours), tentativeHours: roundHours(tentativeHours) };
}
