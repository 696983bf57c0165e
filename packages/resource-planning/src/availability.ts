import type { Day } from './day.js';
import type { PersonDay } from './types.js';
import { roundHours } from './workload.js';

/** Hours of work to place. */
export interface Need {
  /** Total hours. */
  readonly hours: number;
  /** Maximum per day, for work that goes on beside other work. @default no maximum */
  readonly mostPerDay?: number | undefined;
}

/** The days on which work fits. */
export interface Fit {
  readonly start: Day;
  readonly finish: Day;
  readonly days: readonly { readonly day: Day; readonly hours: number }[];
}

/** The earliest days whose free hours suffice; undefined if they never do. */
export function earliestFit(days: readonly Pick<PersonDay, 'day' | 'free'>[], need: Need): Fit | undefined {
  const taken: { day: Day; hours: number }[] = [];
  let left = need.hours;
  for (const { day, free } of days) {
    const hours = Math.min(free, need.mostPerDay ?? free, left);
    if (hours <= 0) continue;
    taken.push({ day, hours });
    left = roundHours(left - hours);
    const [first] = taken;
    if (left <= 0 && first !== undefined) return { start: first.day, finish: day, days: taken };
  }
  return undefined;
}

/** Comparator: earliest finish first, then earliest start. People without a fit come last. */
export function soonerFit(a: Fit | undefined, b: Fit | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return order(a.finish, b.finish) || order(a.start, b.start);
}

function order(a: Day, b: Day): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
