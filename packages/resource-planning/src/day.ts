import { PlanningError } from './errors.js';

/**
 * A calendar day, `YYYY-MM-DD`. Days sort as text. They have no time zone: arithmetic runs on UTC day numbers, where
 * every day has 24 hours, so that no clock change can add or lose one.
 */
export type Day = string;

/** A range of days; both ends are included. */
export interface DayRange {
  readonly from: Day;
  readonly to: Day;
}

const MS_PER_DAY = 86_400_000;
const FORM = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Days since 1970-01-01. @throws PlanningError if the text is no day */
export function dayNumber(day: Day): number {
  const parsed = parse(day);
  if (parsed === undefined) throw new PlanningError('bad-day', `"${day}" is not a day. Write it as YYYY-MM-DD.`);
  return parsed;
}

/** The day with a number of days since 1970-01-01. */
export function dayOf(number: number): Day {
  return new Date(number * MS_PER_DAY).toISOString().slice(0, 10);
}

/** Whether a text is a day of the calendar; false for 2026-02-30. */
export function isDay(text: string): boolean {
  return parse(text) !== undefined;
}

/** The day a number of days later. */
export function addDays(day: Day, days: number): Day {
  return dayOf(dayNumber(day) + days);
}

/** Number of days from one day to another; negative if `to` is earlier. */
export function daysFrom(from: Day, to: Day): number {
  return dayNumber(to) - dayNumber(from);
}

/** 0 for Sunday to 6 for Saturday. 1970-01-01 was a Thursday. */
export function weekday(day: Day): number {
  return (((dayNumber(day) + 4) % 7) + 7) % 7;
}

/** The Monday of a day's week. */
export function mondayOf(day: Day): Day {
  return addDays(day, -((weekday(day) + 6) % 7));
}

/** The first day of the month that is `months` after that of `day`. */
export function firstOfMonth(day: Day, months = 0): Day {
  const [year, month] = yearMonth(day);
  // Date.UTC would map the years 0 to 99 to 1900 to 1999.
  return new Date(new Date(0).setUTCFullYear(year, month - 1 + months, 1)).toISOString().slice(0, 10);
}

/** The same day `months` later; in a shorter month its last day. */
export function addMonths(day: Day, months: number): Day {
  const first = firstOfMonth(day, months);
  const last = addDays(firstOfMonth(day, months + 1), -1);
  return earlier(first.slice(0, 8) + day.slice(8), last);
}

/** Number of months from the month of `from` to that of `to`, ignoring days. */
export function monthsFrom(from: Day, to: Day): number {
  const [fromYear, fromMonth] = yearMonth(from);
  const [toYear, toMonth] = yearMonth(to);
  return (toYear - fromYear) * 12 + toMonth - fromMonth;
}

/** All days of a range. */
export function eachDay(range: DayRange): Day[] {
  const first = dayNumber(range.from);
  return Array.from({ length: Math.max(0, dayCount(range)) }, (_, index) => dayOf(first + index));
}

/** Whether any day of a range matches. Stops at the first match, so that long blocks cost nothing. */
export function someDay(range: DayRange, fits: (day: Day) => boolean): boolean {
  const last = dayNumber(range.to);
  for (let number = dayNumber(range.from); number <= last; number += 1) if (fits(dayOf(number))) return true;
  return false;
}

/** Number of days of a range. */
export function dayCount(range: DayRange): number {
  return daysFrom(range.from, range.to) + 1;
}

/** Whether a range contains a day. */
export function contains(range: DayRange, day: Day): boolean {
  return range.from <= day && day <= range.to;
}

/** The earlier of two days. */
export function earlier(a: Day, b: Day): Day {
  if (a < b) return a;
  return b;
}

/** The later of two days. */
export function later(a: Day, b: Day): Day {
  if (a > b) return a;
  return b;
}

/** The intersection of two ranges; undefined if they share no day. */
export function overlap(a: DayRange, b: DayRange): DayRange | undefined {
  const from = later(a.from, b.from);
  const to = earlier(a.to, b.to);
  return from <= to ? { from, to } : undefined;
}

function parse(text: string): number | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const ms = Date.parse(`${text}T00:00:00Z`);
  const exists = !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
  return exists ? ms / MS_PER_DAY : undefined;
}

function yearMonth(day: Day): [year: number, month: number] {
  return [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
}
