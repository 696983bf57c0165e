import { addDays, mondayOf } from '../dates.js';

const DAYS_A_WEEK = 7;

/** From "week 2, Thursday" to a date. Week 0 is the one of `today`. */
export interface Calendar {
  day(week: number, day: number): string;
}

export function createCalendar(today: string): Calendar {
  const monday = mondayOf(today);
  return { day: (week, day) => addDays(monday, week * DAYS_A_WEEK + day) };
}
