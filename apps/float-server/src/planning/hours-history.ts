import { type Day, isDay } from './day.js';
import type { HoursVersion, WeekHours } from './types.js';

/** What Float gives a new account: eight hours from Monday to Friday. No endpoint tells what a team has set instead. */
export const DEFAULT_WEEK: WeekHours = [0, 8, 8, 8, 8, 8, 0];

const ALWAYS: Day = '1970-01-01';

/**
 * The working hours of a person over time, the earliest first. Float answers a history from effective date to seven
 * hours; answers without one have only the hours of today, which then stand for all time. A person without either has
 * the week of the account. Versions that are no week are skipped, since one odd record must not hide a person.
 */
export function hoursHistory(
  history: Readonly<Record<string, unknown>> | null | undefined,
  current: unknown,
  ofAccount: WeekHours = DEFAULT_WEEK,
): HoursVersion[] {
  const versions = Object.entries(history ?? {}).flatMap(([from, hours]) =>
    isDay(from) && isWeek(hours) ? [{ from, hours }] : [],
  );
  if (versions.length > 0) return versions.sort((a, b) => (a.from < b.from ? -1 : 1));
  return [{ from: ALWAYS, hours: isWeek(current) ? current : ofAccount }];
}

function isWeek(hours: unknown): hours is WeekHours {
  return Array.isArray(hours) && hours.length === 7 && hours.every((one) => Number.isFinite(one) && one >= 0);
}
