import {
  type EvictionBackoff,
  makeRoom,
  type Need,
  outcomeWithoutRoom,
  type RoomOutcome,
  shortForms,
} from '../eviction.js';
import type { AppendOutcome, OutgoingEvent } from '../store.js';
import type { StreamLimits } from '../stream-limits.js';
import { makeHolderRoom } from './holder-room.js';
import { SessionEviction } from './session-eviction.js';
import { costOf, SessionStreams, type StreamRow } from './session-streams.js';
import type { Tables } from './tables.js';
import { makeTotalRoom } from './total-room.js';
import type { Transaction } from './write-queue.js';

/** An append, with the state that decides whether there is room. */
export interface AppendRequest {
  readonly row: StreamRow;
  readonly events: readonly OutgoingEvent[];
  readonly force: boolean;
  readonly limits: StreamLimits;
  readonly isAttached: (row: StreamRow) => boolean;
  readonly backoff: EvictionBackoff;
}

/**
 * Appends events to a stream if there is room, or room can be made in its session, among those of its holder, and in
 * the file.
 */
export function storeEvents(tables: Tables, tx: Transaction, request: AppendRequest): AppendOutcome {
  const { row, events, limits } = request;
  const need = needOf(events);
  let room = roomInSession(tables, tx, request, need);
  if (room === 'enough' && !makeHolderRoom(tables, tx, request, need)) room = outcomeWithoutRoom(need, request.force);
  if (room === 'enough' && tx.totals.bytes + need.bytes > limits.totalBytes) {
    if (!makeTotalRoom(tables, tx, request, need.bytes)) room = outcomeWithoutRoom(need, request.force);
  }
  if (room === 'full') return 'full';
  if (room === 'none') return 'dropped';
  const streams = SessionStreams.of(tables, tx, row.name[0]);
  for (const event of room === 'replaced' ? shortForms(events) : events) streams?.append(row, event);
  streams?.save(row);
  streams?.saveTotals();
  return 'stored';
}

function roomInSession(
  tables: Tables,
  tx: Transaction,
  { row, force, limits, isAttached }: AppendRequest,
  need: Need,
): RoomOutcome {
  const streams = SessionStreams.of(tables, tx, row.name[0]);
  if (streams?.exceeds(limits, need, 1) !== true) return 'enough';
  const eviction = new SessionEviction(streams, row, limits, isAttached);
  const tight = tx.totals.bytes > limits.totalBytes / 2;
  const room = makeRoom(eviction, need, { attached: isAttached(row), force, tight });
  streams.save(row);
  streams.saveTotals();
  return room;
}

function needOf(events: readonly OutgoingEvent[]): Need {
  return {
    bytes: events.reduce((sum, { data, shortForm }) => sum + costOf(data, shortForm), 0),
    events: events.length,
    answer: events.some(({ answer }) => answer),
  };
}
