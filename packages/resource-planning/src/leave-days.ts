import type { Day, DayRange } from './day.js';
import { occupiedDays } from './recurrence.js';
import type { Leave } from './types.js';

/** Leave of one person by day, confirmed and tentative. A day may have several. */
export function leaveByDay<L extends Leave>(personId: number, all: readonly L[], range: DayRange): Map<Day, L[]> {
  const byDay = new Map<Day, L[]>();
  for (const leave of all) {
    if (!leave.personIds.includes(personId)) continue;
    for (const day of occupiedDays(leave, range)) byDay.set(day, [...(byDay.get(day) ?? []), leave]);
  }
  return byDay;
}

/**
 * Hours of leave; `Infinity` if any of it is a full day. Several records add up, as Float places them one after the
 * other.
 */
export function hoursOfLeave(leave: readonly Leave[]): number {
  return leave.reduce((sum, { hoursPerDay }) => sum + (hoursPerDay ?? Number.POSITIVE_INFINITY), 0);
}
