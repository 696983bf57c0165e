import { type Need, shrinkAll } from '../room.js';
import { LOW_WATER, shareOf } from '../stream-limits.js';
import { type Row, ShelfWork } from './shelf.js';
import { ShelfHoldings } from './shelf-holdings.js';
import type { Storing } from './store-events.js';
import type { Tables } from './tables.js';
import type { Step } from './writes.js';

/** What is needed to shrink sessions. */
export type Shrinking = Pick<Storing, 'row' | 'limits' | 'isAttached'>;

/** Keeps the sessions of one holder together within its share. False when there is no room. */
export function makeShareRoom(tables: Tables, step: Step, storing: Storing, need: Need): boolean {
  const { row, limits, force, isAttached, vain } = storing;
  const holder = tables.shelves.get(row.name[0])?.holder;
  const share = shareOf(limits);
  const isOver = (): boolean => holder !== undefined && step.shares.of(holder) + need.bytes > share;
  if (holder === undefined || !isOver()) return true;
  if (force || !vain.wasLately(holder)) {
    const isHigh = (): boolean => step.shares.of(holder) + need.bytes > share * LOW_WATER;
    shrinkHolder(tables, step, storing, { holder, isHigh, attachedToo: false });
    if (force && isOver()) shrinkHolder(tables, step, storing, { holder, isHigh: isOver, attachedToo: true });
  }
  if (!isOver()) return true;
  // An event that is larger than the share goes through alone, to a reader that takes it.
  if (isAttached(row) && step.shares.of(holder) <= limits.bytes) return true;
  vain.note(holder);
  return false;
}

interface Shrink {
  readonly holder: string;
  readonly isHigh: () => boolean;
  readonly attachedToo: boolean;
}

/** Drops from the sessions of a holder while `isHigh`; where readers have not read, from the largest first. */
export function shrinkHolder(tables: Tables, step: Step, shrinking: Shrinking, how: Shrink): void {
  const shelves = step.shares.sessionsOf(how.holder).map((session) => ShelfWork.of(tables, step, session));
  const works = shelves.filter((shelf) => shelf !== undefined);
  if (how.attachedToo) works.sort((a, b) => b.bytes - a.bytes);
  const { row, limits, isAttached } = shrinking;
  shrinkAll(
    works.map((shelf) => new ShelfHoldings(shelf, row, limits, isAttached)),
    how.isHigh,
    how.attachedToo,
  );
  for (const shelf of works) shelf.finish();
  refresh(tables, row);
}

/** The stream that is appended to may have given something. */
export function refresh(tables: Tables, row: Row): void {
  Object.assign(row.head, tables.streams.get([...row.name]));
}
