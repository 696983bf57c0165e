/**
 * Parser of date phrases. A phrase is a period ("next week", "Q1 2027", "3 December"), two periods with a separator
 * ("monday to friday"), or an open period bounded by today ("since October", "rest of the month").
 */
import { addDays, type Day, type DayRange, isDay, mondayOf } from './day.js';
import {
  calendar,
  comingDay,
  dayOf,
  dayOfMonth,
  dayOrNone,
  isoWeek,
  MONTHS,
  monthOf,
  NUMBERS,
  namedMonth,
  nearest,
  nearestWeek,
  nextPeriod,
  numberOf,
  pastPeriod,
  restOf,
  STEPS,
  shifted,
  single,
  soFar,
  WEEKDAYS,
  weekend,
  weeks,
} from './named-periods.js';

type Reader = (words: readonly string[], today: Day) => DayRange | undefined;
type Form = readonly [form: RegExp, read: Reader];

function formsOf(rows: readonly (readonly [form: string, read: Reader])[]): readonly Form[] {
  return rows.map(([form, reader]) => [new RegExp(`^(?:${form})$`), reader]);
}

const DAY_WORDS: Readonly<Record<string, number>> = {
  yesterday: -1,
  today: 0,
  now: 0,
  tomorrow: 1,
  'day after tomorrow': 2,
  'day before yesterday': -2,
};

const NUMBER = `\\d{1,4}|${NUMBERS.slice(1).join('|')}`;
const STEP = Object.keys(STEPS).join('|');
const MONTH = MONTHS.map((name) => `${name}|${name.slice(0, 3)}|${name.slice(0, 4)}`).join('|');
const WEEKDAY = WEEKDAYS.map((name) => `${name}|${name.slice(0, 3)}|${name.slice(0, 4)}|${name.slice(0, 5)}`).join('|');
const ISO_DAY = '\\d{4}-\\d{2}-\\d{2}';
/** The time of day in a timestamp, which is ignored. */
const CLOCK = '\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?(?:z|[+-]\\d{2}:?\\d{2})?';

/** Patterns of whole phrases; the reader gets the captured groups. */
const PERIODS = formsOf([
  [`(${Object.keys(DAY_WORDS).join('|')})`, ([word], today) => single(addDays(today, DAY_WORDS[word ?? ''] ?? 0))],
  [`(${ISO_DAY})(?:[t ]${CLOCK})?`, ([day]) => dayOrNone(day)],
  // A weekday beside a date is redundant.
  [`(?:${WEEKDAY}),? (.+)`, ([date], today) => onlyDay(date, today)],
  ['(\\d{4})[/.](\\d{1,2})[/.](\\d{1,2})', ([year, month, day]) => dayOf(year, Number(month), day)],
  ['(\\d{1,2})\\.(\\d{1,2})\\.(\\d{4})', ([day, month, year]) => dayOf(year, Number(month), day)],
  [
    `(\\d{1,2})(?:st|nd|rd|th)? (?:of )?(${MONTH})(?:,? (\\d{4}))?`,
    ([day, month, year], today) => dayOfMonth({ day, month, year }, today),
  ],
  [
    `(${MONTH}) (\\d{1,2})(?:st|nd|rd|th)?(?:,? (\\d{4}))?`,
    ([month, day, year], today) => dayOfMonth({ day, month, year }, today),
  ],
  [
    `(\\d{1,2}) ?[-\u2013] ?(\\d{1,2}) (?:of )?(${MONTH})(?:,? (\\d{4}))?`,
    ([day, lastDay, month, year], today) => dayOfMonth({ day, lastDay, month, year }, today),
  ],
  [
    `(${MONTH}) (\\d{1,2}) ?[-\u2013] ?(\\d{1,2})(?:,? (\\d{4}))?`,
    ([month, day, lastDay, year], today) => dayOfMonth({ day, lastDay, month, year }, today),
  ],
  [`(?:on |this |coming )?(${WEEKDAY})`, ([name], today) => single(comingDay(name, today))],
  [`next (${WEEKDAY})`, ([name], today) => single(comingDay(name, addDays(today, 1)))],
  [`(?:last|past) (${WEEKDAY})`, ([name], today) => single(addDays(comingDay(name, today), -7))],
  ['past (week|month|quarter|year)', ([unit], today) => pastPeriod(1, unit, today)],
  [`(${STEP}) (week|month|quarter|year)`, ([which, unit], today) => calendar(which, unit, today)],
  [
    `(${STEP}) fortnight`,
    ([which], today) => (STEPS[which ?? ''] === -1 ? pastPeriod(14, 'day', today) : nextPeriod(14, 'day', today)),
  ],
  ['(?:(?:this|the) )?(?:coming )?weekend', (_, today) => weekend(today)],
  ['next weekend', (_, today) => weekend(addDays(mondayOf(today), 7))],
  ['last weekend', (_, today) => weekend(addDays(mondayOf(today), -7))],
  ['this(?: week)? and (?:the )?next week', (_, today) => weeks(mondayOf(today), 2)],
  [
    `(?:next|coming|upcoming|following|in the next|over the next|within the next|within) (${NUMBER}) (day|week|month|quarter|year)s?`,
    ([count, unit], today) => nextPeriod(numberOf(count), unit, today),
  ],
  [
    `(?:in the |over the )?(?:last|past|previous) (${NUMBER}) (day|week|month|quarter|year)s?`,
    ([count, unit], today) => pastPeriod(numberOf(count), unit, today),
  ],
  [`(${NUMBER}) (day|week|month)s? (?:ago)`, ([count, unit], today) => single(shifted(today, -numberOf(count), unit))],
  [`in (${NUMBER}) days?`, ([count], today) => single(addDays(today, numberOf(count)))],
  [`in (${NUMBER}) weeks?`, ([count], today) => weeks(mondayOf(addDays(today, 7 * numberOf(count))), 1)],
  [
    `(?:week|wk)(?: (?:of|from|commencing|beginning|starting))? (${ISO_DAY})`,
    ([day]) => (isDay(day ?? '') ? weeks(mondayOf(day ?? ''), 1) : undefined),
  ],
  ['(\\d{4})[- ]?w(\\d{1,2})', ([year, week]) => isoWeek(Number(week), Number(year))],
  [
    '(?:week|wk|w|cw|kw) ?(\\d{1,2})(?:,? (?:of )?(\\d{4}))?',
    ([week, year], today) =>
      year === undefined ? nearestWeek(Number(week), today) : isoWeek(Number(week), Number(year)),
  ],
  ['(\\d{4})[-/](\\d{2})', ([year, month]) => monthOf(Number(year), Number(month))],
  ['(\\d{1,2})/(\\d{4})', ([month, year]) => monthOf(Number(year), Number(month))],
  [`(?:in )?(${MONTH})(?:,? (\\d{4}))?`, ([name, year], today) => namedMonth(name, year, today)],
  ['(\\d{4})[- ]?q([1-4])', ([year, quarter]) => monthOf(Number(year), 3 * Number(quarter) - 2, 3)],
  [
    'q([1-4])(?:,?[- /]?(\\d{4}))?',
    ([quarter, year], today) => nearest({ first: 3 * Number(quarter) - 2, months: 3 }, year, today),
  ],
  [
    '(?:h|half )([12])(?:,? (\\d{4}))?',
    ([half, year], today) => nearest({ first: 6 * Number(half) - 5, months: 6 }, year, today),
  ],
  ['(first|second) half of (\\d{4})', ([half, year]) => monthOf(Number(year), half === 'first' ? 1 : 7, 6)],
  ['(?:year )?(\\d{4})', ([year]) => monthOf(Number(year), 1, 12)],
]);

/** Patterns of open phrases, bounded by today. */
const OPEN = formsOf([
  ['(?:the )?(?:rest|remainder) of (?:the |this )?(week|month|quarter|year)', ([unit], today) => restOf(unit, today)],
  [
    '(?:until|till|to|by|through) (?:the )?end of (?:the |this )?(week|month|quarter|year)',
    ([unit], today) => restOf(unit, today),
  ],
  ['(week|month|quarter|year)[- ]to[- ]date', ([unit], today) => soFar(unit, today)],
  ['([wmqy])td', ([letter], today) => soFar({ w: 'week', m: 'month', q: 'quarter', y: 'year' }[letter ?? ''], today)],
  ['since (.+)', ([text], today) => startingAt(text, today)],
  ['(?:until|till|through|up to|by) (.+)', ([text], today) => endingAt(text, today)],
]);

/**
 * Separators between a first and a last day. A dash needs spaces, or letters on both sides, because it also occurs within
 * dates. "and" and a comma separate two days that are not a range.
 */
const SEPARATORS =
  / ?\.\.\.? ?| (?:to|until|till|through|thru|-) |(?<=[a-z])-(?=[a-z])| ?[\u2013\u2014] ?|(?<=\d{4}-\d{2}-\d{2}\S*)\//g;

/** Separator after "between". */
const AND = / and /g;

/** The days of a phrase relative to `today`; undefined if it is not understood. The days may be in reverse order. */
export function resolvePhrase(phrase: string, today: Day): DayRange | undefined {
  const text = phrase
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/^(?:the|in the|during|during the|for|for the) /, '');
  return read(PERIODS, text, today) ?? read(OPEN, text, today) ?? between(text, today);
}

/** Whether a phrase names a month, quarter, week or day without a year, so that the nearest one is meant. */
export function lacksYear(phrase: string): boolean {
  return !/\d{4}/.test(phrase) && YEARLY.test(phrase.toLowerCase());
}

const YEARLY = new RegExp(`\\b(?:${MONTH}|q[1-4]|h[12]|(?:week|wk|w|cw|kw) ?\\d{1,2})\\b`);

function read(forms: readonly Form[], text: string, today: Day): DayRange | undefined {
  for (const [form, reader] of forms) {
    const match = form.exec(text);
    if (match !== null) return reader(match.slice(1), today);
  }
  return undefined;
}

function onlyDay(text: string | undefined, today: Day): DayRange | undefined {
  const date = read(PERIODS, text ?? '', today);
  return date !== undefined && date.from === date.to ? date : undefined;
}

/** Splits at each separator in turn, because it may also occur within a part. */
function between(text: string, today: Day): DayRange | undefined {
  for (const { 0: separator, index } of text.matchAll(text.startsWith('between ') ? AND : SEPARATORS)) {
    const start = text.slice(0, index).replace(/^(?:from|between) /, '');
    const end = text.slice(index + separator.length).replace(/^the /, '');
    const found = fromTo(start, end, today);
    if (found !== undefined) return found;
  }
  return undefined;
}

function fromTo(start: string, end: string, today: Day): DayRange | undefined {
  const last = read(PERIODS, end, today);
  const year = /\b\d{4}\b/.exec(end)?.[0];
  if (last === undefined) return undefined;
  if (year !== undefined && !/\d{4}/.test(start)) {
    // "July to September 2027": the year applies to both, unless the range crosses a new year.
    const inYear = [Number(year), Number(year) - 1].map((one) => read(PERIODS, `${start} ${one}`, today));
    const first = inYear.find((one) => one !== undefined && one.from <= last.to);
    if (first !== undefined) return { from: first.from, to: last.to };
  }
  const first = read(PERIODS, start, today);
  if (first === undefined) return undefined;
  // "Friday to Monday": the Monday after that Friday. "March to October": the October after that March.
  const to = last.to < first.from ? (nextAfter(end, first.from) ?? last).to : last.to;
  return { from: first.from, to };
}

/** The period's next occurrence that ends on or after a day. */
function nextAfter(text: string, day: Day): DayRange | undefined {
  return readingsOf(text, day)
    .filter(({ to }) => to >= day)
    .sort((a, b) => (a.to < b.to ? -1 : 1))[0];
}

/** The possible readings of a phrase: without a year, in the adjacent years; for a weekday, in the adjacent weeks. */
function readingsOf(text: string, day: Day): DayRange[] {
  const year = Number(day.slice(0, 4));
  const inYears = lacksYear(text) ? [year - 1, year, year + 1].map((one) => read(PERIODS, `${text} ${one}`, day)) : [];
  const around = [read(PERIODS, text, day), read(PERIODS, text, addDays(day, -7))];
  return [...inYears, ...around].filter((one) => one !== undefined);
}

/** From the latest such period that has begun: "since Monday" is this week's, "since October" never next year's. */
function startingAt(text: string | undefined, today: Day): DayRange | undefined {
  const starts = readingsOf(text ?? '', today)
    .map(({ from }) => from)
    .sort();
  const from = starts.findLast((one) => one <= today) ?? starts[0];
  return from === undefined ? undefined : { from, to: today };
}

function endingAt(text: string | undefined, today: Day): DayRange | undefined {
  const phrase = (text ?? '').replace(/^the /, '');
  const end = nextAfter(phrase, today) ?? read(PERIODS, phrase, today);
  return end === undefined ? undefined : { from: today, to: end.to };
}
