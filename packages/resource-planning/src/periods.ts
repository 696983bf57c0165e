import { addDays, type DayRange, earlier, firstOfMonth, mondayOf } from './day.js';

/** The granularity of Float's reports. */
export type Density = 'day' | 'week' | 'month';

/** Splits a range into days, weeks from Monday, or calendar months. The first and last period are cut at its ends. */
export function periodsOf(range: DayRange, density: Density): DayRange[] {
  const periods: DayRange[] = [];
  for (let from = range.from; from <= range.to; ) {
    const next = startOfNext(from, density);
    periods.push({ from, to: earlier(addDays(next, -1), range.to) });
    from = next;
  }
  return periods;
}

function startOfNext(day: string, density: Density): string {
  if (density === 'month') return firstOfMonth(day, 1);
  return density === 'week' ? addDays(mondayOf(day), 7) : addDays(day, 1);
}
