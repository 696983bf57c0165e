import type { Calendar } from './calendar.js';
import { type Day, type DayRange, eachDay, overlap, someDay } from './day.js';
import { occurrences } from './recurrence.js';
import type { Allocation } from './types.js';

/**
 * Whether an allocation takes time. Complete work did, cancelled work does not, and draft or tentative work counts only
 * on request.
 */
export function counts(allocation: Allocation, includeTentative: boolean): boolean {
  if (allocation.status === 'cancelled') return false;
  return includeTentative || !isTentative(allocation);
}

/** Whether an allocation is draft or tentative. */
export function isTentative(allocation: Allocation): boolean {
  return allocation.status === 'draft' || allocation.status === 'tentative';
}

/**
 * The days of a range on which a person works on an allocation. A block skips days off and holidays within it. A block that
 * covers nothing else was scheduled there on purpose and counts on each of its days; so do the repetitions of a block on
 * days off, such as a Saturday shift, except on holidays. Days of full leave are always skipped: confirmed leave displaces
 * work.
 */
export function workDays(allocation: Allocation, calendar: Calendar, range: DayRange): Day[] {
  const days = new Set<Day>();
  const isWorkday = dayJudge(allocation, calendar);
  for (const occurrence of occurrences(allocation, range)) {
    const inside = overlap(occurrence, range);
    if (inside === undefined) continue;
    const counted = isWorkday(occurrence);
    for (const day of eachDay(inside)) {
      if (counted(day) && Number.isFinite(calendar.leaveHours(day))) days.add(day);
    }
  }
  return [...days];
}

/** Decides by the whole block and not by the part within the range, so that split ranges yield the same days. */
function dayJudge(block: Allocation, calendar: Calendar): (occurrence: DayRange) => (day: Day) => boolean {
  const isOpen = (day: Day) => calendar.holiday(day) === undefined;
  const isNormal = (day: Day) => calendar.normalHours(day) > 0 && isOpen(day);
  const onPurpose = !someDay(block, isNormal);
  const onDaysOff = onPurpose && !someDay(block, (day) => calendar.normalHours(day) > 0);
  return ({ from }) => {
    if (from === block.from) return onPurpose ? () => true : isNormal;
    return onDaysOff ? isOpen : isNormal;
  };
}
