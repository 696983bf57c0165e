import type { Need } from '../room.js';
import type { OutgoingEvent } from '../store.js';
import { LEAST_FIRST, type StreamLimits, type Worth } from '../stream-limits.js';
import { Due } from './due.js';
import { type Head, LAST_NAME, type Shelf, type StreamName, type Tables } from './tables.js';
import type { Step } from './writes.js';

/** What an event costs beside its text: its key, its place in a page. */
const EVENT_OVERHEAD_BYTES = 64;

/** What a stream costs beside its events. */
const STREAM_OVERHEAD_BYTES = 512;

/** The marks of events, as they are stored before their text. */
const ANSWER = 'a';
const REPLACED = 'x';
const NOTIFICATION = 'n';

/** An event as it comes, or as what stands for it. */
export type IncomingEvent = OutgoingEvent & { readonly replaced?: boolean };

const EMPTY = -1;
const DELIVERED = LEAST_FIRST.indexOf('delivered');

/** A stream that is being worked on. */
export interface Row {
  readonly name: StreamName;
  readonly head: Head;
}

/** The streams of one session within one step: what each costs is counted here, and nowhere else. */
export class ShelfWork {
  readonly #due: Due<string>;

  private constructor(
    private readonly tables: Tables,
    private readonly step: Step,
    readonly session: string,
    private readonly shelf: Shelf,
  ) {
    this.#due = new Due(tables, 'shelf');
  }

  /** `undefined` when the session has no streams. */
  static of(tables: Tables, step: Step, session: string): ShelfWork | undefined {
    const shelf = tables.shelves.get(session);
    return shelf && new ShelfWork(tables, step, session, shelf);
  }

  static begin(tables: Tables, step: Step, session: string, now: number, dueAt: number): ShelfWork {
    const work = new ShelfWork(tables, step, session, { bytes: 0, events: 0, streams: 0, openedAt: now, dueAt });
    work.#due.set(dueAt, session);
    return work;
  }

  get streams(): number {
    return this.shelf.streams;
  }

  get bytes(): number {
    return this.shelf.bytes;
  }

  /** NAME of whom the streams are counted for. */
  get holder(): string | undefined {
    return this.shelf.holder;
  }

  /** Counts the streams for this holder, unless they are counted for one. */
  countFor(holder: string): void {
    if (this.shelf.holder !== undefined) return;
    this.shelf.holder = holder;
    this.step.shares.add(holder, this.shelf.bytes);
    void this.tables.shelvesOf.put([holder, this.session], '');
  }

  /** All of them, in order of opening. */
  rows(): Row[] {
    const range = {
      start: [this.session] as unknown as [string, string],
      end: [this.session, LAST_NAME] as [string, string],
    };
    return [...this.tables.streams.getRange(range)]
      .map(({ key, value }) => ({ name: key, head: value }))
      .sort((a, b) => a.head.number - b.head.number);
  }

  open(stream: string, now: number, debt: Pick<Head, 'debt' | 'owedBy' | 'reader'>): Row {
    const number = this.step.turn();
    const head: Head = { number, last: 0, delivered: 0, dropped: 0, bytes: 0, front: EMPTY, ...debt };
    const row: Row = { name: [this.session, stream], head };
    void this.tables.numbers.put(number, row.name);
    this.shelf.openedAt = now;
    this.shelf.streams += 1;
    this.#count(STREAM_OVERHEAD_BYTES, 0);
    this.save(row);
    return row;
  }

  append({ head }: Row, { data, answer, instead, replaced }: IncomingEvent): void {
    head.last += 1;
    const place: [number, number] = [head.number, head.last];
    const mark = replaced === true ? REPLACED : answer === true ? ANSWER : NOTIFICATION;
    void this.tables.events.put(place, mark + data);
    const isReplaceable = mark === ANSWER && instead !== undefined;
    if (isReplaceable) void this.tables.instead.put(place, instead);
    const bytes = costOf(data, isReplaceable ? instead : undefined);
    head.bytes += bytes;
    this.#count(bytes, 1);
  }

  /** Drops what is worth this little from the front, while `isHigh` says so. */
  drop(row: Row, worth: Worth, isHigh: () => boolean): void {
    const { head } = row;
    const worthOf = LEAST_FIRST.indexOf(worth);
    const before = head.dropped;
    while (sizeOf(head) > 0 && isHigh() && this.#worthOfFront(head) <= worthOf) this.#dropFirst(head);
    if (head.dropped !== before) this.save(row);
  }

  /** Puts what stands for it in place of each answer that was not delivered, while `isHigh` says so. */
  replace(row: Row, isHigh: () => boolean): void {
    const { head } = row;
    const before = head.bytes;
    for (let at = Math.max(head.delivered, head.dropped) + 1; at <= head.last && isHigh(); at += 1) {
      const place: [number, number] = [head.number, at];
      const instead = this.tables.instead.get(place);
      if (instead === undefined) continue;
      const data = (this.tables.events.get(place) ?? '').slice(1);
      void this.tables.events.put(place, REPLACED + instead);
      void this.tables.instead.remove(place);
      const bytes = costOf(instead) - costOf(data, instead);
      head.bytes += bytes;
      this.#count(bytes, 0);
    }
    if (head.bytes !== before) this.save(row);
  }

  forget(row: Row): void {
    const { tables } = this;
    const { head, name } = row;
    while (sizeOf(head) > 0) this.#dropFirst(head);
    this.#refront(head);
    void tables.streams.remove([...name]);
    void tables.numbers.remove(head.number);
    void tables.debts.remove(head.number);
    if (head.forgetAt !== undefined) new Due<number>(tables, 'stream').clear(head.forgetAt, head.number);
    this.shelf.streams -= 1;
    this.#count(-STREAM_OVERHEAD_BYTES, 0);
    this.step.wake(name);
  }

  forgetAll(): void {
    for (const row of this.rows()) this.forget(row);
    this.finish();
  }

  save(row: Row): void {
    this.#refront(row.head);
    void this.tables.streams.put([...row.name], row.head);
  }

  /** To be called once, after all changes. */
  finish(): void {
    if (this.shelf.streams > 0) {
      void this.tables.shelves.put(this.session, this.shelf);
      return;
    }
    void this.tables.shelves.remove(this.session);
    if (this.shelf.holder !== undefined) void this.tables.shelvesOf.remove([this.shelf.holder, this.session]);
    this.#due.clear(this.shelf.dueAt, this.session);
  }

  isOver(limits: StreamLimits, { bytes, events }: Need, share: number): boolean {
    return this.shelf.bytes + bytes > limits.bytes * share || this.shelf.events + events > limits.events * share;
  }

  #dropFirst(head: Head): void {
    const place: [number, number] = [head.number, head.dropped + 1];
    const stored = this.tables.events.get(place) ?? '';
    const instead = stored.startsWith(ANSWER) ? this.tables.instead.get(place) : undefined;
    const bytes = costOf(stored.slice(1), instead);
    void this.tables.events.remove(place);
    if (instead !== undefined) void this.tables.instead.remove(place);
    head.dropped += 1;
    head.bytes -= bytes;
    this.#count(-bytes, -1);
  }

  #worthOfFront(head: Head): number {
    const first = head.dropped + 1;
    if (first > head.last) return EMPTY;
    if (first <= head.delivered) return DELIVERED;
    const isNotification = this.tables.events.get([head.number, first])?.startsWith(NOTIFICATION) ?? true;
    return LEAST_FIRST.indexOf(isNotification ? 'notification' : 'anything');
  }

  #refront(head: Head): void {
    const worth = this.#worthOfFront(head);
    if (worth === head.front) return;
    if (head.front !== EMPTY) void this.tables.fronts.remove([head.front, head.number]);
    if (worth !== EMPTY) void this.tables.fronts.put([worth, head.number], '');
    head.front = worth;
  }

  #count(bytes: number, events: number): void {
    this.shelf.bytes += bytes;
    this.shelf.events += events;
    this.step.totals.bytes += bytes;
    if (this.shelf.holder !== undefined) this.step.shares.add(this.shelf.holder, bytes);
  }
}

export function sizeOf(head: Head): number {
  return head.last - head.dropped;
}

/** Everything in it was handed to a client, and nothing more will come. */
export function isDone(head: Head): boolean {
  return head.forgetAt !== undefined && head.delivered >= head.last;
}

export function isReplaced(stored: string): boolean {
  return stored.startsWith(REPLACED);
}

export function costOf(data: string, instead = ''): number {
  return Buffer.byteLength(data) + Buffer.byteLength(instead) + EVENT_OVERHEAD_BYTES;
}
