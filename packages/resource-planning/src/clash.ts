import { type Calendar, calendarOf, withoutLeave } from './calendar.js';
import type { Day, DayRange } from './day.js';
import { hoursOfLeave, leaveByDay } from './leave-days.js';
import type { Allocation, Leave, Person, Plan, Work } from './types.js';
import { counts, workDays } from './work.js';
import { roundHours } from './workload.js';

/** A day on which leave and work of a person do not both fit. */
export interface ClashDay<A extends Allocation = Allocation, L extends Leave = Leave> {
  readonly person: Person;
  readonly day: Day;
  /** Planned hours, computed without leave. */
  readonly scheduled: number;
  /** Hours of work displaced by confirmed leave. */
  readonly confirmedClash: number;
  /** Additional hours displaced if the tentative leave of the day were confirmed. */
  readonly tentativeClash: number;
  readonly leave: readonly L[];
  readonly work: readonly Work<A>[];
}

interface PlanWithLeave<A extends Allocation, L extends Leave> extends Plan<A> {
  readonly leave: readonly L[];
}

/**
 * Finds clashes of leave and work. A full day of leave displaces all work. Partial leave clashes with the overtime it adds:
 * work that fits beside it does not clash, and overtime that exists without the leave is not counted.
 */
export function clashes<A extends Allocation, L extends Leave>(
  plan: PlanWithLeave<A, L>,
  range: DayRange,
  options: { readonly includeTentative: boolean },
): ClashDay<A, L>[] {
  return plan.people.flatMap((person) => {
    const leave = leaveByDay(person.id, plan.leave, range);
    const calendar = withoutLeave(calendarOf(person, plan, range));
    const own = plan.allocations.filter(
      (allocation) => allocation.personIds.includes(person.id) && counts(allocation, options.includeTentative),
    );
    const work = workOnDays(own, calendar, range, leave);
    return [...work]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([day, there]) => clashOn(person, day, calendar.normalHours(day), there, leave.get(day) ?? []))
      .filter((found) => found.confirmedClash > 0 || found.tentativeClash > 0);
  });
}

function workOnDays<A extends Allocation>(
  own: readonly A[],
  calendar: Calendar,
  range: DayRange,
  wanted: ReadonlyMap<Day, unknown>,
): Map<Day, Work<A>[]> {
  const byDay = new Map<Day, Work<A>[]>();
  for (const allocation of own) {
    for (const day of workDays(allocation, calendar, range)) {
      if (!wanted.has(day)) continue;
      byDay.set(day, [...(byDay.get(day) ?? []), { allocation, hours: allocation.hoursPerDay }]);
    }
  }
  return byDay;
}

function clashOn<A extends Allocation, L extends Leave>(
  person: Person,
  day: Day,
  normal: number,
  work: readonly Work<A>[],
  leave: readonly L[],
): ClashDay<A, L> {
  const scheduled = roundHours(work.reduce((sum, { hours }) => sum + hours, 0));
  const confirmedClash = clashHours(scheduled, normal, hoursOfLeave(leave.filter(({ confirmed }) => confirmed)));
  const tentativeClash = roundHours(clashHours(scheduled, normal, hoursOfLeave(leave)) - confirmedClash);
  return { person, day, scheduled, confirmedClash, tentativeClash, leave, work };
}

function clashHours(scheduled: number, normal: number, leave: number): number {
  if (!Number.isFinite(leave)) return scheduled;
  const room = Math.max(0, normal - leave);
  return roundHours(Math.max(0, scheduled - room) - Math.max(0, scheduled - normal));
}
