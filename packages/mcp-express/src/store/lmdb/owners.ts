import { largeFrom } from '../holders.js';
import { LAST, type Tables } from './tables.js';

const PLACE = { sessions: 0, tasks: 1 } as const;

/** How many sessions or tasks a holder has, by NAME. */
export function countOfOwner(tables: Tables, owner: string, what: keyof typeof PLACE): number {
  return tables.owners.get(owner)?.[PLACE[what]] ?? 0;
}

/** The holder of most sessions, by NAME, if it is a large one. */
export function largestHolder(tables: Tables, total: number): string | undefined {
  const range = { start: [LAST, ''] as [number, string], end: [largeFrom(total), ''] as [number, string] };
  for (const [size, owner] of tables.largest.getKeys({ ...range, reverse: true, limit: 1 })) {
    return size > largeFrom(total) ? owner : undefined;
  }
  return undefined;
}

/** The anonymous owner without an address, whose name is empty, is not counted. */
export function addToOwner(tables: Tables, owner: string, what: keyof typeof PLACE, more: 1 | -1): void {
  if (owner === '') return;
  const counts: [number, number] = [countOfOwner(tables, owner, 'sessions'), countOfOwner(tables, owner, 'tasks')];
  if (what === 'sessions') {
    void tables.largest.remove([counts[0], owner]);
    if (counts[0] + more > 0) void tables.largest.put([counts[0] + more, owner], '');
  }
  counts[PLACE[what]] += more;
  if (counts.some((count) => count > 0)) void tables.owners.put(owner, counts);
  else void tables.owners.remove(owner);
}
