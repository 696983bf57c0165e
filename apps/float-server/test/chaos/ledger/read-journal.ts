import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Disturbance } from '../cluster/disturbances.js';
import type { Entry } from '../node/journal.js';

/** The journal entries of all runs of all nodes. */
export function readJournal(folder: string): Entry[] {
  const lines = readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'));
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Entry);
}

/** Periods in which nodes did not run, by their own journals. A busy machine causes them too. */
export function stallsOf(entries: readonly Entry[]): Disturbance[] {
  const stalled = entries.filter(({ event }) => event === 'stalled');
  return stalled.map(({ life, at, ms = 0 }) => {
    const to = at - performance.timeOrigin;
    return { what: 'node stalled', node: life.split('#')[0] ?? life, from: to - ms, to };
  });
}
