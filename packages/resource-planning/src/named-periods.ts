/** Named periods as ranges of days. Weeks run from Monday to Sunday. */
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

/** Names of weekdays, from Sunday. */
export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
/** Names of months. */
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
/** Number words; the index is the number, except for "a". */
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
/** Words for relative periods, with the number of periods they step. */
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

/** The range of one day. */
export function single(day: Day): DayRange {
  return { from: day, to: day };
}

/** The range of one day; undefined if the calendar lacks it, such as 2026-02-30. */
export function dayOrNone(day: Day | undefined): DayRange | undefined {
  return day !== undefined && isDay(day) ? single(day) : undefined;
}

/** The range of a day given by numbers. */
export function dayOf(year: string | undefined, month: number, day: string | undefined): DayRange | undefined {
  return dayOrNone(`${year}-${padded(month)}-${padded(Number(day))}`);
}

interface NamedDay {
  readonly month: string | undefined;
  readonly day: string | undefined;
  readonly lastDay?: string | undefined;
  readonly year: string | undefined;
}

/** A day, or days, of a named month. Without a year, in the nearest such month. */
export function dayOfMonth({ month, day, lastDay = day, year }: NamedDay, today: Day): DayRange | undefined {
  const number = monthNumber(month);
  const inYear = year ?? namedMonth(month, undefined, today)?.from.slice(0, 4);
  const [first, last] = [dayOf(inYear, number, day), dayOf(inYear, number, lastDay)];
  return first === undefined || last === undefined ? undefined : { from: first.from, to: last.to };
}

/** The next such weekday, today included. */
export function comingDay(name: string | undefined, today: Day): Day {
  const wanted = WEEKDAYS.findIndex((one) => one.startsWith((name ?? '').slice(0, 3)));
  return addDays(today, (wanted - weekday(today) + 7) % 7);
}

/** A number of weeks. */
export function weeks(monday: Day, count: number): DayRange {
  return { from: monday, to: addDays(monday, 7 * count - 1) };
}

/** The weekend of a day's week. */
export function weekend(today: Day): DayRange {
  const saturday = addDays(mondayOf(today), 5);
  return { from: saturday, to: addDays(saturday, 1) };
}

/** A calendar week, month, quarter or year relative to today. */
export function calendar(which: string | undefined, unit: string | undefined, today: Day): DayRange {
  const step = STEPS[which ?? ''] ?? 0;
  const months = MONTHS_OF[unit ?? ''];
  if (months === undefined) return weeks(addDays(mondayOf(today), step * 7), 1);
  const month = Number(today.slice(5, 7)) - 1;
  const from = firstOfMonth(today, step * months - (month % months));
  return { from, to: addDays(firstOfMonth(from, months), -1) };
}

/** The day a number of units later. */
export function shifted(day: Day, count: number, unit: string | undefined): Day {
  const months = MONTHS_OF[unit ?? ''];
  return months === undefined ? addDays(day, unit === 'week' ? count * 7 : count) : addMonths(day, count * months);
}

/** The given number of units from today on. */
export function nextPeriod(count: number, unit: string | undefined, today: Day): DayRange | undefined {
  if (count === 0) return undefined;
  const end = shifted(today, count, unit);
  // The clamped last day of a shorter month already belongs to the period.
  const isShorter = MONTHS_OF[unit ?? ''] !== undefined && end.slice(8) !== today.slice(8);
  return { from: today, to: isShorter ? end : addDays(end, -1) };
}

/** The given number of units up to today. */
export function pastPeriod(count: number, unit: string | undefined, today: Day): DayRange | undefined {
  return count === 0 ? undefined : { from: addDays(shifted(today, -count, unit), 1), to: today };
}

/** The current unit from today on. */
export function restOf(unit: string | undefined, today: Day): DayRange {
  return { from: today, to: calendar('this', unit, today).to };
}

/** The current unit up to today. */
export function soFar(unit: string | undefined, today: Day): DayRange {
  return { from: calendar('this', unit, today).from, to: today };
}

/** A number of whole months; undefined outside the calendar. */
export function monthOf(year: number, month: number, count = 1): DayRange | undefined {
  const first = `${String(year).padStart(4, '0')}-${padded(month)}-01`;
  return isDay(first) ? { from: first, to: addDays(firstOfMonth(first, count), -1) } : undefined;
}

/** A named month. Without a year, the nearest. */
export function namedMonth(name: string | undefined, year: string | undefined, today: Day): DayRange | undefined {
  return nearest({ first: monthNumber(name), months: 1 }, year, today);
}

interface YearlyPeriod {
  /** Its first month, from 1. */
  readonly first: number;
  readonly months: number;
}

/**
 * A period in the given year; without a year, in the last, current or next one, whichever middle is nearest to today.
 */
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

/** An ISO 8601 week: week 1 contains 4 January. Undefined if the year has no such week. */
export function isoWeek(week: number, year: number): DayRange | undefined {
  const weekOne = mondayOf(`${String(year).padStart(4, '0')}-01-04`);
  const monday = addDays(weekOne, (week - 1) * 7);
  const thursday = addDays(monday, 3);
  if (week < 1 || Number(thursday.slice(0, 4)) !== year) return undefined;
  return weeks(monday, 1);
}

/** The nearest week with a number. */
export function nearestWeek(week: number, today: Day): DayRange | undefined {
  const thisYear = Number(today.slice(0, 4));
  const distance = ({ from }: DayRange) => Math.abs(daysFrom(today, from));
  return [thisYear, thisYear + 1, thisYear - 1]
    .flatMap((year) => isoWeek(week, year) ?? [])
    .sort((a, b) => distance(a) - distance(b))[0];
}

/** The number of digits or a number word. */
export function numberOf(text: string | undefined): number {
  const word = NUMBERS.indexOf(text ?? '');
  return word === -1 ? Number(text) : Math.max(1, word);
}

function padded(number: number): string {
  return String(number).padStart(2, '0');
}
