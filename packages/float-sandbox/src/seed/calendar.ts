import { addDays, mondayOf } from 'resource-planning';

const DAYS_A_WEEK = 7;

/** Converts weeks and weekdays to dates. Week 0 contains `today`; day 0 is Monday. */
export interface Calendar {
  day(week: number, day: number): string;
}

/** Creates a calendar. */
export function createCalendar(today: string): Calendar {
  const monday = mondayOf(today);
  return { day: (week, day) => addDays(monday, week * DAYS_A_WEEK + day) };
}
