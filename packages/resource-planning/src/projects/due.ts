import { type Day, type DayRange, daysFrom } from '../day.js';

/** A date to be met. A milestone may last several days and is due on the last one. */
export interface DueItem {
  readonly kind: 'milestone' | 'phase-end' | 'project-end';
  readonly id: number;
  readonly name: string;
  readonly projectId: number;
  readonly from: Day;
  readonly due: Day;
}

/** A date to be met, relative to today. */
export interface Due extends DueItem {
  /** Negative if it was due before today. */
  readonly daysLeft: number;
}

/**
 * The dates due in a range, the earliest first. A milestone that overlaps the range is included even if it is due later.
 * Float has no mark for "done", so past dates may have been met.
 */
export function dueIn<I extends DueItem>(items: readonly I[], range: DayRange, today: Day): (I & Due)[] {
  return items
    .filter(({ from, due }) => from <= range.to && due >= range.from)
    .map((item) => ({ ...item, daysLeft: daysFrom(today, item.due) }))
    .sort((a, b) => a.daysLeft - b.daysLeft || a.name.localeCompare(b.name) || a.id - b.id);
}
