import { type DayRange, eachDay, weekday } from './day.js';
import { PlanningError } from './errors.js';
import { periodsOf } from './periods.js';
import type { PersonDay } from './types.js';
import { tidyHours } from './workload.js';

/** Hours a project would need from people of one kind. */
export interface Demand {
  /** What a person has to be or have: a role, a tag. */
  readonly key: string;
  readonly hours: number;
}

/** Somebody who could work on it, with the kinds of demand they can meet. */
export interface Supply {
  readonly keys: readonly string[];
  readonly days: readonly Pick<PersonDay, 'day' | 'free'>[];
}

export interface DemandLine extends Demand {
  /** Free hours of everybody who could meet it. Somebody of two kinds is in both. */
  readonly free: number;
  /** What is missing even if nobody works on anything else. */
  readonly shortfall: number;
}

export interface WeekOfDemand extends DayRange {
  readonly lines: readonly DemandLine[];
  /** What is missing in all, when everybody's free hours are given out once and as well as possible. */
  readonly shortfall: number;
}

/** Every set of demands is looked at, so there is an end to how many there may be. */
const MOST_DEMANDS = 12;

/**
 * Can we take it on? The hours of each demand are spread evenly over the Mondays to Fridays of the range and compared
 * week by week with the free hours of those who fit.
 */
export function demandByWeek(demands: readonly Demand[], supply: readonly Supply[], range: DayRange): WeekOfDemand[] {
  if (demands.length > MOST_DEMANDS) {
    throw new PlanningError('too-many-demands', `Ask for at most ${MOST_DEMANDS} roles or tags at a time.`);
  }
  const weeks = periodsOf(range, 'week');
  const weights = weeks.map(weekdaysIn);
  const spread = demands.map(({ hours }) => spreadHours(hours, weights));
  return weeks.map((week, index) => {
    const asked = demands.map(({ key }, row) => ({ key, hours: spread[row]?.[index] ?? 0 }));
    const pools = supply.map(({ keys, days }) => ({ keys, free: freeIn(days, week) }));
    const lines = asked.map((demand) => lineOf(demand, pools));
    return { ...week, lines, shortfall: jointShortfall(asked, pools) };
  });
}

export interface TotalDemand {
  /** Free hours of everybody who can do any of it, each counted once. */
  readonly free: number;
  /** What is missing when everybody's free hours are given out once and as well as possible. */
  readonly shortfall: number;
}

/** The same over the whole range: whether the hours are there at all, on whichever of its days. */
export function demandInTotal(demands: readonly Demand[], supply: readonly Supply[], range: DayRange): TotalDemand {
  const pools = supply.map(({ keys, days }) => ({ keys, free: freeIn(days, range) }));
  return { free: freeFor(demands, pools), shortfall: jointShortfall(demands, pools) };
}

/** In hundredths of an hour, in proportion to the weights, and exactly the total: the last parts take what rounding leaves. */
export function spreadHours(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, one) => all + one, 0);
  const hundredths = Math.round(total * 100);
  let [weight, given] = [0, 0];
  return weights.map((one) => {
    weight += one;
    const upToHere = sum === 0 ? 0 : Math.round((hundredths * weight) / sum);
    const part = upToHere - given;
    given = upToHere;
    return part / 100;
  });
}

interface Pool {
  readonly keys: readonly string[];
  readonly free: number;
}

function lineOf(demand: Demand, pools: readonly Pool[]): DemandLine {
  const free = freeFor([demand], pools);
  return { ...demand, free, shortfall: tidyHours(Math.max(0, demand.hours - free)) };
}

/**
 * Of all sets of demands, the most by which one exceeds the free hours of everybody who can do any of it. By the theorem
 * of maximum flow and minimum cut that is exactly what the best possible assignment leaves undone.
 */
function jointShortfall(demands: readonly Demand[], pools: readonly Pool[]): number {
  let worst = 0;
  for (let set = 1; set < 2 ** demands.length; set += 1) {
    const chosen = demands.filter((_, index) => (set >> index) % 2 === 1);
    const hours = chosen.reduce((sum, one) => sum + one.hours, 0);
    worst = Math.max(worst, hours - freeFor(chosen, pools));
  }
  return tidyHours(worst);
}

function freeFor(demands: readonly Demand[], pools: readonly Pool[]): number {
  const keys = new Set(demands.map(({ key }) => key));
  const fitting = pools.filter((pool) => pool.keys.some((key) => keys.has(key)));
  return tidyHours(fitting.reduce((sum, { free }) => sum + free, 0));
}

function freeIn(days: Supply['days'], { from, to }: DayRange): number {
  return days.reduce((sum, { day, free }) => (from <= day && day <= to ? sum + free : sum), 0);
}

function weekdaysIn(week: DayRange): number {
  return eachDay(week).filter((day) => weekday(day) >= 1 && weekday(day) <= 5).length;
}
