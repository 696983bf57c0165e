import { LEAST_FIRST, LOW_WATER, largeFrom } from '../stream-limits.js';
import { refresh, type Shrinking, shrinkHolder } from './share-room.js';
import { isDone, type Row, ShelfWork, sizeOf } from './shelf.js';
import { LAST, type Tables } from './tables.js';
import type { Step } from './writes.js';

/**
 * Keeps all sessions together within their limit: large holders give first; then streams that were opened first, but none
 * gives an answer while another still has notifications. What an attached reader has not read only large holders give,
 * and only for others. To be called when no other work on these streams is going on. False when there is no room.
 */
export function makeTotalRoom(tables: Tables, step: Step, shrinking: Shrinking, need: number): boolean {
  const { row, limits } = shrinking;
  const isOver = (): boolean => step.totals.bytes + need > limits.totalBytes;
  if (!isOver()) return true;
  const isHigh = (): boolean => step.totals.bytes + need > limits.totalBytes * LOW_WATER;
  const least = largeFrom(limits);
  const large = step.shares.largerThan(least);
  const shrink = (holder: string, isStill: () => boolean, attachedToo: boolean): void =>
    shrinkHolder(tables, step, shrinking, {
      holder,
      isHigh: () => isStill() && step.shares.of(holder) > least,
      attachedToo,
    });
  for (const { holder } of large) if (isHigh()) shrink(holder, isHigh, false);
  shrinkFronts(tables, step, shrinking, isHigh);
  const appending = tables.shelves.get(row.name[0])?.holder;
  for (const { holder } of large) if (isOver() && holder !== appending) shrink(holder, isOver, true);
  refresh(tables, row);
  return !isOver();
}

function shrinkFronts(tables: Tables, step: Step, { isAttached }: Shrinking, isHigh: () => boolean): void {
  for (const name of LEAST_FIRST) {
    for (const { shelf, row } of fronts(tables, step, LEAST_FIRST.indexOf(name), isHigh)) {
      if (name !== 'delivered' && isAttached(row)) continue;
      if (name === 'anything') shelf.replace(row, isHigh);
      else shelf.drop(row, name, isHigh);
      if (isDone(row.head) && sizeOf(row.head) === 0) shelf.forget(row);
      shelf.finish();
    }
  }
}

/** The streams whose first event is worth this much, in order of opening, while `isHigh`. */
function* fronts(tables: Tables, step: Step, worth: number, isHigh: () => boolean): Generator<Found> {
  let from = 0;
  while (isHigh()) {
    const [key] = [...tables.fronts.getKeys({ start: [worth, from], end: [worth, LAST], limit: 1 })];
    if (key === undefined) return;
    from = key[1] + 1;
    const found = rowOf(tables, step, key[1]);
    if (found !== undefined) yield found;
  }
}

interface Found {
  readonly shelf: ShelfWork;
  readonly row: Row;
}

/** The stream that was opened in this turn. */
export function rowOf(tables: Tables, step: Step, number: number): Found | undefined {
  const name = tables.numbers.get(number);
  const head = name && tables.streams.get([...name]);
  const shelf = name && ShelfWork.of(tables, step, name[0]);
  return name === undefined || head === undefined || shelf === undefined ? undefined : { shelf, row: { name, head } };
}
