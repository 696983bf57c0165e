import { type Day, isDay } from './day.js';
import type { HoursVersion, WeekHours } from './types.js';

/**
 * Float's default for new accounts: eight hours from Monday to Friday. No endpoint returns the account's own setting.
 */
export const DEFAULT_WEEK: WeekHours = [0, 8, 8, 8, 8, 8, 0];

const ALWAYS: Day = '1970-01-01';

/**
 * The working hours of a person over time, the earliest first. Float returns a history of effective dates, or only the
 * current hours, which then apply to all time. A person with neither has the default week. Malformed versions are
 * skipped, since one bad record must not hide a person.
 *
 * @param history working hours by effective date
 * @param current working hours without a history
 * @param ofAccount default week
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
