import { evictFromAll, type Need } from '../eviction.js';
import { holderQuota, LOW_WATER } from '../stream-limits.js';
import { SessionEviction } from './session-eviction.js';
import { SessionStreams, type StreamRow } from './session-streams.js';
import type { AppendRequest } from './store-events.js';
import type { Tables } from './tables.js';
import type { Transaction } from './write-queue.js';

/** The circumstances that evictions need. */
export type EvictionContext = Pick<AppendRequest, 'row' | 'limits' | 'isAttached'>;

/** Keeps the sessions of one holder within its quota. False when there is no room. */
export function makeHolderRoom(tables: Tables, tx: Transaction, request: AppendRequest, need: Need): boolean {
  const { row, limits, force, isAttached, backoff } = request;
  const holder = tables.streamTotals.get(row.name[0])?.holder;
  const quota = holderQuota(limits);
  const isOver = (): boolean => holder !== undefined && tx.holderBytes.of(holder) + need.bytes > quota;
  if (holder === undefined || !isOver()) return true;
  if (force || !backoff.isActive(holder)) {
    const isHigh = (): boolean => tx.holderBytes.of(holder) + need.bytes > quota * LOW_WATER;
    evictFromHolder(tables, tx, request, { holder, isHigh, attachedToo: false });
    if (force && isOver()) evictFromHolder(tables, tx, request, { holder, isHigh: isOver, attachedToo: true });
  }
  if (!isOver()) return true;
  // A single event larger than the quota is accepted if the stream has a reader and the holder has little else.
  if (isAttached(row) && tx.holderBytes.of(holder) <= limits.bytes) return true;
  backoff.start(holder);
  return false;
}

interface HolderEviction {
  readonly holder: string;
  readonly isHigh: () => boolean;
  readonly attachedToo: boolean;
}

/**
 * Drops events of the sessions of a holder while `isHigh` returns true. With `attachedToo`, the largest session comes
 * first.
 */
export function evictFromHolder(tables: Tables, tx: Transaction, context: EvictionContext, how: HolderEviction): void {
  const found = tx.holderBytes.sessionsOf(how.holder).map((session) => SessionStreams.of(tables, tx, session));
  const sessions = found.filter((streams) => streams !== undefined);
  if (how.attachedToo) sessions.sort((a, b) => b.bytes - a.bytes);
  const { row, limits, isAttached } = context;
  evictFromAll(
    sessions.map((streams) => new SessionEviction(streams, row, limits, isAttached)),
    how.isHigh,
    how.attachedToo,
  );
  for (const streams of sessions) streams.saveTotals();
  reload(tables, row);
}

/** Reloads the stream that is appended to, which may have lost events. */
export function reload(tables: Tables, row: StreamRow): void {
  Object.assign(row.head, tables.streams.get([...row.name]));
}
