import { type Calendar, withoutLeave } from '../calendar.js';
import { addDays, type Day, type DayRange, daysFrom, eachDay, earlier, later, overlap, someDay } from '../day.js';
import { type Block, occurrences } from '../recurrence.js';
import type { Allocation } from '../types.js';
import { workDays } from '../work.js';

/** An allocation split in three. Together the parts cover the same working days as before, each once. */
export interface SplitBlock {
  readonly before: readonly Block[];
  readonly inside: readonly Block[];
  readonly after: readonly Block[];
}

/**
 * How many days ahead a start is searched from which a series can continue unchanged. Weekly steps align soon; 29 February
 * may need eight years. A series without such a start (after a person left, for example) ends at the horizon.
 */
const HORIZON_DAYS = { day: 366, month: 366 * 9 } as const;

/**
 * Splits the allocation of one person at the edges of a range, so that the part inside can be reassigned. Parts of
 * repetitions become single blocks. Parts without working days are dropped: alone they would count as work scheduled on a
 * day off on purpose. Leave is ignored, because cancelling it later must bring the work back.
 */
export function splitBlock(allocation: Allocation, calendar: Calendar, cut: DayRange): SplitBlock {
  const cutter = cutterOf(allocation, withoutLeave(calendar));
  const [end, start] = [addDays(cut.from, -1), addDays(cut.to, 1)];
  return {
    before: beforeCut(allocation, cutter, end),
    inside: cutter.spans(cut).flatMap((span) => cutter.pieces(overlap(span, cut))),
    after: afterCut(allocation, cutter, start),
  };
}

/** The days whose holidays affect a split: those of the allocation, of the range, and of the search for a new start. */
export function splitReach({ from, to, repeat, repeatUntil }: Block, cut: DayRange): DayRange {
  const first = earlier(from, cut.from);
  const both = later(to, cut.to);
  if (repeat === undefined) return { from: first, to: both };
  const ahead = addDays(later(addDays(cut.to, 1), from), HORIZON_DAYS[repeat.unit] + daysFrom(from, to));
  return { from: first, to: later(both, repeatUntil === undefined ? ahead : earlier(repeatUntil, ahead)) };
}

interface Cutter {
  /** Occurrences that overlap the range, each ending before the next one starts. */
  spans(range: DayRange): DayRange[];
  /** Blocks that, taken alone, cover exactly the working days of this part. */
  pieces(part: DayRange | undefined): Block[];
  /** Whether a series starting with this occurrence would continue like the original. */
  canStartAt(span: DayRange): boolean;
}

function beforeCut(allocation: Allocation, cutter: Cutter, end: Day): Block[] {
  const { from, to, repeat, repeatUntil } = allocation;
  if (from > end) return [];
  if (repeat === undefined || to > end) {
    const part = { from, to: end };
    return cutter.spans(part).flatMap((span) => cutter.pieces(overlap(span, part)));
  }
  return [{ from, to, repeat, repeatUntil: repeatUntil === undefined ? end : earlier(repeatUntil, end) }];
}

function afterCut(allocation: Allocation, cutter: Cutter, start: Day): Block[] {
  const { from, to, repeat, repeatUntil } = allocation;
  if (repeat === undefined) return cutter.pieces(overlap(allocation, { from: start, to: later(to, start) }));
  const blocks: Block[] = [];
  const range = { from: start, to: addDays(later(start, from), HORIZON_DAYS[repeat.unit]) };
  for (const span of cutter.spans(range)) {
    if (span.from >= start && cutter.canStartAt(span)) {
      return [...blocks, { from: span.from, to: addDays(span.from, daysFrom(from, to)), repeat, repeatUntil }];
    }
    blocks.push(...cutter.pieces(overlap(span, { from: start, to: later(start, span.to) })));
  }
  return blocks;
}

function cutterOf(allocation: Allocation, calendar: Calendar): Cutter {
  const length = daysFrom(allocation.from, allocation.to);
  const isNormal = (day: Day) => calendar.normalHours(day) > 0 && calendar.holiday(day) === undefined;
  const hasHours = (range: DayRange) => someDay(range, (day) => calendar.normalHours(day) > 0);
  const worked = (part: DayRange) => workDays(allocation, calendar, part).sort();
  const alone = (part: DayRange) => {
    const days = eachDay(part);
    return days.some(isNormal) ? days.filter(isNormal) : days;
  };
  return {
    spans: (range) => withoutOverlap(occurrences(allocation, { from: range.from, to: range.to })),
    pieces: (part) => {
      if (part === undefined) return [];
      const days = worked(part);
      if (days.length === 0) return [];
      return String(days) === String(alone(part)) ? [part] : runsOf(days, isNormal);
    },
    canStartAt: ({ from, to }) => {
      const first = { from, to: addDays(from, length) };
      const whole = to === first.to || allocation.repeatUntil === undefined || first.to <= allocation.repeatUntil;
      const onItsDay = allocation.repeat?.unit === 'day' || from.slice(8) === allocation.from.slice(8);
      const sameKind = hasHours(first) === hasHours(allocation);
      return whole && onItsDay && sameKind && String(worked(first)) === String(alone(first));
    },
  };
}

/** Makes occurrences disjoint. The first block may extend beyond a repetition that the end of the series cuts off. */
function withoutOverlap(all: readonly DayRange[]): DayRange[] {
  let reach: Day | undefined;
  return all.map(({ from, to }, index) => {
    const next = all[index + 1];
    reach = later(reach ?? to, to);
    return { from, to: next === undefined ? reach : earlier(reach, addDays(next.from, -1)) };
  });
}

/** Splits days into consecutive runs of one kind, because a block with working days skips its days off. */
function runsOf(days: readonly Day[], isNormal: (day: Day) => boolean): Block[] {
  const runs: { from: Day; to: Day }[] = [];
  for (const day of days) {
    const run = runs.at(-1);
    const goesOn = run !== undefined && addDays(run.to, 1) === day && isNormal(run.to) === isNormal(day);
    if (goesOn) run.to = day;
    else runs.push({ from: day, to: day });
  }
  return runs;
}
