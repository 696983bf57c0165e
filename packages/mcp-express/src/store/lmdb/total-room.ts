import { LEAST_FIRST, type StreamLimits, type Worth } from '../stream-limits.js';
import { isDone, type Row, ShelfWork, sizeOf } from './shelf.js';
import { LAST, type Tables } from './tables.js';
import type { Step } from './writes.js';

/**
 * Keeps all sessions together within their limit: streams that were opened first give first, but none gives an answer
 * while another still has notifications. To be called when the current stream is saved.
 */
export function makeTotalRoom(tables: Tables, step: Step, current: number, { totalBytes }: StreamLimits): void {
  const isOver = (): boolean => step.totals.bytes > totalBytes;
  for (const [worth, name] of LEAST_FIRST.entries()) {
    let from = 0;
    while (isOver()) {
      const [key] = [...tables.fronts.getKeys({ start: [worth, from], end: [worth, LAST], limit: 1 })];
      if (key === undefined) break;
      from = key[1] + 1;
      const found = rowOf(tables, step, key[1]);
      if (found !== undefined) dropFrom(found, name, isOver, key[1] === current);
    }
  }
}

function dropFrom({ shelf, row }: Found, worth: Worth, isOver: () => boolean, isCurrent: boolean): void {
  shelf.drop(row, worth, isOver, isCurrent ? 1 : 0);
  if (!isCurrent && isDone(row.head) && sizeOf(row.head) === 0) shelf.forget(row);
  shelf.finish();
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
