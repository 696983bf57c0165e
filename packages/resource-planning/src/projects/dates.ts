import { addDays, type Day, daysFrom, earlier, later } from '../day.js';
import { type Block, occurrences } from '../recurrence.js';

/** First and last day of a project. */
export interface ProjectSpan {
  readonly start?: Day | undefined;
  /** Also undefined if work repeats without an end. */
  readonly end?: Day | undefined;
}

/**
 * The dates of a project. Explicit dates take precedence, each on its own; otherwise the earliest and latest day of its
 * phases, milestones, allocations and time entries.
 */
export function projectSpan(byHand: ProjectSpan, parts: readonly Block[]): ProjectSpan {
  const starts = parts.map(({ from }) => from);
  const ends = parts.map(lastDayOf);
  return {
    start: byHand.start ?? (starts.length === 0 ? undefined : starts.reduce(earlier)),
    end: byHand.end ?? latest(ends),
  };
}

/** The last day of all repetitions; undefined for a series without an end. */
export function lastDayOf(block: Block): Day | undefined {
  if (block.repeat === undefined) return block.to;
  if (block.repeatUntil === undefined) return undefined;
  const until = later(block.to, block.repeatUntil);
  // The last occurrence that starts before the series ends.
  const reach = daysFrom(block.from, block.to) + 366 * (block.repeat.unit === 'month' ? block.repeat.count : 1);
  const last = occurrences(block, { from: addDays(until, -reach), to: until }).at(-1);
  return last === undefined ? block.to : later(last.to, block.to);
}

function latest(ends: readonly (Day | undefined)[]): Day | undefined {
  let last: Day | undefined;
  for (const end of ends) {
    if (end === undefined) return undefined;
    last = last === undefined ? end : later(last, end);
  }
  return last;
}

/** The day of a timestamp. Milestones may have a time of day, which the plan ignores. */
export function dayOfTimestamp(text: string): Day {
  return text.slice(0, 10);
}
