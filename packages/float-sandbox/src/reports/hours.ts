/** Sums that both reports share, and their rounding. */
import { type DayRange, workload } from 'resource-planning';
import { type Clause, equal, type Row } from '../store/store.js';
import type { World } from '../world.js';
import type { Booking, StoredPlan } from './plan.js';

/** One allocation on one day of one person. */
export interface WorkedDay {
  readonly booking: Booking;
  readonly person: number;
  readonly hours: number;
  readonly tentative: boolean;
}

/** All planned person-days of a range, with drafts and tentative ones marked. */
export function workedDays(plan: StoredPlan, range: DayRange): WorkedDay[] {
  return workload(plan, range, { includeTentative: true }).flatMap(({ person, days }) =>
    days.flatMap(({ work }) =>
      work.map(({ allocation, hours }) => ({
        booking: allocation,
        person: person.id,
        hours,
        tentative: allocation.status === 'draft' || allocation.status === 'tentative',
      })),
    ),
  );
}

/** Time entries of a range; none if the team has time tracking switched off. */
export function loggedIn(world: World, range: DayRange): Row[] {
  if (!world.settings.timeTracking) return [];
  const where: Clause[] = [
    { sql: 'hours > 0', values: [] },
    { sql: 'date BETWEEN ? AND ?', values: [range.from, range.to] },
  ];
  return world.store.select('logged-time', { where });
}

/** Sums of hours by Float's names. */
export interface HourSums {
  readonly scheduled: number;
  readonly billable: number;
  readonly nonBillable: number;
  readonly tentative_hours: number;
  readonly logged_hours: number;
  readonly logged_billable_hours: number;
}

/**
 * Sums planned and logged hours.
 *
 * @param isBillable decides for an allocation or a time entry
 */
export function hourSums(
  work: readonly WorkedDay[],
  logged: readonly Row[],
  isBillable: (row: Row) => boolean,
): HourSums {
  const firm = work.filter(({ tentative }) => !tentative);
  const billable = sum(firm.filter(({ booking }) => isBillable(booking.row)).map(({ hours }) => hours));
  const scheduled = sum(firm.map(({ hours }) => hours));
  return {
    scheduled,
    billable,
    nonBillable: rounded(scheduled - billable),
    tentative_hours: sum(work.filter(({ tentative }) => tentative).map(({ hours }) => hours)),
    logged_hours: sum(logged.map(({ hours }) => Number(hours))),
    logged_billable_hours: sum(logged.filter(isBillable).map(({ hours }) => Number(hours))),
  };
}

/** The sum, without rounding errors of binary fractions. */
export function sum(numbers: readonly number[]): number {
  return rounded(numbers.reduce((total, one) => total + one, 0));
}

/** Rounds away errors of binary fractions. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

/** A clause for one id, or none. */
export function only(name: string, id: number | undefined): Clause[] {
  return id === undefined ? [] : [equal(name, id)];
}

/** Groups items by a numeric key. */
export function groupedBy<T>(all: readonly T[], keyOf: (one: T) => number): ReadonlyMap<number, readonly T[]> {
  const groups = new Map<number, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group === undefined) groups.set(keyOf(one), [one]);
    else group.push(one);
  }
  return groups;
}
