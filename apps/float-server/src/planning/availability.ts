import type { Day } from './day.js';
import type { PersonDay } from './types.js';
import { tidyHours } from './workload.js';

export interface Need {
  /** In all. */
  readonly hours: number;
  /** No more than this on one day, for work that is to go on beside other work. */
  readonly mostPerDay?: number | undefined;
}

export interface Fit {
  readonly start: Day;
  readonly finish: Day;
  readonly days: readonly { readonly day: Day; readonly hours: number }[];
}

/** The earliest days on which somebody can do it: free hours in order until they suffice. `undefined` when they never do. */
export function earliestFit(days: readonly Pick<PersonDay, 'day' | 'free'>[], need: Need): Fit | undefined {
  const taken: { day: Day; hours: number }[] = [];
  let left = need.hours;
  for (const { day, free } of days) {
    const hours = Math.min(free, need.mostPerDay ?? free, left);
    if (hours <= 0) continue;
    taken.push({ day, hours });
    left = tidyHours(left - hours);
    const [first] = taken;
    if (left <= 0 && first !== undefined) return { start: first.day, finish: day, days: taken };
  }
  return undefined;
}

/** For sorting: whoever is done first, and of those whoever can start first. People who cannot do it come last. */
export function soonerFit(a: Fit | undefined, b: Fit | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return order(a.finish, b.finish) || order(a.start, b.start);
}

function order(a: Day, b: Day): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
