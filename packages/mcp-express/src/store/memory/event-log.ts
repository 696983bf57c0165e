import type { Debt, OutgoingEvent, PageLimit } from '../store.js';

export interface LoggedEvent {
  readonly place: number;
  readonly data: string;
  readonly answer: boolean;
  /** What stands for the answer, if it must go. */
  readonly instead: string | undefined;
  /** It stands for an answer that had to go. */
  readonly replaced: boolean;
}

/** An event as it comes, or as what stands for it. */
export type IncomingEvent = OutgoingEvent & { readonly replaced?: boolean };

/** What an event costs beside its text: the object, its place in the array. Rounded up, so the bound is a bound. */
const EVENT_OVERHEAD_BYTES = 96;

/** The bytes a string is charged: V8 keeps one or two bytes a character; two is the bound. */
export function cost({ data, instead }: { readonly data: string; readonly instead?: string | undefined }): number {
  return (data.length + (instead?.length ?? 0)) * 2 + EVENT_OVERHEAD_BYTES;
}

const NOBODY: readonly (() => void)[] = [];

/**
 * The events of one stream in memory. Places count up from 1 and are never reused; events leave from the front, so
 * `#events` is always in order of place and a position is found by bisection.
 */
export class EventLog {
  #events: LoggedEvent[] = [];
  /** Index of the first event still held: dropping moves it, and the array is cut only now and then. */
  #head = 0;
  #lastPlace = 0;
  #droppedPlace = 0;
  deliveredPlace = 0;
  endedAt: number | undefined;
  /** By their places in the debt: what stands for each answer that was not given yet. */
  readonly #owed: Map<number, string> | undefined;
  readonly #owedBy: string | undefined;
  /** Seldom more than one: an array of as many is the smallest that holds them. */
  #watchers: readonly (() => void)[] = NOBODY;

  constructor(debt?: Debt) {
    if (debt === undefined) return;
    this.#owed = new Map(debt.inPlace.entries());
    this.#owedBy = debt.node;
  }

  get owedBy(): string | undefined {
    return this.#owed?.size ? this.#owedBy : undefined;
  }

  /** What stands for the answers that were not given yet. */
  get inPlace(): readonly OutgoingEvent[] {
    return [...(this.#owed ?? [])].map(([owed, data]) => ({ data, answer: true, owed }));
  }

  /** False for an answer that was given before. */
  isWanted({ owed }: OutgoingEvent): boolean {
    return owed === undefined || this.#owed === undefined || this.#owed.has(owed);
  }

  get size(): number {
    return this.#events.length - this.#head;
  }

  get lastPlace(): number {
    return this.#lastPlace;
  }

  /** The last place that a limit took away. */
  get droppedPlace(): number {
    return this.#droppedPlace;
  }

  /** Everything in it was handed to a client, and nothing more will come. */
  get isDone(): boolean {
    return this.endedAt !== undefined && this.deliveredPlace >= this.#lastPlace;
  }

  get isAttached(): boolean {
    return this.#watchers.length > 0;
  }

  /** An attached reader was not given everything yet. */
  get isBeingRead(): boolean {
    return this.isAttached && this.deliveredPlace < this.#lastPlace;
  }

  append(event: IncomingEvent): void {
    const { data, answer = false, replaced = false } = event;
    this.#lastPlace += 1;
    this.#events.push({
      place: this.#lastPlace,
      data,
      answer,
      instead: replaced ? undefined : event.instead,
      replaced,
    });
    if (event.owed !== undefined) this.#owed?.delete(event.owed);
  }

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

  /** Takes the first event away and says what that freed. */
  dropFirst(): number {
    const event = this.#events[this.#head];
    if (event === undefined) return 0;
    this.#head += 1;
    this.#droppedPlace = event.place;
    if (this.#head > 64 && this.#head * 2 > this.#events.length) {
      this.#events = this.#events.slice(this.#head);
      this.#head = 0;
    }
    return cost(event);
  }

  /** Puts what stands for it in place of each answer that was not delivered, while `isHigh`. Tells what each one freed. */
  replaceAnswers(isHigh: () => boolean, freed: (bytes: number) => void): void {
    for (let index = this.#indexAfter(this.deliveredPlace); index < this.#events.length && isHigh(); index += 1) {
      const event = this.#events[index];
      if (event?.instead === undefined) continue;
      const after = { ...event, data: event.instead, instead: undefined, replaced: true };
      this.#events[index] = after;
      freed(cost(event) - cost(after));
    }
  }

  /** @returns what ends it. */
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
