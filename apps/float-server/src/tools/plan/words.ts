import * as z from 'zod';
import { type Day, type DayRange, weekday } from '../../planning/day.js';
import type { RecordsRead } from './read.js';

export const RANGE_OUTPUT = z.object({ from: z.string(), to: z.string() });
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

export function rangeText({ from, to }: DayRange): string {
  return from === to ? dayText(from) : `${dayText(from)} to ${dayText(to)}`;
}

/** Hours as a person writes them: at most two decimals, and none that say nothing. */
export function hoursText(hours: number): string {
  return String(Math.round(hours * 100) / 100);
}

export function sumHours(hours: readonly number[]): number {
  return Math.round(hours.reduce((sum, one) => sum + one, 0) * 100) / 100;
}

export function readText(read: RecordsRead): string {
  const holidays = read.public_holidays + read.team_holidays;
  return `Read ${read.people} people, ${read.allocations} allocations, ${read.time_off} time-off records, ${holidays} holidays.`;
}
