import { type DayRange, later } from '../../planning/day.js';
import { ToolProblem } from '../problem.js';

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
