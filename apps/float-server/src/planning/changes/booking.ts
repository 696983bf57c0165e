import { type Calendar, calendarOf } from '../calendar.js';
import type { Day, DayRange } from '../day.js';
import { PlanningError } from '../errors.js';
import { decimalOf, numberOf, quotient, sumOf, times } from '../money/decimal.js';
import type { Person, Plan } from '../types.js';
import { workDays } from '../work.js';
import { tidyHours } from '../workload.js';

/** How people say how much: hours of each day, a share of the day, or hours in all. */
export type Amount = { readonly hoursPerDay: number } | { readonly percent: number } | { readonly totalHours: number };

/** What Float stores as one allocation: the same hours on each day. */
export interface BookingPart extends DayRange {
  readonly hoursPerDay: number;
  /** The days it takes place on. */
  readonly days: readonly Day[];
}

export interface Booking {
  /** At least one; several where a share of days of different length was asked for. */
  readonly parts: readonly [BookingPart, ...BookingPart[]];
  readonly days: readonly Day[];
  readonly totalHours: number;
  /** What was asked for in all and does not divide by the days; negative when a little more is booked. */
  readonly notBooked: number;
  /** The days change their length too often: a share is one of the mean day. */
  readonly isMean: boolean;
}

const MOST_HOURS_A_DAY = 24;
const HOUR_PLACES = 2;
/** With more runs, a share is one of the mean day, in one allocation. */
const MOST_PARTS = 12;

/**
 * What to write to book somebody. As Float does with a fixed end date, a total is spread evenly over the available working
 * days. A share is one of each day: where the days change their length, as with other contracts or a short Friday, each
 * run of equal days is an allocation of its own.
 *
 * @throws PlanningError when there is no day for it, or no day is long enough.
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
  const isMean = runs.length > MOST_PARTS;
  const [first, ...rest] = (isMean ? [days] : runs).map((run) => partOf(run, { amount, calendar }));
  if (first === undefined) throw new TypeError('days make at least one run');
  const parts = [first, ...rest].length === 1 ? ([{ ...first, ...range }] as const) : ([first, ...rest] as const);
  for (const { hoursPerDay, days: own } of parts) {
    if (hoursPerDay > 0 && hoursPerDay <= MOST_HOURS_A_DAY) continue;
    const problem = `That is ${hoursPerDay} hours on each of ${own.length} days for ${person.name}.`;
    throw new PlanningError('hours-out-of-range', `${problem} A day takes more than 0 and at most 24.`);
  }
  const hours = parts.map(({ hoursPerDay, days: own }) => times(decimalOf(hoursPerDay), decimalOf(own.length)));
  const totalHours = numberOf(sumOf(hours));
  const notBooked = 'totalHours' in amount ? tidyHours(amount.totalHours - totalHours) : 0;
  return { parts, days, totalHours, notBooked, isMean };
}

interface Measure {
  readonly amount: Amount;
  readonly calendar: Calendar;
}

function partOf(days: readonly Day[], { amount, calendar }: Measure): BookingPart {
  return { from: days[0] ?? '', to: days.at(-1) ?? '', days, hoursPerDay: hoursOf(amount, calendar, days) };
}

/** Days in order, cut where their length by contract changes. */
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
  const hours = tidyHours(days.reduce((sum, day) => sum + calendar.normalHours(day), 0));
  return share(hours, amount.percent, days.length * 100);
}

function share(hours: number, factor: number, divisor: number): number {
  const exact = quotient(times(decimalOf(hours), decimalOf(factor)), decimalOf(divisor), HOUR_PLACES);
  return exact === undefined ? 0 : numberOf(exact);
}
