import { addDays, addMonths, type Day, type DayRange, daysFrom, eachDay, earlier, monthsFrom, overlap } from './day.js';

/** Distance between two occurrences. */
export interface Step {
  readonly unit: 'day' | 'month';
  /** At least 1. */
  readonly count: number;
}

/** A block of whole days, possibly repeating. */
export interface Block extends DayRange {
  readonly repeat?: Step | undefined;
  /** Last day of the series; a running occurrence is cut off there. Undefined for no end. */
  readonly repeatUntil?: Day | undefined;
}

/** Float's repeat codes by index: none, weekly, monthly, 2, 3 and 6 weeks, 2, 3 and 6 months, yearly. */
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

/** The step of a repeat code. Undefined for "does not repeat" and for unknown codes, which safely show one block. */
export function stepOfCode(code: number | null | undefined): Step | undefined {
  return STEPS_BY_CODE[code ?? 0];
}

/**
 * The occurrences that overlap a range, not cut at its ends. Each has the length of the original block, but ends with the
 * series. The original block is never cut.
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

/** The days of all occurrences within a range, each once and in order. */
export function occupiedDays(block: Block, range: DayRange): Day[] {
  const parts = occurrences(block, range).map((occurrence) => overlap(occurrence, range));
  return [...new Set(parts.flatMap((part) => (part === undefined ? [] : eachDay(part))))].sort();
}

function lastDay({ repeatUntil }: Block): Day {
  return repeatUntil ?? END_OF_TIME;
}

/** Start of an occurrence, counted from the original: stepping from a clamped 28 February would lose the 31st. */
function startOf(block: Block, index: number): Day | undefined {
  if (index === 0) return block.from;
  if (block.repeat === undefined) return undefined;
  const distance = block.repeat.count * index;
  return block.repeat.unit === 'day' ? addDays(block.from, distance) : addMonths(block.from, distance);
}

/** An index before the first occurrence on `day`, found without walking the series. */
function firstIndex(block: Block, day: Day): number {
  if (block.repeat === undefined || day <= block.from) return 0;
  const distance = block.repeat.unit === 'day' ? daysFrom(block.from, day) : monthsFrom(block.from, day);
  return Math.max(0, Math.floor(distance / block.repeat.count));
}
