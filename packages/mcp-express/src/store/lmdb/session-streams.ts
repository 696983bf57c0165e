import type { Need } from '../eviction.js';
import type { OutgoingEvent } from '../store.js';
import { EVICTION_ORDER, type EventClass, type StreamLimits } from '../stream-limits.js';
import { ExpiryQueue } from './expiry-queue.js';
import type { PendingHead } from './pending-response-table.js';
import { type Head, LAST_NAME, type StreamName, type StreamTotals, type Tables } from './tables.js';
import type { Transaction } from './write-queue.js';

/** Bytes that an event costs besides its text: its key, its place in a page. */
const EVENT_OVERHEAD_BYTES = 64;

/** Bytes that a stream costs besides its events. */
const STREAM_OVERHEAD_BYTES = 512;

/** The kinds of events: the first character of a stored event, before its text. */
const ANSWER = 'a';
const REPLACED = 'x';
const NOTIFICATION = 'n';

/** An event to append, in full or in its shorter form. */
export type IncomingEvent = OutgoingEvent & { readonly replaced?: boolean };

const EMPTY = -1;
const DELIVERED = EVICTION_ORDER.indexOf('delivered');

/** A stream within a transaction. `head` is changed in place and then saved. */
export interface StreamRow {
  readonly name: StreamName;
  readonly head: Head;
}

/** The streams of one session within one transaction. Only this class changes the sums of bytes, events and streams. */
export class SessionStreams {
  readonly #expiries: ExpiryQueue<string>;

  private constructor(
    private readonly tables: Tables,
    private readonly tx: Transaction,
    readonly session: string,
    private readonly totals: StreamTotals,
  ) {
    this.#expiries = new ExpiryQueue(tables, 'shelf');
  }

  /** The streams of a session; `undefined` when it has none. */
  static of(tables: Tables, tx: Transaction, session: string): SessionStreams | undefined {
    const totals = tables.streamTotals.get(session);
    return totals && new SessionStreams(tables, tx, session, totals);
  }

  /** Adds a session without streams yet. @param dueAt when to check whether the session still exists. */
  static create(tables: Tables, tx: Transaction, session: string, now: number, dueAt: number): SessionStreams {
    const streams = new SessionStreams(tables, tx, session, { bytes: 0, events: 0, streams: 0, openedAt: now, dueAt });
    streams.#expiries.schedule(dueAt, session);
    return streams;
  }

  /** Number of streams. */
  get streams(): number {
    return this.totals.streams;
  }

  /** Bytes of all streams. */
  get bytes(): number {
    return this.totals.bytes;
  }

  /** NAME of the quota holder. */
  get holder(): string | undefined {
    return this.totals.holder;
  }

  /** Counts the streams against this holder, unless they count against one already. */
  countAgainst(holder: string): void {
    if (this.totals.holder !== undefined) return;
    this.totals.holder = holder;
    this.tx.holderBytes.add(holder, this.totals.bytes);
    void this.tables.sessionsByHolder.put([holder, this.session], '');
  }

  /** All streams, in order of opening. */
  rows(): StreamRow[] {
    const range = {
      start: [this.session] as unknown as [string, string],
      end: [this.session, LAST_NAME] as [string, string],
    };
    return [...this.tables.streams.getRange(range)]
      .map(({ key, value }) => ({ name: key, head: value }))
      .sort((a, b) => a.head.number - b.head.number);
  }

  /** Creates an empty stream. */
  open(stream: string, now: number, debt: PendingHead): StreamRow {
    const number = this.tx.nextSequence();
    const head: Head = { number, last: 0, delivered: 0, dropped: 0, bytes: 0, front: EMPTY, ...debt };
    const row: StreamRow = { name: [this.session, stream], head };
    void this.tables.streamNames.put(number, row.name);
    this.totals.openedAt = now;
    this.totals.streams += 1;
    this.#count(STREAM_OVERHEAD_BYTES, 0);
    this.save(row);
    return row;
  }

  /** Appends an event. The caller saves the stream. */
  append({ head }: StreamRow, { data, answer, shortForm, replaced }: IncomingEvent): void {
    head.last += 1;
    const place: [number, number] = [head.number, head.last];
    const mark = replaced === true ? REPLACED : answer === true ? ANSWER : NOTIFICATION;
    void this.tables.events.put(place, mark + data);
    const isReplaceable = mark === ANSWER && shortForm !== undefined;
    if (isReplaceable) void this.tables.shortForms.put(place, shortForm);
    const bytes = costOf(data, isReplaceable ? shortForm : undefined);
    head.bytes += bytes;
    this.#count(bytes, 1);
  }

  /** Drops events up to this class from the front, while `isHigh` returns true. */
  drop(row: StreamRow, eventClass: EventClass, isHigh: () => boolean): void {
    const { head } = row;
    const highest = EVICTION_ORDER.indexOf(eventClass);
    const before = head.dropped;
    while (sizeOf(head) > 0 && isHigh() && this.#classOfFirst(head) <= highest) this.#dropFirst(head);
    if (head.dropped !== before) this.save(row);
  }

  /** Replaces undelivered responses by their shorter form, while `isHigh` returns true. */
  replace(row: StreamRow, isHigh: () => boolean): void {
    const { head } = row;
    const before = head.bytes;
    for (let at = Math.max(head.delivered, head.dropped) + 1; at <= head.last && isHigh(); at += 1) {
      const place: [number, number] = [head.number, at];
      const instead = this.tables.shortForms.get(place);
      if (instead === undefined) continue;
      const data = (this.tables.events.get(place) ?? '').slice(1);
      void this.tables.events.put(place, REPLACED + instead);
      void this.tables.shortForms.remove(place);
      const bytes = costOf(instead) - costOf(data, instead);
      head.bytes += bytes;
      this.#count(bytes, 0);
    }
    if (head.bytes !== before) this.save(row);
  }

  /** Removes a stream and wakes its readers. */
  forget(row: StreamRow): void {
    const { tables } = this;
    const { head, name } = row;
    while (sizeOf(head) > 0) this.#dropFirst(head);
    this.#reindexFirst(head);
    void tables.streams.remove([...name]);
    void tables.streamNames.remove(head.number);
    void tables.pendingResponses.remove(head.number);
    if (head.forgetAt !== undefined) new ExpiryQueue<number>(tables, 'stream').cancel(head.forgetAt, head.number);
    this.totals.streams -= 1;
    this.#count(-STREAM_OVERHEAD_BYTES, 0);
    this.tx.wake(name);
  }

  /** Removes all streams. */
  forgetAll(): void {
    for (const row of this.rows()) this.forget(row);
    this.saveTotals();
  }

  /** Saves a changed stream. */
  save(row: StreamRow): void {
    this.#reindexFirst(row.head);
    void this.tables.streams.put([...row.name], row.head);
  }

  /** Saves the sums, or removes them with the last stream. To be called once, after all changes. */
  saveTotals(): void {
    if (this.totals.streams > 0) {
      void this.tables.streamTotals.put(this.session, this.totals);
      return;
    }
    void this.tables.streamTotals.remove(this.session);
    if (this.totals.holder !== undefined) void this.tables.sessionsByHolder.remove([this.totals.holder, this.session]);
    this.#expiries.cancel(this.totals.dueAt, this.session);
  }

  /** Whether the session and the needed space together exceed `factor` times the limits. */
  exceeds(limits: StreamLimits, { bytes, events }: Need, factor: number): boolean {
    return this.totals.bytes + bytes > limits.bytes * factor || this.totals.events + events > limits.events * factor;
  }

  #dropFirst(head: Head): void {
    const place: [number, number] = [head.number, head.dropped + 1];
    const stored = this.tables.events.get(place) ?? '';
    const instead = stored.startsWith(ANSWER) ? this.tables.shortForms.get(place) : undefined;
    const bytes = costOf(stored.slice(1), instead);
    void this.tables.events.remove(place);
    if (instead !== undefined) void this.tables.shortForms.remove(place);
    head.dropped += 1;
    head.bytes -= bytes;
    this.#count(-bytes, -1);
  }

  #classOfFirst(head: Head): number {
    const first = head.dropped + 1;
    if (first > head.last) return EMPTY;
    if (first <= head.delivered) return DELIVERED;
    const isNotification = this.tables.events.get([head.number, first])?.startsWith(NOTIFICATION) ?? true;
    return EVICTION_ORDER.indexOf(isNotification ? 'notification' : 'anything');
  }

  #reindexFirst(head: Head): void {
    const eventClass = this.#classOfFirst(head);
    if (eventClass === head.front) return;
    if (head.front !== EMPTY) void this.tables.firstEvents.remove([head.front, head.number]);
    if (eventClass !== EMPTY) void this.tables.firstEvents.put([eventClass, head.number], '');
    head.front = eventClass;
  }

  #count(bytes: number, events: number): void {
    this.totals.bytes += bytes;
    this.totals.events += events;
    this.tx.totals.bytes += bytes;
    if (this.totals.holder !== undefined) this.tx.holderBytes.add(this.totals.holder, bytes);
  }
}

/** The number of events held. */
export function sizeOf(head: Head): number {
  return head.last - head.dropped;
}

/** The stream has ended and all of it was delivered. */
export function isDone(head: Head): boolean {
  return head.forgetAt !== undefined && head.delivered >= head.last;
}

/** Whether a stored event is the shorter form of a dropped response. */
export function isReplaced(stored: string): boolean {
  return stored.startsWith(REPLACED);
}

/** Bytes that an event counts, with the shorter form that is stored beside it. */
export function costOf(data: string, instead = ''): number {
  return Buffer.byteLength(data) + Buffer.byteLength(instead) + EVENT_OVERHEAD_BYTES;
}
