import { addDays, addMonths, type Day, type DayRange, daysFrom, eachDay, earlier, monthsFrom, overlap } from './day.js';

/** How far one occurrence lies from the one before. */
export interface Step {
  readonly unit: 'day' | 'month';
  /** 1 or more. */
  readonly count: number;
}

/** Something that takes whole days, once or again and again. */
export interface Block extends DayRange {
  readonly repeat?: Step | undefined;
  /** The last day of the series; a repetition that is under way then is cut off. Absent: it never stops. */
  readonly repeatUntil?: Day | undefined;
}

/** The repeat codes of Float, by position: none, weekly, monthly, 2, 3 and 6 weeks, 2, 3 and 6 months, yearly. */
const STEPS_BY_CODE: ReadonlyArray<Step | undefined> = [
  undefined,
  { unit: 'day', count: 7 },
  { unit: 'month', count: 1 },
  { unit: 'day', count: 14 },
  { unit: 'day', count: 21 },
  { unit: 'day', count: 42 },
  { unit: 'month', count: 2 },
  { unit: 'month', count: 3 },
  { unit: 'month', count: 6 },
  { unit: 'month', count: 12 },
];

const END_OF_TIME: Day = '9999-12-31';

/** `undefined` for "does not repeat", and for codes from the future: showing one block is better than inventing more. */
export function stepOfCode(code: number | null | undefined): Step | undefined {
  return STEPS_BY_CODE[code ?? 0];
}

/**
 * The occurrences that touch the range, not cut at its ends. Each keeps the length of the original block, but none goes
 * on after the end of the series. The block that was placed by hand always stands as it is.
 */
export function occurrences(block: Block, range: DayRange): DayRange[] {
  const found: DayRange[] = [];
  const length = daysFrom(block.from, block.to);
  for (let index = firstIndex(block, addDays(range.from, -length)); ; index += 1) {
    const from = startOf(block, index);
    if (from === undefined || from > range.to) return found;
    const occurrence = { from, to: index === 0 ? block.to : earlier(addDays(from, length), lastDay(block)) };
    if (occurrence.to < occurrence.from) return found;
    if (occurrence.to >= range.from) found.push(occurrence);
  }
}

/** The days of all occurrences inside the range, each once, in order. */
export function occupiedDays(block: Block, range: DayRange): Day[] {
  const parts = occurrences(block, range).map((occurrence) => overlap(occurrence, range));
  return [...new Set(parts.flatMap((part) => (part === undefined ? [] : eachDay(part))))].sort();
}

function lastDay({ repeatUntil }: Block): Day {
  return repeatUntil ?? END_OF_TIME;
}

/** Counted from the original start each time: stepping on from a clamped 28 February would lose the 31st for ever. */
function startOf(block: Block, index: number): Day | undefined {
  if (index === 0) return block.from;
  if (block.repeat === undefined) return undefined;
  const distance = block.repeat.count * index;
  return block.repeat.unit === 'day' ? addDays(block.from, distance) : addMonths(block.from, distance);
}

/** An index before which every start is before `day`, so that an old series costs nothing to skip. */
function firstIndex(block: Block, day: Day): number {
  if (block.repeat === undefined || day <= block.from) return 0;
  const distance = block.repeat.unit === 'day' ? daysFrom(block.from, day) : monthsFrom(block.from, day);
  return Math.max(0, Math.floor(distance / block.repeat.count));
}
