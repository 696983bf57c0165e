import { type Calendar, calendarOf } from '../calendar.js';
import type { Day, DayRange } from '../day.js';
import { PlanningError } from '../errors.js';
import { decimalOf, numberOf, quotient, times } from '../money/decimal.js';
import type { Person, Plan } from '../types.js';
import { workDays } from '../work.js';
import { tidyHours } from '../workload.js';

/** How people say how much: hours of each day, a share of the day, or hours in all. */
export type Amount = { readonly hoursPerDay: number } | { readonly percent: number } | { readonly totalHours: number };

export interface Booking {
  /** What Float stores: the same on every day. */
  readonly hoursPerDay: number;
  /** The days it takes place on. */
  readonly days: readonly Day[];
  readonly totalHours: number;
  /** What was asked for in all and does not divide by the days; negative when a little more is booked. */
  readonly notBooked: number;
}

const MOST_HOURS_A_DAY = 24;
const HOUR_PLACES = 2;

/**
 * What to write to book somebody. As Float does with a fixed end date, a total is spread evenly over the available working
 * days. A share is one of the person's mean working day, because an allocation has the same hours on each of its days.
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
  const hoursPerDay = hoursOf(amount, calendar, days);
  if (!(hoursPerDay > 0 && hoursPerDay <= MOST_HOURS_A_DAY)) {
    const problem = `That is ${hoursPerDay} hours on each of ${days.length} days for ${person.name}.`;
    throw new PlanningError('hours-out-of-range', `${problem} A day takes more than 0 and at most 24.`);
  }
  const totalHours = numberOf(times(decimalOf(hoursPerDay), decimalOf(days.length)));
  const notBooked = 'totalHours' in amount ? tidyHours(amount.totalHours - totalHours) : 0;
  return { hoursPerDay, days, totalHours, notBooked };
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
