import { quoted } from '../foreign-text.js';
import { addDays, addMonths, type Day, type DayRange, dayCount, firstOfMonth, isDay, mondayOf } from './day.js';
import { PlanningError } from './errors.js';

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
];

type Reader = (match: RegExpExecArray, today: Day) => DayRange | undefined;

/** Weeks run from Monday to Sunday. "next 2 weeks" starts today; "next week" is the calendar week that follows. */
const FORMS: ReadonlyArray<readonly [form: RegExp, read: Reader]> = [
  [/^(yesterday|today|tomorrow)$/, ([, word], today) => singleDay(addDays(today, DAY_WORDS.get(word ?? '') ?? 0))],
  [/^(last|this|next) (week|month|quarter|year)$/, ([, which, unit], today) => calendar(which, unit, today)],
  [/^(?:the )?next (\d{1,4}) (day|week|month)s?$/, ([, count, unit], today) => ahead(Number(count), unit, today)],
  [
    /^(?:the )?(?:last|past) (\d{1,4}) (day|week|month)s?$/,
    ([, count, unit], today) => back(Number(count), unit, today),
  ],
  [/^(\d{4}-\d{2}-\d{2})$/, ([, day]) => between(day, day)],
  [/^(?:from )?(\d{4}-\d{2}-\d{2})\s*(?:\.\.|to|until|\/)\s*(\d{4}-\d{2}-\d{2})$/, ([, from, to]) => between(from, to)],
  [/^(\d{4})-w(\d{2})$/, ([, year, week]) => isoWeek(Number(year), Number(week))],
  [/^(\d{4}-\d{2})$/, ([, month]) => between(`${month}-01`, lastOfMonth(`${month}-01`))],
];

const DAY_WORDS = new Map([
  ['yesterday', -1],
  ['today', 0],
  ['tomorrow', 1],
]);
const STEPS = new Map([
  ['last', -1],
  ['this', 0],
  ['next', 1],
]);
const MONTHS_OF = new Map([
  ['month', 1],
  ['quarter', 3],
  ['year', 12],
]);

/**
 * The days that a person's words mean, seen from `today`.
 *
 * @throws PlanningError that lists examples when the text is not understood.
 */
export function parseRange(text: string, today: Day): DayRange {
  const range = read(text.trim().toLowerCase().replace(/\s+/g, ' '), today);
  if (range === undefined) throw unknownRange(text);
  if (range.from > range.to) {
    throw new PlanningError('range-reversed', `${quoted(text)} ends before it starts. Put the earlier day first.`);
  }
  if (dayCount(range) > LONGEST_RANGE_DAYS) {
    throw new PlanningError(
      'range-too-long',
      `${quoted(text)} is longer than ${LONGEST_RANGE_DAYS} days. Ask for less.`,
    );
  }
  return range;
}

function read(text: string, today: Day): DayRange | undefined {
  for (const [form, reader] of FORMS) {
    const match = form.exec(text);
    if (match !== null) return reader(match, today);
  }
  return undefined;
}

function unknownRange(text: string): PlanningError {
  const examples = RANGE_EXAMPLES.map((example) => `"${example}"`).join(', ');
  return new PlanningError('unknown-range', `${quoted(text)} is not a date range I know. Examples: ${examples}.`);
}

function singleDay(day: Day): DayRange {
  return { from: day, to: day };
}

/** `undefined` when a day is not on the calendar, so that "2026-02-30" is answered with examples. */
function between(from: string | undefined, to: string | undefined): DayRange | undefined {
  if (from === undefined || to === undefined || !isDay(from) || !isDay(to)) return undefined;
  return { from, to };
}

function calendar(which: string | undefined, unit: string | undefined, today: Day): DayRange {
  const step = STEPS.get(which ?? '') ?? 0;
  const months = MONTHS_OF.get(unit ?? '');
  if (months === undefined) {
    const monday = addDays(mondayOf(today), step * 7);
    return { from: monday, to: addDays(monday, 6) };
  }
  const month = Number(today.slice(5, 7)) - 1;
  const from = firstOfMonth(today, step * months - (month % months));
  return { from, to: addDays(firstOfMonth(from, months), -1) };
}

function ahead(count: number, unit: string | undefined, today: Day): DayRange | undefined {
  if (count === 0) return undefined;
  const end = unit === 'month' ? addMonths(today, count) : addDays(today, unit === 'week' ? count * 7 : count);
  return { from: today, to: addDays(end, -1) };
}

function back(count: number, unit: string | undefined, today: Day): DayRange | undefined {
  if (count === 0) return undefined;
  const start = unit === 'month' ? addMonths(today, -count) : addDays(today, unit === 'week' ? -count * 7 : -count);
  return { from: addDays(start, 1), to: today };
}

function lastOfMonth(first: Day): Day {
  return isDay(first) ? addDays(firstOfMonth(first, 1), -1) : first;
}

/** ISO 8601: week 1 is the week with 4 January in it. A year has 52 or 53. */
function isoWeek(year: number, week: number): DayRange | undefined {
  const weekOne = mondayOf(`${String(year).padStart(4, '0')}-01-04`);
  const monday = addDays(weekOne, (week - 1) * 7);
  const thursday = addDays(monday, 3);
  if (week < 1 || Number(thursday.slice(0, 4)) !== year) return undefined;
  return { from: monday, to: addDays(monday, 6) };
}
