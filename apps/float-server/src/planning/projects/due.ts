import { type Day, type DayRange, daysFrom } from '../day.js';

/** Something with a date that people wait for. A milestone may take several days; the last one is when it is due. */
export interface DueItem {
  readonly kind: 'milestone' | 'phase-end' | 'project-end';
  readonly id: number;
  readonly name: string;
  readonly projectId: number;
  readonly from: Day;
  readonly due: Day;
}

export interface Due extends DueItem {
  /** Negative when it was due before today. */
  readonly daysLeft: number;
}

/**
 * What is due in the range, the earliest first. A milestone that is under way in the range is due soon even where its last
 * day lies beyond it. Float keeps no mark for "done", so what lies in the past may well be.
 */
export function dueIn<I extends DueItem>(items: readonly I[], range: DayRange, today: Day): (I & Due)[] {
  return items
    .filter(({ from, due }) => from <= range.to && due >= range.from)
    .map((item) => ({ ...item, daysLeft: daysFrom(today, item.due) }))
    .sort((a, b) => a.daysLeft - b.daysLeft || a.name.localeCompare(b.name) || a.id - b.id);
}
