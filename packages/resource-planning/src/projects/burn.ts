import { addDays, type Day, type DayRange, dayCount, later } from '../day.js';
import { compare, type Decimal, decimalOf, minus, quotient, sumOf, times, ZERO } from '../money/decimal.js';
import { periodsOf } from '../periods.js';
import type { Use } from './budget-use.js';

/** The uses of a budget in past and future. */
export interface Burn {
  /** Before today. */
  readonly spent: Decimal;
  /** From today on. */
  readonly committed: Decimal;
}

/** The use of a budget in one week. */
export interface WeekOfBurn extends DayRange {
  readonly used: Decimal;
}

/** The days on which a budget ends. */
export interface RunOut {
  /** The day whose work uses the last of the budget. */
  readonly usedUpOn?: Day | undefined;
  /** The first day with work beyond the budget. */
  readonly exceededOn?: Day | undefined;
}

const DAYS_A_WEEK = decimalOf(7);
/** Days after which a forecast counts as "not running out". */
const HORIZON_DAYS = 3660;
const PACE_PLACES = 6;

/** Splits the uses into past and future; today belongs to the future. */
export function burnOf(uses: readonly Use[], today: Day): Burn {
  const [before, after] = [uses.filter(({ day }) => day < today), uses.filter(({ day }) => day >= today)];
  return { spent: sumOf(before.map(({ amount }) => amount)), committed: sumOf(after.map(({ amount }) => amount)) };
}

/** The use of each calendar week of the range, including weeks without any. */
export function burnByWeek(uses: readonly Use[], range: DayRange): WeekOfBurn[] {
  return periodsOf(range, 'week').map(({ from, to }) => {
    const inside = uses.filter(({ day }) => from <= day && day <= to);
    return { from, to, used: sumOf(inside.map(({ amount }) => amount)) };
  });
}

/** Mean use per seven days of the range. */
export function pacePerWeek(uses: readonly Use[], range: DayRange): Decimal {
  const inside = uses.filter(({ day }) => range.from <= day && day <= range.to);
  const used = times(sumOf(inside.map(({ amount }) => amount)), DAYS_A_WEEK);
  return quotient(used, decimalOf(dayCount(range)), PACE_PLACES) ?? ZERO;
}

/** The days on which planned work uses the budget up. The first work uses up a budget of 0 or less. */
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
 * Forecasts the day on which a budget is used up if work continues from `from` at a pace, for plans that end before their
 * budget. Undefined without any pace, or if the budget lasts ten years.
 */
export function runOutAtPace(remaining: Decimal, perWeek: Decimal, from: Day): Day | undefined {
  if (compare(perWeek, ZERO) <= 0) return undefined;
  if (compare(remaining, ZERO) <= 0) return from;
  const weeks = times(remaining, DAYS_A_WEEK);
  const whole = quotient(weeks, perWeek, 0) ?? ZERO;
  // Rounded up: a day that is begun counts.
  const days = compare(times(whole, perWeek), weeks) < 0 ? minus(whole, decimalOf(-1)) : whole;
  if (compare(days, decimalOf(HORIZON_DAYS)) > 0) return undefined;
  return addDays(from, Number(days.units) - 1);
}

const FIFTH = decimalOf(5);
/** Weeks whose mean must be dense enough. */
const WINDOW = 4;

/**
 * The day after the last one on which planned work continues. A week counts if its use is at least a fifth of the pace and
 * of the busiest week ahead, both alone and as the mean of four adjacent weeks. Thinner work, such as a monthly meeting
 * planned for years, does not show how long the project lasts.
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

/** Use by day; days without any are left out. */
function byDay(uses: readonly Use[]): [Day, Decimal][] {
  const days = new Map<Day, Decimal>();
  for (const { day, amount } of uses) days.set(day, sumOf([days.get(day) ?? ZERO, amount]));
  return [...days].filter(([, amount]) => amount.units !== 0n).sort(([a], [b]) => (a < b ? -1 : 1));
}
