import type { OutgoingEvent, PageLimit, PendingResponses } from '../store.js';

/** An event as it is kept in memory. */
export interface LoggedEvent {
  readonly place: number;
  readonly data: string;
  readonly answer: boolean;
  /** The shorter form that replaces this response if it must be dropped. */
  readonly shortForm: string | undefined;
  /** It is the shorter form of a response that was dropped. */
  readonly replaced: boolean;
}

/** An event to append, in full or in its shorter form. */
export type IncomingEvent = OutgoingEvent & { readonly replaced?: boolean };

/**
 * Bytes that an event costs besides its text (the object, its slot in the array), rounded up so that the bound holds.
 */
const EVENT_OVERHEAD_BYTES = 96;

/** The bytes that an event counts. V8 keeps one or two bytes a character; this assumes two. */
export function cost({ data, shortForm }: { readonly data: string; readonly shortForm?: string | undefined }): number {
  return (data.length + (shortForm?.length ?? 0)) * 2 + EVENT_OVERHEAD_BYTES;
}

const NO_WATCHERS: readonly (() => void)[] = [];

/**
 * The events of one stream in memory. Places count up from 1 and are never reused; events leave from the front, so
 * `#events` is always in order of place and a position is found by bisection.
 */
export class EventLog {
  #events: LoggedEvent[] = [];
  /** Index of the first event still held: dropping moves it, and the array is cut only now and then. */
  #head = 0;
  #last = 0;
  #dropped = 0;
  delivered = 0;
  endedAt: number | undefined;
  /** The error response of each pending response, by its index. */
  readonly #owed: Map<number, string> | undefined;
  readonly #owedBy: string | undefined;
  /** The trace context of the requests that this stream answers. */
  readonly trace: string | undefined;
  /** Seldom more than one, for which an array of exactly that length takes least memory. */
  #watchers: readonly (() => void)[] = NO_WATCHERS;

  constructor(debt?: PendingResponses) {
    this.trace = debt?.trace;
    if (debt === undefined) return;
    this.#owed = new Map(debt.errors.entries());
    this.#owedBy = debt.node;
  }

  /** The node that runs the pending responses, while any is pending. */
  get owedBy(): string | undefined {
    return this.#owed?.size ? this.#owedBy : undefined;
  }

  /** The error responses of all responses that are still pending. */
  get inPlace(): readonly OutgoingEvent[] {
    return [...(this.#owed ?? [])].map(([pendingIndex, data]): OutgoingEvent => ({ data, answer: true, pendingIndex }));
  }

  /** False for a pending response that was stored before. */
  isWanted({ pendingIndex }: OutgoingEvent): boolean {
    return pendingIndex === undefined || this.#owed === undefined || this.#owed.has(pendingIndex);
  }

  get size(): number {
    return this.#events.length - this.#head;
  }

  get last(): number {
    return this.#last;
  }

  /** The last position that was dropped at a limit. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The stream has ended and all of it was delivered. */
  get isDone(): boolean {
    return this.endedAt !== undefined && this.delivered >= this.#last;
  }

  get isAttached(): boolean {
    return this.#watchers.length > 0;
  }

  /** An attached reader has not yet been given every event. */
  get isBeingRead(): boolean {
    return this.isAttached && this.delivered < this.#last;
  }

  append(event: IncomingEvent): void {
    const { data, answer = false, replaced = false } = event;
    this.#last += 1;
    this.#events.push({
      place: this.#last,
      data,
      answer,
      shortForm: replaced ? undefined : event.shortForm,
      replaced,
    });
    if (event.pendingIndex !== undefined) this.#owed?.delete(event.pendingIndex);
  }

  /** The events after a position, up to a limit, in order. */
  after(place: number, limit: PageLimit): readonly LoggedEvent[] {
    const start = this.#indexAfter(place);
    const most = Math.min(this.#events.length, start + limit.events);
    let end = start;
    for (let room = limit.characters; end < most && room > 0; end += 1) room -= this.#events[end]?.data.length ?? 0;
    return this.#events.slice(start, end);
  }

  first(): LoggedEvent | undefined {
    return this.#events[this.#head];
  }

  /** Drops the first event. @returns the bytes freed. */
  dropFirst(): number {
    const event = this.#events[this.#head];
    if (event === undefined) return 0;
    this.#head += 1;
    this.#dropped = event.place;
    if (this.#head > 64 && this.#head * 2 > this.#events.length) {
      this.#events = this.#events.slice(this.#head);
      this.#head = 0;
    }
    return cost(event);
  }

  /**
   * Replaces each undelivered response by its shorter form, while `isHigh` returns true.
   * @param freed receives the bytes that each replacement frees.
   */
  replaceResponses(isHigh: () => boolean, freed: (bytes: number) => void): void {
    for (let index = this.#indexAfter(this.delivered); index < this.#events.length && isHigh(); index += 1) {
      const event = this.#events[index];
      if (event?.shortForm === undefined) continue;
      const after = { ...event, data: event.shortForm, shortForm: undefined, replaced: true };
      this.#events[index] = after;
      freed(cost(event) - cost(after));
    }
  }

  /** Adds a reader. @returns a function that removes it. */
  watch(wake: () => void): () => void {
    this.#watchers = [...this.#watchers, wake];
    return () => {
      this.#watchers = this.#watchers.filter((watcher) => watcher !== wake);
    };
  }

  wake(): void {
    for (const watcher of this.#watchers) watcher();
  }

  #indexAfter(place: number): number {
    let low = this.#head;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#events[middle]?.place ?? 0) <= place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
