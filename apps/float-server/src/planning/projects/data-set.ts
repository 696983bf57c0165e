import type { Day } from '../day.js';
import type { TimeEntry } from './time-entry.js';

/** The sets of data Float's reports count: what was planned, what was logged, or the one behind us and the other ahead. */
export type DataSet = 'scheduled' | 'logged' | 'past-logged-future-scheduled';

export interface PlannedAndLogged<E extends TimeEntry = TimeEntry> {
  readonly scheduled: readonly E[];
  readonly logged: readonly E[];
}

/**
 * The entries a report counts. Float does not say on which side today lies; here it lies ahead, because its hours are
 * logged at its end, and a day that is half logged would look half worked.
 */
export function entriesOf<E extends TimeEntry>(set: DataSet, time: PlannedAndLogged<E>, today: Day): readonly E[] {
  if (set === 'scheduled') return time.scheduled;
  if (set === 'logged') return time.logged;
  return [...time.logged.filter(({ day }) => day < today), ...time.scheduled.filter(({ day }) => day >= today)];
}
