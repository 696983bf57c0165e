import { LEAST_FIRST, LOW_WATER, type StreamLimits } from '../stream-limits.js';
import { isDone, type Row, ShelfWork, sizeOf } from './shelf.js';
import { LAST, type Tables } from './tables.js';
import type { Step } from './writes.js';

export interface TotalRoom {
  readonly limits: StreamLimits;
  /** Bytes that are needed. */
  readonly need: number;
  readonly isAttached: (row: Row) => boolean;
}

/**
 * Keeps all sessions together within their limit: streams that were opened first give first, but none gives an answer
 * while another still has notifications, and none that is attached what was not read. To be called when no other work on
 * these streams is going on. False when there is no room.
 */
export function makeTotalRoom(tables: Tables, step: Step, { limits, need, isAttached }: TotalRoom): boolean {
  const { totalBytes } = limits;
  if (step.totals.bytes + need <= totalBytes) return true;
  const isHigh = (): boolean => step.totals.bytes + need > totalBytes * LOW_WATER;
  for (const name of LEAST_FIRST) {
    for (const { shelf, row } of fronts(tables, step, LEAST_FIRST.indexOf(name), isHigh)) {
      if (name !== 'delivered' && isAttached(row)) continue;
      if (name === 'anything') shelf.replace(row, isHigh);
      else shelf.drop(row, name, isHigh);
      if (isDone(row.head) && sizeOf(row.head) === 0) shelf.forget(row);
      shelf.finish();
    }
  }
  return step.totals.bytes + need <= totalBytes;
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
