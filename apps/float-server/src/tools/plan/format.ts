import { type Day, type DayRange, weekday } from 'resource-planning';
import * as z from 'zod';
import type { RecordsRead } from './read.js';

/** Output schema of the resolved date range. */
export const RANGE_OUTPUT = z.object({ from: z.string(), to: z.string() });
/** Output schema of the record counts behind an answer. */
export const RECORDS_READ = z.object({
  people: z.number(),
  allocations: z.number(),
  time_off: z.number(),
  public_holidays: z.number(),
  team_holidays: z.number(),
});

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `Mon 2026-11-23` */
export function dayText(day: Day): string {
  return `${WEEKDAYS[weekday(day)]} ${day}`;
}

/** A range in words: one day, or "first to last". */
export function rangeText({ from, to }: DayRange): string {
  return from === to ? dayText(from) : `${dayText(from)} to ${dayText(to)}`;
}

/** Hours with at most two decimals, without trailing zeros. */
export function hoursText(hours: number): string {
  return String(Math.round(hours * 100) / 100);
}

/** The sum, rounded to two decimals. */
export function sumHours(hours: readonly number[]): number {
  return Math.round(hours.reduce((sum, one) => sum + one, 0) * 100) / 100;
}

/** The sentence that states how many records an answer is based on. */
export function readText(read: RecordsRead): string {
  const holidays = read.public_holidays + read.team_holidays;
  return `Read ${read.people} people, ${read.allocations} allocations, ${read.time_off} time-off records, ${holidays} holidays.`;
}
