import type { Calendar } from './calendar.js';
import { type Day, type DayRange, eachDay, overlap, someDay } from './day.js';
import { occurrences } from './recurrence.js';
import type { Allocation } from './types.js';

/**
 * Does it take anybody's time? Complete work did; cancelled work does not. Drafts and tentative work only might, so
 * they are counted when asked for.
 */
export function counts(allocation: Allocation, includeTentative: boolean): boolean {
  if (allocation.status === 'cancelled') return false;
  return includeTentative || !isTentative(allocation);
}

export function isTentative(allocation: Allocation): boolean {
  return allocation.status === 'draft' || allocation.status === 'tentative';
}

/**
 * The days of the range on which a person works on an allocation. A block skips days off and holidays that it merely
 * crosses. One that covers nothing else was put there on purpose and counts on each of its days; so do the repetitions
 * of a block on days off, such as a Saturday shift, but not one that happens to fall on a holiday. A day of full leave is
 * skipped in any case: confirmed leave displaces work.
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

/** Judges by the whole block, not by the part in the range: a range that is split has to give the same days. */
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
