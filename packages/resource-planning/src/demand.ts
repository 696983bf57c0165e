import { type DayRange, eachDay, weekday } from './day.js';
import { PlanningError } from './errors.js';
import { periodsOf } from './periods.js';
import type { PersonDay } from './types.js';
import { roundHours } from './workload.js';

/** Hours a project needs from people of one kind. */
export interface Demand {
  /** The kind of people: a role, a tag, or both. */
  readonly key: string;
  readonly hours: number;
}

/** A person with free hours, and the demands that person can meet. */
export interface Supply {
  readonly keys: readonly string[];
  readonly days: readonly Pick<PersonDay, 'day' | 'free'>[];
}

/** One demand compared with the free hours. */
export interface DemandLine extends Demand {
  /** Free hours of all people who can meet it. A person who fits two demands counts in both. */
  readonly free: number;
  /** Missing hours even if these people work on nothing else. */
  readonly shortfall: number;
}

/** All demands of one week. */
export interface WeekOfDemand extends DayRange {
  readonly lines: readonly DemandLine[];
  /** Hours missing in total, with each person's hours assigned once and as well as possible. */
  readonly shortfall: number;
}

/** Limit, because all subsets of the demands are evaluated. */
const MAX_DEMANDS = 12;

/**
 * Compares demands with free hours week by week. The hours of each demand are spread evenly over the Mondays to Fridays of
 * the range.
 *
 * @throws PlanningError for too many demands
 */
export function demandByWeek(demands: readonly Demand[], supply: readonly Supply[], range: DayRange): WeekOfDemand[] {
  if (demands.length > MAX_DEMANDS) {
    throw new PlanningError('too-many-demands', `Ask for at most ${MAX_DEMANDS} roles or tags at a time.`);
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

/** All demands over a whole range. */
export interface TotalDemand {
  /** Free hours of all people who can meet any demand, each person counted once. */
  readonly free: number;
  /** Hours missing with each person's hours assigned once and as well as possible. */
  readonly shortfall: number;
}

/** Compares demands with free hours over the whole range, regardless of the distribution over its days. */
export function demandInTotal(demands: readonly Demand[], supply: readonly Supply[], range: DayRange): TotalDemand {
  const pools = supply.map(({ keys, days }) => ({ keys, free: freeIn(days, range) }));
  return { free: freeFor(demands, pools), shortfall: jointShortfall(demands, pools) };
}

/** Splits hours in proportion to weights, in hundredths. The parts add up exactly; later parts absorb rounding. */
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
  return { ...demand, free, shortfall: roundHours(Math.max(0, demand.hours - free)) };
}

/**
 * The maximum over all subsets of demands by which the subset exceeds the free hours of the people who can meet any of it.
 * By the max-flow min-cut theorem this equals the hours that the best assignment leaves unmet.
 */
function jointShortfall(demands: readonly Demand[], pools: readonly Pool[]): number {
  let worst = 0;
  for (let set = 1; set < 2 ** demands.length; set += 1) {
    const chosen = demands.filter((_, index) => (set >> index) % 2 === 1);
    const hours = chosen.reduce((sum, one) => sum + one.hours, 0);
    worst = Math.max(worst, hours - freeFor(chosen, pools));
  }
  return roundHours(worst);
}

function freeFor(demands: readonly Demand[], pools: readonly Pool[]): number {
  const keys = new Set(demands.map(({ key }) => key));
  const fitting = pools.filter((pool) => pool.keys.some((key) => keys.has(key)));
  return roundHours(fitting.reduce((sum, { free }) => sum + free, 0));
}

function freeIn(days: Supply['days'], { from, to }: DayRange): number {
  return days.reduce((sum, { day, free }) => (from <= day && day <= to ? sum + free : sum), 0);
}

function weekdaysIn(week: DayRange): number {
  return eachDay(week).filter((day) => weekday(day) >= 1 && weekday(day) <= 5).length;
}
