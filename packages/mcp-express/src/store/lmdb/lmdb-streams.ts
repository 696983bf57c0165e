import { McpError } from '../../protocol/errors.js';
import { formatEventId, placeOf } from '../event-id.js';
import { EvictionBackoff } from '../eviction.js';
import type {
  AppendOutcome,
  OutgoingEvent,
  Page,
  PageLimit,
  PendingResponses,
  Position,
  SessionId,
  StoredEvent,
  StreamKey,
  StreamStore,
} from '../store.js';
import type { StreamLimits } from '../stream-limits.js';
import { ExpiryQueue } from './expiry-queue.js';
import { LmdbReaders } from './lmdb-readers.js';
import { PendingResponseTable, pendingHead } from './pending-response-table.js';
import { isUnread } from './session-eviction.js';
import { isDone, isReplaced, SessionStreams, type StreamRow } from './session-streams.js';
import { storeEvents } from './store-events.js';
import { contractError, type StoreFile } from './store-file.js';
import { type Head, nameOf, type StreamName, type Tables } from './tables.js';
import { rowOf } from './total-room.js';
import { type Transaction, WriteRefused } from './write-queue.js';

/** Streams without a session are kept this long after the last of them was opened. Milliseconds. */
const ALONE_MS = 60 * 60_000;

/** At the limit of streams, this fraction of it is forgotten at once, so that not every open has to scan. */
const PARTS = 8;

interface StreamsParts {
  readonly file: StoreFile;
  readonly limits: StreamLimits;
  readonly now: () => number;
  readonly lookMs: number;
  /** The time until which a session lives at least; `undefined` when it does not exist. */
  readonly livesUntil: (session: string, now: number) => number | undefined;
}

/** The flags of `append`. */
type AppendMode = { readonly end: boolean; readonly force: boolean };

/** Streams in the tables `streams`, `events` and their indexes. */
export class LmdbStreams implements StreamStore {
  /** When ended streams are forgotten, by the sequence number of the stream. */
  readonly endedStreams: ExpiryQueue<number>;
  /** When all streams of a session are dropped, by NAME of the session. */
  readonly abandonedSessions: ExpiryQueue<string>;
  readonly #tables: Tables;
  readonly #pending: PendingResponseTable;
  readonly #readers: LmdbReaders;
  readonly #backoff = new EvictionBackoff();

  constructor(private readonly parts: StreamsParts) {
    this.#tables = parts.file.tables;
    this.#readers = new LmdbReaders(parts.file);
    this.endedStreams = new ExpiryQueue(this.#tables, 'stream');
    this.abandonedSessions = new ExpiryQueue(this.#tables, 'shelf');
    this.#pending = new PendingResponseTable(this.#tables);
  }

  open(key: StreamKey, debt?: PendingResponses, holder = ''): Promise<void> {
    return this.parts.file.write((tx) => this.#open(tx, nameOfKey(key), debt, holder));
  }

  append(key: StreamKey, events: readonly OutgoingEvent[], end = false, force = false): Promise<AppendOutcome> {
    return this.parts.file.write((tx) => {
      const row = this.#row(nameOfKey(key));
      if (row === undefined) throw refused('append to an unknown stream');
      const wanted = this.#pending.withoutStored(row.head, events);
      if (row.head.forgetAt === undefined) return this.#append(tx, row, wanted, { end, force });
      if (wanted.length > 0 || events.length === 0) throw refused('append to a stream that has ended');
      return 'stored';
    });
  }

  settle(key: StreamKey): Promise<void> {
    return this.parts.file.write((tx) => {
      const row = this.#row(nameOfKey(key));
      if (row?.head.owedBy === undefined || row.head.forgetAt !== undefined) return;
      this.#append(tx, row, this.#pending.errors(row.head), { end: true, force: true });
    });
  }

  read(key: StreamKey, position: Position, limit: PageLimit): Promise<Page | undefined> {
    return this.parts.file.read(() => {
      const head = this.#row(nameOfKey(key))?.head;
      const place = head && placeOf(position, key, head);
      if (head === undefined || place === undefined) return undefined;
      const { events, at, replaced } = this.#page(key, head, place, limit);
      const atEnd = at >= head.last;
      return {
        events,
        atEnd,
        ended: head.forgetAt !== undefined && atEnd,
        gap: head.dropped > place || replaced,
        ...(head.trace === undefined ? {} : { trace: head.trace }),
        ...(head.owedBy === undefined || head.forgetAt !== undefined ? {} : { pendingOn: head.owedBy }),
      };
    });
  }

  async delivered(key: StreamKey, eventId: string): Promise<void> {
    const name = nameOfKey(key);
    const moves = (row: StreamRow | undefined): row is StreamRow => {
      const place = row && placeOf({ after: eventId }, key, row.head);
      return row !== undefined && place !== undefined && place > row.head.delivered;
    };
    if (!(await this.parts.file.read(() => moves(this.#row(name))))) return;
    await this.parts.file.write((tx) => {
      const row = this.#row(name);
      const streams = SessionStreams.of(this.#tables, tx, name[0]);
      if (!moves(row) || streams === undefined) return;
      if (streams.holder !== undefined) this.#backoff.clear(streams.holder);
      row.head.delivered = placeOf({ after: eventId }, key, row.head) ?? row.head.delivered;
      streams.save(row);
    });
  }

  end(key: StreamKey): Promise<void> {
    return this.parts.file.write((tx) => {
      const row = this.#row(nameOfKey(key));
      if (row !== undefined && row.head.forgetAt === undefined) this.#append(tx, row, [], { end: true, force: true });
    });
  }

  watch(key: StreamKey, wake: () => void): () => void {
    return this.#readers.watch(nameOfKey(key), wake, this.parts.lookMs);
  }

  drop(session: SessionId): Promise<void> {
    return this.parts.file.write((tx) => this.forget(tx, nameOf(session)));
  }

  /** Drops all streams of a session, within a transaction. */
  forget(tx: Transaction, session: string): void {
    SessionStreams.of(this.#tables, tx, session)?.forgetAll();
  }

  /** Forgets ended streams, and streams of sessions that are gone. False when some are left. */
  sweep(tx: Transaction, now: number): boolean {
    const ended = this.endedStreams.takeDue(now, (number) => {
      const found = rowOf(this.#tables, tx, number);
      if (found === undefined) return;
      if (this.#isKept(found.row)) return this.endedStreams.schedule(now + this.parts.limits.ageMs, number);
      found.streams.forget(found.row);
      found.streams.saveTotals();
    });
    return this.abandonedSessions.takeDue(now, (session) => this.#dropAbandoned(tx, session, now)) && ended;
  }

  #row(name: StreamName): StreamRow | undefined {
    const head = this.#tables.streams.get([...name]);
    if (head === undefined) return undefined;
    const isOld = head.forgetAt !== undefined && head.forgetAt <= this.parts.now() && !this.#isKept({ name, head });
    return isOld ? undefined : { name, head };
  }

  /** A reader of this process has not yet read the stream to its end. */
  #isKept(row: StreamRow): boolean {
    return isUnread(row) && this.parts.file.changes.isWatched(row.name);
  }

  #open(tx: Transaction, name: StreamName, debt: PendingResponses | undefined, holder: string): void {
    if (this.#row(name) !== undefined) return;
    const now = this.parts.now();
    const streams =
      SessionStreams.of(this.#tables, tx, name[0]) ??
      SessionStreams.create(this.#tables, tx, name[0], now, now + ALONE_MS);
    if (holder !== '') streams.countAgainst(nameOf(holder));
    const old = this.#tables.streams.get([...name]);
    if (old !== undefined) streams.forget({ name, head: old });
    if (streams.streams >= this.parts.limits.streams && !this.#forgetEnded(streams)) {
      streams.saveTotals();
      throw new WriteRefused(contractError(new McpError('too-many-streams', 'This session has too many open streams')));
    }
    const reader = this.parts.file.changes.process;
    const row = streams.open(name[1], now, debt === undefined ? {} : pendingHead(debt, reader));
    if (debt !== undefined) this.#pending.add(row.head.number, debt);
    if (debt?.errors.length === 0) delete row.head.owedBy;
    streams.saveTotals();
  }

  #append(tx: Transaction, row: StreamRow, events: readonly OutgoingEvent[], how: AppendMode): AppendOutcome {
    const { limits } = this.parts;
    const isAttached = (each: StreamRow): boolean => this.#readers.isAttached(each);
    const request = { row, events, force: how.force, limits, isAttached, backoff: this.#backoff };
    const appended = storeEvents(this.#tables, tx, request);
    if (appended !== 'stored') return appended;
    const isLast = this.#pending.removeStored(row.head, events);
    if (how.end || isLast) {
      row.head.forgetAt = this.parts.now() + limits.ageMs;
      this.endedStreams.schedule(row.head.forgetAt, row.head.number);
    }
    void this.#tables.streams.put([...row.name], row.head);
    tx.wake(row.name);
    return appended;
  }

  #page(key: StreamKey, head: Head, place: number, limit: PageLimit) {
    const events: StoredEvent[] = [];
    let room = limit.characters;
    let at = place;
    let replaced = false;
    for (let next = Math.max(place, head.dropped) + 1; next <= head.last; next += 1) {
      if (events.length >= limit.events || room <= 0) break;
      const stored = this.#tables.events.get([head.number, next]);
      if (stored === undefined) throw new Error(`event ${next} of a stream is missing`);
      events.push({ id: formatEventId(key.stream, next), data: stored.slice(1) });
      room -= stored.length - 1;
      at = next;
      replaced ||= isReplaced(stored);
    }
    return { events, at, replaced };
  }

  #forgetEnded(streams: SessionStreams): boolean {
    const ended = streams.rows().filter((row) => row.head.forgetAt !== undefined && !this.#isKept(row));
    const done = ended.filter(({ head }) => isDone(head)).slice(0, Math.ceil(this.parts.limits.streams / PARTS));
    const victims = done.length > 0 ? done : ended.slice(0, 1);
    for (const victim of victims) streams.forget(victim);
    return victims.length > 0;
  }

  /** Drops the streams of a session that is gone. They outlive it for a while, for requests that are still running. */
  #dropAbandoned(tx: Transaction, session: string, now: number): void {
    const streams = this.#tables.streamTotals.get(session);
    if (streams === undefined) return;
    const dueAt = Math.max(this.parts.livesUntil(session, now) ?? 0, streams.openedAt + ALONE_MS);
    if (dueAt <= now) return this.forget(tx, session);
    void this.#tables.streamTotals.put(session, { ...streams, dueAt });
    this.abandonedSessions.schedule(dueAt, session);
  }
}

function nameOfKey({ session, stream }: StreamKey): StreamName {
  return [nameOf(session), nameOf(stream)];
}

function refused(message: string): WriteRefused {
  return new WriteRefused(contractError(new Error(message)));
}
