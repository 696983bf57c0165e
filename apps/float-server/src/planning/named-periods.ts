/** Periods that have a name, as days of the calendar. Weeks run from Monday to Sunday. */
import {
  addDays,
  addMonths,
  type Day,
  type DayRange,
  daysFrom,
  firstOfMonth,
  isDay,
  mondayOf,
  monthsFrom,
  weekday,
} from './day.js';

export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
export const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
export const NUMBERS = [
  'a',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];
export const STEPS: Readonly<Record<string, number>> = {
  last: -1,
  previous: -1,
  this: 0,
  current: 0,
  next: 1,
  coming: 1,
  upcoming: 1,
  following: 1,
};
const MONTHS_OF: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 };

export function single(day: Day): DayRange {
  return { from: day, to: day };
}

/** `undefined` for a day that is on no calendar, such as 2026-02-30. */
export function dayOrNone(day: Day | undefined): DayRange | undefined {
  return day !== undefined && isDay(day) ? single(day) : undefined;
}

export function dayOf(year: string | undefined, month: number, day: string | undefined): DayRange | undefined {
  return dayOrNone(`${year}-${padded(month)}-${padded(Number(day))}`);
}

interface NamedDay {
  readonly month: string | undefined;
  readonly day: string | undefined;
  readonly lastDay?: string | undefined;
  readonly year: string | undefined;
}

/** Without a year, the one in which the month is nearest. */
export function dayOfMonth({ month, day, lastDay = day, year }: NamedDay, today: Day): DayRange | undefined {
  const number = monthNumber(month);
  const inYear = year ?? namedMonth(month, undefined, today)?.from.slice(0, 4);
  const [first, last] = [dayOf(inYear, number, day), dayOf(inYear, number, lastDay)];
  return first === undefined || last === undefined ? undefined : { from: first.from, to: last.to };
}

/** That day of the week, today or after it. */
export function comingDay(name: string | undefined, today: Day): Day {
  const wanted = WEEKDAYS.findIndex((one) => one.startsWith((name ?? '').slice(0, 3)));
  return addDays(today, (wanted - weekday(today) + 7) % 7);
}

export function weeks(monday: Day, count: number): DayRange {
  return { from: monday, to: addDays(monday, 7 * count - 1) };
}

export function weekend(today: Day): DayRange {
  const saturday = addDays(mondayOf(today), 5);
  return { from: saturday, to: addDays(saturday, 1) };
}

export function calendar(which: string | undefined, unit: string | undefined, today: Day): DayRange {
  const step = STEPS[which ?? ''] ?? 0;
  const months = MONTHS_OF[unit ?? ''];
  if (months === undefined) return weeks(addDays(mondayOf(today), step * 7), 1);
  const month = Number(today.slice(5, 7)) - 1;
  const from = firstOfMonth(today, step * months - (month % months));
  return { from, to: addDays(firstOfMonth(from, months), -1) };
}

export function shifted(day: Day, count: number, unit: string | undefined): Day {
  const months = MONTHS_OF[unit ?? ''];
  return months === undefined ? addDays(day, unit === 'week' ? count * 7 : count) : addMonths(day, count * months);
}

export function ahead(count: number, unit: string | undefined, today: Day): DayRange | undefined {
  if (count === 0) return undefined;
  const end = shifted(today, count, unit);
  // The last day of a shorter month is no day too many.
  const isShorter = MONTHS_OF[unit ?? ''] !== undefined && end.slice(8) !== today.slice(8);
  return { from: today, to: isShorter ? end : addDays(end, -1) };
}

export function back(count: number, unit: string | undefined, today: Day): DayRange | undefined {
  return count === 0 ? undefined : { from: addDays(shifted(today, -count, unit), 1), to: today };
}

export function restOf(unit: string | undefined, today: Day): DayRange {
  return { from: today, to: calendar('this', unit, today).to };
}

export function soFar(unit: string | undefined, today: Day): DayRange {
  return { from: calendar('this', unit, today).from, to: today };
}

/** Of whole months, from the first of one. */
export function monthOf(year: number, month: number, count = 1): DayRange | undefined {
  const first = `${String(year).padStart(4, '0')}-${padded(month)}-01`;
  return isDay(first) ? { from: first, to: addDays(firstOfMonth(first, count), -1) } : undefined;
}

export function namedMonth(name: string | undefined, year: string | undefined, today: Day): DayRange | undefined {
  return nearest({ first: monthNumber(name), months: 1 }, year, today);
}

interface YearlyPeriod {
  /** Its first month, from 1. */
  readonly first: number;
  readonly months: number;
}

/** In the given year, else the one of last, this and next year whose middle lies nearest to today. */
export function nearest({ first, months }: YearlyPeriod, year: string | undefined, today: Day): DayRange | undefined {
  if (year !== undefined) return monthOf(Number(year), first, months);
  const thisYear = Number(today.slice(0, 4));
  const middle = (range: DayRange) => monthsFrom(today, range.from) + (months - 1) / 2;
  return [thisYear, thisYear + 1, thisYear - 1]
    .flatMap((one) => monthOf(one, first, months) ?? [])
    .sort((a, b) => Math.abs(middle(a)) - Math.abs(middle(b)))[0];
}

function monthNumber(name: string | undefined): number {
  return MONTHS.findIndex((one) => one.startsWith((name ?? '').slice(0, 3))) + 1;
}

/** ISO 8601: week 1 is the week with 4 January in it. A year has 52 or 53. */
export function isoWeek(week: number, year: number): DayRange | undefined {
  const weekOne = mondayOf(`${String(year).padStart(4, '0')}-01-04`);
  const monday = addDays(weekOne, (week - 1) * 7);
  const thursday = addDays(monday, 3);
  if (week < 1 || Number(thursday.slice(0, 4)) !== year) return undefined;
  return weeks(monday, 1);
}

/** Without a year, the one in which that week is nearest. */
export function nearestWeek(week: number, today: Day): DayRange | undefined {
  const thisYear = Number(today.slice(0, 4));
  const distance = ({ from }: DayRange) => Math.abs(daysFrom(today, from));
  return [thisYear, thisYear + 1, thisYear - 1]
    .flatMap((year) => isoWeek(week, year) ?? [])
    .sort((a, b) => distance(a) - distance(b))[0];
}

export function numberOf(text: string | undefined): number {
  const word = NUMBERS.indexOf(text ?? '');
  return word === -1 ? Number(text) : Math.max(1, word);
}

function padded(number: number): string {
  return String(number).padStart(2, '0');
}
