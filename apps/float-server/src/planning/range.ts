import { quoted } from '../foreign-text.js';
import { type Day, type DayRange, dayCount } from './day.js';
import { PlanningError } from './errors.js';
import { daysMeant } from './range-words.js';

/** Two years and a day: long enough for every plan, short enough that no question makes us count for minutes. */
export const LONGEST_RANGE_DAYS = 732;

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
 * The days that a phrase means, seen from `today`. Weeks run from Monday to Sunday; "next 2 weeks" starts today, and
 * "next week" is the calendar week that follows.
 *
 * @throws PlanningError that lists examples when the text is not understood.
 */
export function parseRange(text: string, today: Day): DayRange {
  const range = daysMeant(text, today);
  if (range === undefined) throw unknownRange(text, today);
  if (range.from > range.to) {
    throw new PlanningError(
      'range-reversed',
      `${quoted(text)} ends before it starts. Today is ${today}. Put the earlier day first.`,
    );
  }
  if (dayCount(range) > LONGEST_RANGE_DAYS) {
    throw new PlanningError(
      'range-too-long',
      `${quoted(text)} is longer than ${LONGEST_RANGE_DAYS} days. Today is ${today}. Ask for less, year by year.`,
    );
  }
  return range;
}

function unknownRange(text: string, today: Day): PlanningError {
  const examples = RANGE_EXAMPLES.map((example) => `"${example}"`).join(', ');
  return new PlanningError(
    'unknown-range',
    `${quoted(text)} is not a date range I know. Today is ${today}. Examples: ${examples}.`,
  );
}
