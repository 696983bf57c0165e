import type { Day } from '../day.js';
import type { TimeEntry } from './time-entry.js';

/** The hours that a report counts: planned, logged, or logged in the past and planned from today on. */
export type DataSet = 'scheduled' | 'logged' | 'past-logged-future-scheduled';

/** Planned and logged entries. */
export interface PlannedAndLogged<E extends TimeEntry = TimeEntry> {
  readonly scheduled: readonly E[];
  readonly logged: readonly E[];
}

/**
 * The entries of a data set. Float does not document on which side today belongs. Here it counts as future: hours are
 * logged at the end of a day, so a partly logged day would look partly worked.
 */
export function entriesOf<E extends TimeEntry>(set: DataSet, time: PlannedAndLogged<E>, today: Day): readonly E[] {
  if (set === 'scheduled') return time.scheduled;
  if (set === 'logged') return time.logged;
  return [...time.logged.filter(({ day }) => day < today), ...time.scheduled.filter(({ day }) => day >= today)];
}
