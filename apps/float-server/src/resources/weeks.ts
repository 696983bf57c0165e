import { addDays, type Day, daysFrom, mondayOf, PlanningError } from 'resource-planning';
import { quoted } from '../untrusted-text.js';
import type { Week } from './uris.js';

/** Names of weeks relative to today. */
const RELATIVE: ReadonlyMap<string, number> = new Map([
  ['last-week', -1],
  ['this-week', 0],
  ['next-week', 1],
]);
const ISO_WEEK = /^(\d{4})-W(\d{2})$/i;
/** Suggested weeks before and after the current one: planning usually covers a quarter. */
const SUGGESTED = { back: 4, ahead: 13 };

/**
 * Parses the name of a week: `this-week`, `next-week`, `last-week`, or ISO 8601.
 *
 * @throws PlanningError with the accepted forms
 */
export function weekOf(name: string, today: Day): Week {
  const relative = RELATIVE.get(name.toLowerCase());
  if (relative !== undefined) return weekFrom(addDays(mondayOf(today), relative * 7));
  const [, year, number] = ISO_WEEK.exec(name) ?? [];
  const week = weekFrom(addDays(mondayOf(`${year ?? '1970'}-01-04`), (Number(number ?? 1) - 1) * 7));
  // In a year of 52 weeks, W53 would be the first week of the next year.
  if (year !== undefined && week.name === name.toUpperCase()) return week;
  const forms = 'Write it as 2026-W48, this-week, next-week or last-week.';
  throw new PlanningError('unknown-range', `${quoted(name)} is not a week. ${forms}`);
}

/** Names of weeks that begin with the typed text: relative ones first, then the nearest. */
export function suggestWeeks(typed: string, today: Day): string[] {
  const monday = mondayOf(today);
  const ahead = Array.from({ length: SUGGESTED.ahead }, (_, index) => index);
  const back = Array.from({ length: SUGGESTED.back }, (_, index) => -1 - index);
  const dated = [...ahead, ...back].map((weeks) => weekFrom(addDays(monday, weeks * 7)).name);
  const wanted = typed.toLowerCase();
  return ['this-week', 'next-week', 'last-week', ...dated].filter((name) => name.toLowerCase().startsWith(wanted));
}

/** The ISO name of a day's week. */
export function isoWeekOf(day: Day): string {
  return weekFrom(mondayOf(day)).name;
}

function weekFrom(monday: Day): Week {
  // The year of an ISO week is that of its Thursday.
  const year = addDays(monday, 3).slice(0, 4);
  const number = daysFrom(mondayOf(`${year}-01-04`), monday) / 7 + 1;
  return { from: monday, to: addDays(monday, 6), name: `${year}-W${String(number).padStart(2, '0')}` };
}
