import type { Day } from '../day.js';
import { roundHours } from '../workload.js';
import type { PlannedAndLogged } from './data-set.js';
import type { TimeEntry } from './time-entry.js';

/** Planned and logged hours of one group. */
export interface Variance<K> {
  readonly key: K;
  readonly planned: number;
  readonly logged: number;
  /** Logged minus planned: negative if less was done than planned, or it is not logged yet. */
  readonly difference: number;
}

/** A day with planned work and no time entry. */
export interface MissingDay {
  readonly personId: number;
  readonly day: Day;
  readonly planned: number;
}

/** Logged and planned hours by a key, such as the person, the project, the day or a combination. */
export function varianceBy<K>(time: PlannedAndLogged, keyOf: (entry: TimeEntry) => K): Variance<K>[] {
  const planned = hoursBy(time.scheduled, keyOf);
  const logged = hoursBy(time.logged, keyOf);
  return [...new Set([...planned.keys(), ...logged.keys()])].map((key) => {
    const [was, is] = [roundHours(planned.get(key) ?? 0), roundHours(logged.get(key) ?? 0)];
    return { key, planned: was, logged: is, difference: roundHours(is - was) };
  });
}

/** Days up to and including `until` on which a person had work and logged nothing on any project. */
export function missingDays({ scheduled, logged }: PlannedAndLogged, until: Day): MissingDay[] {
  const keyOf = ({ personId, day }: TimeEntry) => `${day} ${personId}`;
  const done = new Set(logged.filter(({ hours }) => hours > 0).map(keyOf));
  const missing = new Map<string, MissingDay>();
  for (const entry of scheduled) {
    const { personId, day, hours } = entry;
    const key = keyOf(entry);
    if (personId === undefined || hours === 0 || day > until || done.has(key)) continue;
    missing.set(key, { personId, day, planned: roundHours((missing.get(key)?.planned ?? 0) + hours) });
  }
  return [...missing.values()].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : a.personId - b.personId));
}

function hoursBy<K>(entries: readonly TimeEntry[], keyOf: (entry: TimeEntry) => K): Map<K, number> {
  const sums = new Map<K, number>();
  for (const entry of entries) sums.set(keyOf(entry), (sums.get(keyOf(entry)) ?? 0) + entry.hours);
  return sums;
}
