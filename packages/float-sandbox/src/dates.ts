/** Calendar days as YYYY-MM-DD text, which sorts and compares correctly. Independent of time zones. */

const DAY_MS = 86_400_000;

/** Whether a text is a day of the calendar. */
export function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && textOf(new Date(text)) === text;
}

/** The day a number of days later. */
export function addDays(date: string, days: number): string {
  return textOf(new Date(Date.parse(date) + days * DAY_MS));
}

/** Number of days from one day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

/** 0 for Sunday, as in `work_days_hours`. */
export function weekday(date: string): number {
  return new Date(date).getUTCDay();
}

/** The Monday of a day's week. */
export function mondayOf(date: string): string {
  return addDays(date, -((weekday(date) + 6) % 7));
}

/** The same day of a later month, or the last day of a shorter month. */
export function addMonths(date: string, months: number): string {
  const from = new Date(date);
  const first = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(from.getUTCDate(), last));
  return textOf(first);
}

/** Every day of a range, both ends included. */
export function eachDay(from: string, to: string): string[] {
  return Array.from({ length: Math.max(0, daysBetween(from, to) + 1) }, (_, index) => addDays(from, index));
}

/** Float's timestamp format: YYYY-MM-DD HH:mm:ss. */
export function stampOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

function textOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
