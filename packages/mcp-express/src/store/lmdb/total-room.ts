import { EVICTION_ORDER, LOW_WATER, largeHolderBytes } from '../stream-limits.js';
import { type EvictionContext, evictFromHolder, reload } from './holder-room.js';
import { isDone, SessionStreams, type StreamRow, sizeOf } from './session-streams.js';
import { LAST, type Tables } from './tables.js';
import type { Transaction } from './write-queue.js';

/**
 * Keeps all sessions within `totalBytes`. Large holders make room first; then all streams, in order of opening, where
 * no response is replaced while another stream still has notifications. Events that attached readers have not read are
 * dropped only for large holders other than the one that appends. Must not run while other objects hold unsaved changes
 * of streams.
 *
 * @returns false when there is no room.
 */
export function makeTotalRoom(tables: Tables, tx: Transaction, context: EvictionContext, need: number): boolean {
  const { row, limits } = context;
  const isOver = (): boolean => tx.totals.bytes + need > limits.totalBytes;
  if (!isOver()) return true;
  const isHigh = (): boolean => tx.totals.bytes + need > limits.totalBytes * LOW_WATER;
  const least = largeHolderBytes(limits);
  const large = tx.holderBytes.largerThan(least);
  const shrink = (holder: string, isStill: () => boolean, attachedToo: boolean): void =>
    evictFromHolder(tables, tx, context, {
      holder,
      isHigh: () => isStill() && tx.holderBytes.of(holder) > least,
      attachedToo,
    });
  for (const { holder } of large) if (isHigh()) shrink(holder, isHigh, false);
  evictByFirstEvent(tables, tx, context, isHigh);
  const appending = tables.streamTotals.get(row.name[0])?.holder;
  for (const { holder } of large) if (isOver() && holder !== appending) shrink(holder, isOver, true);
  reload(tables, row);
  return !isOver();
}

function evictByFirstEvent(
  tables: Tables,
  tx: Transaction,
  { isAttached }: EvictionContext,
  isHigh: () => boolean,
): void {
  for (const name of EVICTION_ORDER) {
    for (const { streams, row } of streamsByFirstEvent(tables, tx, EVICTION_ORDER.indexOf(name), isHigh)) {
      if (name !== 'delivered' && isAttached(row)) continue;
      if (name === 'anything') streams.replace(row, isHigh);
      else streams.drop(row, name, isHigh);
      if (isDone(row.head) && sizeOf(row.head) === 0) streams.forget(row);
      streams.saveTotals();
    }
  }
}

/** The streams whose first event is of this class, in order of opening, while `isHigh` returns true. */
function* streamsByFirstEvent(
  tables: Tables,
  tx: Transaction,
  eventClass: number,
  isHigh: () => boolean,
): Generator<FoundStream> {
  let from = 0;
  while (isHigh()) {
    const [key] = [...tables.firstEvents.getKeys({ start: [eventClass, from], end: [eventClass, LAST], limit: 1 })];
    if (key === undefined) return;
    from = key[1] + 1;
    const found = rowOf(tables, tx, key[1]);
    if (found !== undefined) yield found;
  }
}

interface FoundStream {
  readonly streams: SessionStreams;
  readonly row: StreamRow;
}

/** The stream with this sequence number. */
export function rowOf(tables: Tables, tx: Transaction, number: number): FoundStream | undefined {
  const name = tables.streamNames.get(number);
  const head = name && tables.streams.get([...name]);
  const streams = name && SessionStreams.of(tables, tx, name[0]);
  return name === undefined || head === undefined || streams === undefined
    ? undefined
    : { streams, row: { name, head } };
}
