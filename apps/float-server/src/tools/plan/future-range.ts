import { type DayRange, lacksYear, later, parseRange } from 'resource-planning';
import { quoted } from '../../untrusted-text.js';
import { ToolProblem } from '../problem.js';

/**
 * Parses the range of a change. A month or week without a year means the nearest one, which for a change must not be in
 * the past.
 *
 * @throws ToolProblem that asks for the year
 */
export function parseFutureRange(text: string, today: string): DayRange {
  const range = parseRange(text, today);
  if (range.to >= today || !lacksYear(text)) return range;
  const message = `${quoted(text)} is read as ${range.from} to ${range.to}, which is over; today is ${today}. Give the year.`;
  throw new ToolProblem('bad-argument', message);
}

/** The filter text for a range whose past days were cut off. */
export function cutRangeFilter(asked: DayRange, range: DayRange): string[] {
  return asked.from === range.from ? [] : ['from today on'];
}

/**
 * Cuts a range to today and later.
 *
 * @throws ToolProblem if the whole range is in the past
 */
export function fromToday({ from, to }: DayRange, today: string): DayRange {
  if (to >= today) return { from: later(from, today), to };
  throw new ToolProblem(
    'bad-argument',
    `That is over: ${from} to ${to}, and today is ${today}. Ask for days from today on.`,
  );
}
