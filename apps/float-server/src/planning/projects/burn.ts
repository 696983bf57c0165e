import { addDays, type Day, type DayRange, dayCount, later } from '../day.js';
import { compare, type Decimal, decimalOf, minus, quotient, sumOf, times, ZERO } from '../money/decimal.js';
import { periodsOf } from '../periods.js';
import type { Use } from './budget-use.js';

export interface Burn {
  /** Before today. */
  readonly spent: Decimal;
  /** From today on. */
  readonly committed: Decimal;
}

export interface WeekOfBurn extends DayRange {
  readonly used: Decimal;
}

export interface RunOut {
  /** The day whose work takes the last of the budget. */
  readonly usedUpOn?: Day | undefined;
  /** The first day with work that the budget no longer covers. */
  readonly exceededOn?: Day | undefined;
}

const DAYS_A_WEEK = decimalOf(7);
/** A budget that lasts longer at the present pace is not running out. */
const HORIZON_DAYS = 3660;
const PACE_PLACES = 6;

/** Where the line between spent and committed lies: today's work is still ahead. */
export function burnOf(uses: readonly Use[], today: Day): Burn {
  const [before, after] = [uses.filter(({ day }) => day < today), uses.filter(({ day }) => day >= today)];
  return { spent: sumOf(before.map(({ amount }) => amount)), committed: sumOf(after.map(({ amount }) => amount)) };
}

/** What each calendar week of the range takes, also those that take nothing. */
export function burnByWeek(uses: readonly Use[], range: DayRange): WeekOfBurn[] {
  return periodsOf(range, 'week').map(({ from, to }) => {
    const inside = uses.filter(({ day }) => from <= day && day <= to);
    return { from, to, used: sumOf(inside.map(({ amount }) => amount)) };
  });
}

/** The mean per seven days of the range, however many weeks it touches. */
export function pacePerWeek(uses: readonly Use[], range: DayRange): Decimal {
  const inside = uses.filter(({ day }) => range.from <= day && day <= range.to);
  const used = times(sumOf(inside.map(({ amount }) => amount)), DAYS_A_WEEK);
  return quotient(used, decimalOf(dayCount(range)), PACE_PLACES) ?? ZERO;
}

/** When the work in hand uses a budget up. A budget of 0 or less is used up by the first work there is. */
export function runOutOf(total: Decimal | undefined, uses: readonly Use[]): RunOut {
  if (total === undefined) return {};
  let used = ZERO;
  let usedUpOn: Day | undefined;
  for (const [day, amount] of byDay(uses)) {
    used = sumOf([used, amount]);
    const left = compare(total, used);
    if (left <= 0) usedUpOn ??= day;
    if (left < 0) return { usedUpOn, exceededOn: day };
  }
  return { usedUpOn };
}

/**
 * The day on which a budget is used up if work goes on from `from` at a pace: a guess for plans that end before their
 * budget does. `undefined` at a standstill, or when it lasts for ten years.
 */
export function runOutAtPace(remaining: Decimal, perWeek: Decimal, from: Day): Day | undefined {
  if (compare(perWeek, ZERO) <= 0) return undefined;
  if (compare(remaining, ZERO) <= 0) return from;
  const weeks = times(remaining, DAYS_A_WEEK);
  const whole = quotient(weeks, perWeek, 0) ?? ZERO;
  // Rounded to the nearest day; the budget ends on the day that is begun.
  const days = compare(times(whole, perWeek), weeks) < 0 ? minus(whole, decimalOf(-1)) : whole;
  if (compare(days, decimalOf(HORIZON_DAYS)) > 0) return undefined;
  return addDays(from, Number(days.units) - 1);
}

const FIFTH = decimalOf(5);
/** Weeks. */
const WINDOW = 4;

/**
 * The day after the last on which the plan of the work goes on: in weeks that take at least a fifth of the pace and of the
 * busiest week ahead, alone and as the mean of four beside them. What is thinner, such as a meeting once a month for years,
 * says nothing of how long the work lasts.
 */
export function endOfPlan(uses: readonly Use[], perWeek: Decimal, today: Day): Day {
  const ahead = uses.filter(({ day }) => day >= today);
  const last = ahead.map(({ day }) => day).reduce(later, today);
  const weeks = burnByWeek(ahead, { from: today, to: last });
  const busiest = [perWeek, ...weeks.map(({ used }) => used)].reduce((a, b) => (compare(a, b) >= 0 ? a : b));
  const isDense = (used: Decimal, count: number) => compare(times(used, FIFTH), times(busiest, decimalOf(count))) >= 0;
  const sumFrom = (at: number) => sumOf(weeks.slice(Math.max(0, at), Math.max(0, at) + WINDOW).map(({ used }) => used));
  const goesOn = weeks.filter(
    ({ used }, at) => isDense(used, 1) && [at, at - WINDOW + 1].some((from) => isDense(sumFrom(from), WINDOW)),
  );
  const end = goesOn.at(-1)?.to;
  const days = end === undefined ? [] : ahead.filter(({ day }) => day <= end).map(({ day }) => addDays(day, 1));
  return days.reduce(later, today);
}

/** Days without any use are left out: an entry of 0 hours takes nothing. */
function byDay(uses: readonly Use[]): [Day, Decimal][] {
  const days = new Map<Day, Decimal>();
  for (const { day, amount } of uses) days.set(day, sumOf([days.get(day) ?? ZERO, amount]));
  return [...days].filter(([, amount]) => amount.units !== 0n).sort(([a], [b]) => (a < b ? -1 : 1));
}
