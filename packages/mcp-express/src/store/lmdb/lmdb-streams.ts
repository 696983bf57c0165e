import { McpError } from '../../protocol/errors.js';
import { formatEventId, placeIn } from '../event-id.js';
import { VainTries } from '../room.js';
import type {
  Appended,
  Debt,
  OutgoingEvent,
  Page,
  PageLimit,
  Position,
  SessionId,
  StoredEvent,
  StreamKey,
  StreamStore,
} from '../store.js';
import type { StreamLimits } from '../stream-limits.js';
import { Debts } from './debts.js';
import { Due } from './due.js';
import { LmdbReaders } from './lmdb-readers.js';
import { type Opened, ofContract } from './opened.js';
import { isDone, isReplaced, type Row, ShelfWork } from './shelf.js';
import { isUnread } from './shelf-holdings.js';
import { storeEvents } from './store-events.js';
import { type Head, nameOf, type StreamName } from './tables.js';
import { rowOf } from './total-room.js';
import { Refusal, type Step } from './writes.js';

/** A stream of no session is kept this long after the last one was opened beside it. Milliseconds. */
const ALONE_MS = 60 * 60_000;

/** Where there are too many streams, of those that were delivered one of so many goes, so that not each has to look. */
const PARTS = 8;

interface StreamsParts {
  readonly opened: Opened;
  readonly limits: StreamLimits;
  readonly now: () => number;
  readonly lookMs: number;
  /** Until when a session is sure to live; `undefined` when it does not. */
  readonly livesUntil: (session: string, now: number) => number | undefined;
}

export class LmdbStreams implements StreamStore {
  readonly ends: Due<number>;
  readonly shelves: Due<string>;
  readonly #debts: Debts;
  readonly #readers: LmdbReaders;
  readonly #vain = new VainTries();

  constructor(private readonly parts: StreamsParts) {
    this.#readers = new LmdbReaders(parts.opened);
    const { tables } = parts.opened;
    this.ends = new Due(tables, 'stream');
    this.shelves = new Due(tables, 'shelf');
    this.#debts = new Debts(tables);
  }

  open(key: StreamKey, debt?: Debt, holder = ''): Promise<void> {
    return this.parts.opened.write((step) => this.#open(step, nameOfKey(key), debt, holder));
  }

  append(key: StreamKey, events: readonly OutgoingEvent[], end = false, force = false): Promise<Appended> {
    return this.parts.opened.write((step) => {
      const row = this.#row(nameOfKey(key));
      if (row === undefined) throw refused('append to an unknown stream');
      const wanted = this.#debts.wanted(row.head, events);
      if (row.head.forgetAt === undefined) return this.#append(step, row, wanted, { end, force });
      if (wanted.length > 0 || events.length === 0) throw refused('append to a stream that has ended');
      return 'stored';
    });
  }

  settle(key: StreamKey): Promise<void> {
    return this.parts.opened.write((step) => {
      const row = this.#row(nameOfKey(key));
      if (row?.head.owedBy === undefined || row.head.forgetAt !== undefined) return;
      this.#append(step, row, this.#debts.inPlace(row.head), { end: true, force: true });
    });
  }

  read(key: StreamKey, position: Position, limit: PageLimit): Promise<Page | undefined> {
    return this.parts.opened.read(() => {
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
        ...(head.owedBy === undefined || head.forgetAt !== undefined ? {} : { owedBy: head.owedBy }),
      };
    });
  }

  async delivered(key: StreamKey, eventId: string): Promise<void> {
    const name = nameOfKey(key);
    const isNews = (row: Row | undefined): row is Row => {
      const place = row && placeOf({ after: eventId }, key, row.head);
      return row !== undefined && place !== undefined && place > row.head.delivered;
    };
    if (!(await this.parts.opened.read(() => isNews(this.#row(name))))) return;
    await this.parts.opened.write((step) => {
      const row = this.#row(name);
      const shelf = ShelfWork.of(this.#tables, step, name[0]);
      if (!isNews(row) || shelf === undefined) return;
      if (shelf.holder !== undefined) this.#vain.forget(shelf.holder);
      row.head.delivered = placeOf({ after: eventId }, key, row.head) ?? row.head.delivered;
      shelf.save(row);
    });
  }

  end(key: StreamKey): Promise<void> {
    return this.parts.opened.write((step) => {
      const row = this.#row(nameOfKey(key));
      if (row !== undefined && row.head.forgetAt === undefined) this.#append(step, row, [], { end: true, force: true });
    });
  }

  watch(key: StreamKey, wake: () => void): () => void {
    return this.#readers.watch(nameOfKey(key), wake, this.parts.lookMs);
  }

  drop(session: SessionId): Promise<void> {
    return this.parts.opened.write((step) => this.forget(step, nameOf(session)));
  }

  forget(step: Step, session: string): void {
    ShelfWork.of(this.#tables, step, session)?.forgetAll();
  }

  /** False when some is left. */
  sweep(step: Step, now: number): boolean {
    const ended = this.ends.settle(now, (number) => {
      const found = rowOf(this.#tables, step, number);
      if (found === undefined) return;
      if (this.#isKept(found.row)) return this.ends.set(now + this.parts.limits.ageMs, number);
      found.shelf.forget(found.row);
      found.shelf.finish();
    });
    return this.shelves.settle(now, (session) => this.#lookAt(step, session, now)) && ended;
  }

  get #tables() {
    return this.parts.opened.tables;
  }

  #row(name: StreamName): Row | undefined {
    const head = this.#tables.streams.get([...name]);
    if (head === undefined) return undefined;
    const isOld = head.forgetAt !== undefined && head.forgetAt <= this.parts.now() && !this.#isKept({ name, head });
    return isOld ? undefined : { name, head };
  }

  /** A reader of this process has not read it to its end. */
  #isKept(row: Row): boolean {
    return isUnread(row) && this.parts.opened.journal.isWatched(row.name);
  }

  #open(step: Step, name: StreamName, debt: Debt | undefined, holder: string): void {
    if (this.#row(name) !== undefined) return;
    const now = this.parts.now();
    const shelf = ShelfWork.of(this.#tables, step, name[0]);
    const room = shelf ?? ShelfWork.begin(this.#tables, step, name[0], now, now + ALONE_MS);
    if (holder !== '') room.countFor(nameOf(holder));
    const old = this.#tables.streams.get([...name]);
    if (old !== undefined) room.forget({ name, head: old });
    if (room.streams >= this.parts.limits.streams && !this.#forgetEnded(room)) {
      room.finish();
      throw new Refusal(ofContract(new McpError('too-many-streams', 'This session has too many open streams')));
    }
    const reader = this.parts.opened.journal.process;
    const row = room.open(name[1], now, debt === undefined ? {} : { debt: true, owedBy: debt.node, reader });
    if (debt !== undefined) this.#debts.begin(row.head.number, debt);
    if (debt?.inPlace.length === 0) delete row.head.owedBy;
    room.finish();
  }

  #append(step: Step, row: Row, events: readonly OutgoingEvent[], how: { end: boolean; force: boolean }): Appended {
    const { limits } = this.parts;
    const isAttached = (each: Row): boolean => this.#readers.isAttached(each);
    const storing = { row, events, force: how.force, limits, isAttached, vain: this.#vain };
    const appended = storeEvents(this.#tables, step, storing);
    if (appended !== 'stored') return appended;
    this.#debts.pay(row.head, events);
    if (how.end) {
      row.head.forgetAt = this.parts.now() + limits.ageMs;
      this.ends.set(row.head.forgetAt, row.head.number);
    }
    void this.#tables.streams.put([...row.name], row.head);
    step.wake(row.name);
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

  #forgetEnded(shelf: ShelfWork): boolean {
    const ended = shelf.rows().filter((row) => row.head.forgetAt !== undefined && !this.#isKept(row));
    const done = ended.filter(({ head }) => isDone(head)).slice(0, Math.ceil(this.parts.limits.streams / PARTS));
    const victims = done.length > 0 ? done : ended.slice(0, 1);
    for (const victim of victims) shelf.forget(victim);
    return victims.length > 0;
  }

  /** Streams outlive a session that was deleted, for whoever has something left to say, but not for ever. */
  #lookAt(step: Step, session: string, now: number): void {
    const shelf = this.#tables.shelves.get(session);
    if (shelf === undefined) return;
    const dueAt = Math.max(this.parts.livesUntil(session, now) ?? 0, shelf.openedAt + ALONE_MS);
    if (dueAt <= now) return this.forget(step, session);
    void this.#tables.shelves.put(session, { ...shelf, dueAt });
    this.shelves.set(dueAt, session);
  }
}

function nameOfKey({ session, stream }: StreamKey): StreamName {
  return [nameOf(session), nameOf(stream)];
}

function refused(message: string): Refusal {
  return new Refusal(ofContract(new Error(message)));
}

function placeOf(position: Position, { stream }: StreamKey, head: Head): number | undefined {
  if (position === 'start') return 0;
  if (position === 'undelivered') return head.delivered;
  const place = placeIn(stream, position.after);
  return place !== undefined && place <= head.last ? place : undefined;
}
