import type { Tables } from './tables.js';

const PLACE = { sessions: 0, tasks: 1 } as const;

/** How many sessions or tasks an owner has, by NAME. */
export function countOfOwner(tables: Tables, owner: string, what: keyof typeof PLACE): number {
  return tables.owners.get(owner)?.[PLACE[what]] ?? 0;
}

/** The anonymous owner, whose name is empty, is many people: nobody counts what they have together. */
export function addToOwner(tables: Tables, owner: string, what: keyof typeof PLACE, more: 1 | -1): void {
  if (owner === '') return;
  const counts: [number, number] = [countOfOwner(tables, owner, 'sessions'), countOfOwner(tables, owner, 'tasks')];
  counts[PLACE[what]] += more;
  if (counts.some((count) => count > 0)) void tables.owners.put(owner, counts);
  else void tables.owners.remove(owner);
}
