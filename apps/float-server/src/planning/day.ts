import { PlanningError } from './errors.js';

/**
 * A calendar day, `YYYY-MM-DD`. Days sort as text. They have no time zone: arithmetic runs on UTC day numbers, where
 * every day has 24 hours, so that no clock change can add or lose one.
 */
export type Day = string;

/** Both ends belong to the range. */
export interface DayRange {
  readonly from: Day;
  readonly to: Day;
}

const MS_PER_DAY = 86_400_000;
const FORM = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Days since 1970-01-01. */
export function dayNumber(day: Day): number {
  const parsed = parse(day);
  if (parsed === undefined) throw new PlanningError('bad-day', `"${day}" is not a day. Write it as YYYY-MM-DD.`);
  return parsed;
}

export function dayOf(number: number): Day {
  return new Date(number * MS_PER_DAY).toISOString().slice(0, 10);
}

/** False for days no calendar has, such as 2026-02-30. */
export function isDay(text: string): boolean {
  return parse(text) !== undefined;
}

export function addDays(day: Day, days: number): Day {
  return dayOf(dayNumber(day) + days);
}

/** How many days `to` is later than `from`. */
export function daysFrom(from: Day, to: Day): number {
  return dayNumber(to) - dayNumber(from);
}

/** 0 Sunday to 6 Saturday. 1970-01-01 was a Thursday. */
export function weekday(day: Day): number {
  return (((dayNumber(day) + 4) % 7) + 7) % 7;
}

export function mondayOf(day: Day): Day {
  return addDays(day, -((weekday(day) + 6) % 7));
}

/** The first day of the month that lies `months` after the month of `day`. */
export function firstOfMonth(day: Day, months = 0): Day {
  const [year, month] = yearMonth(day);
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  return new Date(new Date(0).setUTCFullYear(year, month - 1 + months, 1)).toISOString().slice(0, 10);
}

/** The same day of the month, `months` later; in a shorter month its last day. */
export function addMonths(day: Day, months: number): Day {
  const first = firstOfMonth(day, months);
  const last = addDays(firstOfMonth(day, months + 1), -1);
  return earlier(first.slice(0, 8) + day.slice(8), last);
}

/** Whole months from the month of `from` to the month of `to`, whatever the days. */
export function monthsFrom(from: Day, to: Day): number {
  const [fromYear, fromMonth] = yearMonth(from);
  const [toYear, toMonth] = yearMonth(to);
  return (toYear - fromYear) * 12 + toMonth - fromMonth;
}

export function eachDay(range: DayRange): Day[] {
  const first = dayNumber(range.from);
  return Array.from({ length: Math.max(0, dayCount(range)) }, (_, index) => dayOf(first + index));
}

/** Does any day of the range fit? Stops at the first, so that a block without an end in sight costs nothing. */
export function someDay(range: DayRange, fits: (day: Day) => boolean): boolean {
  const last = dayNumber(range.to);
  for (let number = dayNumber(range.from); number <= last; number += 1) if (fits(dayOf(number))) return true;
  return false;
}

export function dayCount(range: DayRange): number {
  return daysFrom(range.from, range.to) + 1;
}

export function contains(range: DayRange, day: Day): boolean {
  return range.from <= day && day <= range.to;
}

export function earlier(a: Day, b: Day): Day {
  if (a < b) return a;
  return b;
}

export function later(a: Day, b: Day): Day {
  if (a > b) return a;
  return b;
}

/** The common part of two ranges, or `undefined` where they share no day. */
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
