import { makeRoom, type Need, type Room, replacedEvents, type VainTries, withoutRoom } from '../room.js';
import type { Appended, OutgoingEvent } from '../store.js';
import type { StreamLimits } from '../stream-limits.js';
import { makeShareRoom } from './share-room.js';
import { costOf, type Row, ShelfWork } from './shelf.js';
import { ShelfHoldings } from './shelf-holdings.js';
import type { Tables } from './tables.js';
import { makeTotalRoom } from './total-room.js';
import type { Step } from './writes.js';

export interface Storing {
  readonly row: Row;
  readonly events: readonly OutgoingEvent[];
  readonly force: boolean;
  readonly limits: StreamLimits;
  readonly isAttached: (row: Row) => boolean;
  readonly vain: VainTries;
}

/** Stores events at the end of a stream, where there is room, or room can be made. */
export function storeEvents(tables: Tables, step: Step, storing: Storing): Appended {
  const { row, events, limits } = storing;
  const need = needOf(events);
  let room = roomInSession(tables, step, storing, need);
  if (room === 'enough' && !makeShareRoom(tables, step, storing, need)) room = withoutRoom(need, storing.force);
  if (room === 'enough' && step.totals.bytes + need.bytes > limits.totalBytes) {
    if (!makeTotalRoom(tables, step, storing, need.bytes)) room = withoutRoom(need, storing.force);
  }
  if (room === 'full') return 'full';
  if (room === 'none') return 'dropped';
  const shelf = ShelfWork.of(tables, step, row.name[0]);
  for (const event of room === 'replaced' ? replacedEvents(events) : events) shelf?.append(row, event);
  shelf?.save(row);
  shelf?.finish();
  return 'stored';
}

function roomInSession(tables: Tables, step: Step, { row, force, limits, isAttached }: Storing, need: Need): Room {
  const shelf = ShelfWork.of(tables, step, row.name[0]);
  if (shelf?.isOver(limits, need, 1) !== true) return 'enough';
  const holdings = new ShelfHoldings(shelf, row, limits, isAttached);
  const tight = step.totals.bytes > limits.totalBytes / 2;
  const room = makeRoom(holdings, need, { attached: isAttached(row), force, tight });
  shelf.save(row);
  shelf.finish();
  return room;
}

function needOf(events: readonly OutgoingEvent[]): Need {
  return {
    bytes: events.reduce((sum, { data, instead }) => sum + costOf(data, instead), 0),
    events: events.length,
    answer: events.some(({ answer }) => answer),
  };
}
