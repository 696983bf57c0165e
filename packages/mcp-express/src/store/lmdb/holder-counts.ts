import { largeHolderSize } from '../holders.js';
import { LAST, type Tables } from './tables.js';

const PLACE = { sessions: 0, tasks: 1 } as const;

/** The number of sessions or tasks of a quota holder. @param owner NAME of the holder. */
export function countOf(tables: Tables, owner: string, what: keyof typeof PLACE): number {
  return tables.holderCounts.get(owner)?.[PLACE[what]] ?? 0;
}

/**
 * The holder with most sessions, by NAME; `undefined` when no holder is large.
 * @param total the limit of all sessions.
 */
export function largestHolder(tables: Tables, total: number): string | undefined {
  const range = { start: [LAST, ''] as [number, string], end: [largeHolderSize(total), ''] as [number, string] };
  for (const [size, owner] of tables.largestHolders.getKeys({ ...range, reverse: true, limit: 1 })) {
    return size > largeHolderSize(total) ? owner : undefined;
  }
  return undefined;
}

/** Adds to the counts of a holder. A no-op for the empty holder. */
export function addToCount(tables: Tables, owner: string, what: keyof typeof PLACE, more: 1 | -1): void {
  if (owner === '') return;
  const counts: [number, number] = [countOf(tables, owner, 'sessions'), countOf(tables, owner, 'tasks')];
  if (what === 'sessions') {
    void tables.largestHolders.remove([counts[0], owner]);
    if (counts[0] + more > 0) void tables.largestHolders.put([counts[0] + more, owner], '');
  }
  counts[PLACE[what]] += more;
  if (counts.some((count) => count > 0)) void tables.holderCounts.put(owner, counts);
  else void tables.holderCounts.remove(owner);
}
