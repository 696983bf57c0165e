import { quoted } from '../../foreign-text.js';
import { type DayRange, later } from '../../planning/day.js';
import { parseRange } from '../../planning/range.js';
import { lacksYear } from '../../planning/range-words.js';
import { ToolProblem } from '../problem.js';

/**
 * The days of a change. A month or a week without a year means the nearest, which for a change must not be one that is over.
 *
 * @throws ToolProblem that asks for the year
 */
export function rangeToWrite(text: string, today: string): DayRange {
  const range = parseRange(text, today);
  if (range.to >= today || !lacksYear(text)) return range;
  const message = `${quoted(text)} is read as ${range.from} to ${range.to}, which is over; today is ${today}. Give the year.`;
  throw new ToolProblem('bad-argument', message);
}

/** What the filters of an answer say when days of the range that was asked for are over. */
export function daysOver(asked: DayRange, range: DayRange): string[] {
  return asked.from === range.from ? [] : ['from today on'];
}

/** The days of a range that can still be worked. @throws ToolProblem when the range is over */
export function fromToday({ from, to }: DayRange, today: string): DayRange {
  if (to >= today) return { from: later(from, today), to };
  throw new ToolProblem(
    'bad-argument',
    `That is over: ${from} to ${to}, and today is ${today}. Ask for days from today on.`,
  );
}
