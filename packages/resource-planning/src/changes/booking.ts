import { type Calendar, calendarOf } from '../calendar.js';
import type { Day, DayRange } from '../day.js';
import { PlanningError } from '../errors.js';
import { decimalOf, numberOf, quotient, sumOf, times } from '../money/decimal.js';
import type { Person, Plan } from '../types.js';
import { workDays } from '../work.js';
import { roundHours } from '../workload.js';

/** An amount of work: hours per day, a percentage of the working day, or total hours. */
export type Amount = { readonly hoursPerDay: number } | { readonly percent: number } | { readonly totalHours: number };

/** One allocation of Float: the same hours on each day. */
export interface BookingPart extends DayRange {
  readonly hoursPerDay: number;
  /** The working days it covers. */
  readonly days: readonly Day[];
}

/** The allocations that carry out a booking. */
export interface Booking {
  /** At least one; several if a percentage is booked on days of different length. */
  readonly parts: readonly [BookingPart, ...BookingPart[]];
  readonly days: readonly Day[];
  readonly totalHours: number;
  /** Hours of the requested total lost to rounding; negative if slightly more is booked. */
  readonly notBooked: number;
  /** Whether a percentage applies to the mean day, because the days change their length too often. */
  readonly isMean: boolean;
}

const MAX_HOURS_PER_DAY = 24;
const HOUR_PLACES = 2;
/** Beyond this number of runs a percentage applies to the mean day, in one allocation. */
const MAX_PARTS = 12;

/**
 * Computes the allocations for a booking. A total is spread evenly over the working days, as Float does with a fixed end
 * date. A percentage applies to each day: where days change their length, because of another contract or a short Friday,
 * each run of equal days becomes one allocation.
 *
 * @throws PlanningError if the range has no working day, or the hours exceed a day
 */
export function bookingFor(
  person: Person,
  world: Pick<Plan, 'holidays' | 'leave'>,
  range: DayRange,
  amount: Amount,
): Booking {
  const calendar = calendarOf(person, world, range);
  const block = { id: 0, personIds: [person.id], hoursPerDay: 0, status: 'confirmed', ...range } as const;
  const days = workDays(block, calendar, range);
  if (days.length === 0) {
    throw new PlanningError('no-working-day', `${person.name} is away from ${range.from} to ${range.to}.`);
  }
  const runs = 'percent' in amount ? runsOfEqualDays(days, calendar) : [days];
  const isMean = runs.length > MAX_PARTS;
  const [first, ...rest] = (isMean ? [days] : runs).map((run) => partOf(run, { amount, calendar }));
  if (first === undefined) throw new TypeError('days make at least one run');
  const parts = [first, ...rest].length === 1 ? ([{ ...first, ...range }] as const) : ([first, ...rest] as const);
  for (const { hoursPerDay, days: own } of parts) {
    if (hoursPerDay > 0 && hoursPerDay <= MAX_HOURS_PER_DAY) continue;
    const problem = `That is ${hoursPerDay} hours on each of ${own.length} days for ${person.name}.`;
    throw new PlanningError('hours-out-of-range', `${problem} A day takes more than 0 and at most 24.`);
  }
  const hours = parts.map(({ hoursPerDay, days: own }) => times(decimalOf(hoursPerDay), decimalOf(own.length)));
  const totalHours = numberOf(sumOf(hours));
  const notBooked = 'totalHours' in amount ? roundHours(amount.totalHours - totalHours) : 0;
  return { parts, days, totalHours, notBooked, isMean };
}

interface Measure {
  readonly amount: Amount;
  readonly calendar: Calendar;
}

function partOf(days: readonly Day[], { amount, calendar }: Measure): BookingPart {
  return { from: days[0] ?? '', to: days.at(-1) ?? '', days, hoursPerDay: hoursOf(amount, calendar, days) };
}

/** Splits ordered days wherever their contractual hours change. */
function runsOfEqualDays(days: readonly Day[], calendar: Calendar): Day[][] {
  const runs: Day[][] = [];
  let length: number | undefined;
  for (const day of days) {
    const own = calendar.normalHours(day);
    if (own === length) runs.at(-1)?.push(day);
    else runs.push([day]);
    length = own;
  }
  return runs;
}

function hoursOf(amount: Amount, calendar: Calendar, days: readonly Day[]): number {
  if ('hoursPerDay' in amount) return amount.hoursPerDay;
  if ('totalHours' in amount) return share(amount.totalHours, 1, days.length);
  const hours = roundHours(days.reduce((sum, day) => sum + calendar.normalHours(day), 0));
  return share(hours, amount.percent, days.length * 100);
}

function share(hours: number, factor: number, divisor: number): number {
  const exact = quotient(times(decimalOf(hours), decimalOf(factor)), decimalOf(divisor), HOUR_PLACES);
  return exact === undefined ? 0 : numberOf(exact);
}
