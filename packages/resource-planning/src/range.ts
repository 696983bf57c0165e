import { type Day, type DayRange, dayCount } from './day.js';
import { PlanningError } from './errors.js';
import { resolvePhrase } from './range-phrases.js';

/** Two years and a day: enough for any plan, and bounded in computing time. */
export const MAX_RANGE_DAYS = 732;

/** Examples that errors list. */
export const RANGE_EXAMPLES: readonly string[] = [
  'today',
  'tomorrow',
  'this week',
  'next week',
  'next 2 weeks',
  'next 10 days',
  'this month',
  'next quarter',
  '2026-11-23',
  '2026-11-23..2026-12-04',
  '2026-W48',
  '2026-12',
  'Q1 2027',
  'December 2026',
  'next monday',
  'rest of the month',
];

/**
 * Parses a date phrase relative to `today`. Weeks run from Monday to Sunday; "next 2 weeks" starts today, and "next week" is
 * the following calendar week.
 *
 * @throws PlanningError with examples if the text is not understood, and for reversed or too long ranges
 */
export function parseRange(text: string, today: Day): DayRange {
  const range = resolvePhrase(text, today);
  if (range === undefined) throw unknownRange(text, today);
  if (range.from > range.to) {
    throw new PlanningError(
      'range-reversed',
      `${JSON.stringify(text)} ends before it starts. Today is ${today}. Put the earlier day first.`,
    );
  }
  if (dayCount(range) > MAX_RANGE_DAYS) {
    throw new PlanningError(
      'range-too-long',
      `${JSON.stringify(text)} is longer than ${MAX_RANGE_DAYS} days. Today is ${today}. Ask for less, year by year.`,
    );
  }
  return range;
}

function unknownRange(text: string, today: Day): PlanningError {
  const examples = RANGE_EXAMPLES.map((example) => `"${example}"`).join(', ');
  return new PlanningError(
    'unknown-range',
    `${JSON.stringify(text)} is not a date range I know. Today is ${today}. Examples: ${examples}.`,
  );
}
