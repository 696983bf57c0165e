import { originOf } from '../store/event-id.js';
import type { Page, PageLimit, Position, StoredEvent, StreamKey, StreamStore } from '../store/store.js';

/** What is taken from the store at a time: enough for a fast replay, little enough to hold for each slow client. */
const PAGE: PageLimit = { events: 256, characters: 128 * 1024 };

/** Waits between the tries of a store that cannot be read: cut connections would only come back to where it is away. */
const RETRY_AFTER_MS = [50, 200, 500, 1_000, 2_000, 4_000];

/** Why a reader stopped. */
export type CloseReason =
  | 'finished'
  | 'paused'
  | 'superseded'
  | 'client-gone'
  | 'session-ended'
  | 'token-ended'
  | 'shutting-down';

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * A cursor on a stream, and the only way out of it. Live delivery and replay are this same loop with different starting
 * positions: read what is there, else wait to be woken. A slow client holds a cursor, not a queue.
 */
export class StreamReader implements AsyncIterableIterator<Page, undefined> {
  #position: Position;
  #changed = false;
  #ended = false;
  #wake: (() => void) | undefined;
  #waiting = false;
  #unwatch: (() => void) | undefined;
  #lastWords: readonly StoredEvent[] | undefined;
  /** It is to stop, for this reason, as soon as there is nothing more to show. */
  #closingFor: CloseReason | undefined;
  #closed: CloseReason | undefined;
  /** Told once the reader was stopped: whoever shows it may be waiting for a client rather than for the stream. */
  onStopped: (() => void) | undefined;
  /** Told when it waits for what a node owes. */
  onOwed: ((node: string) => void) | undefined;

  constructor(
    private readonly store: StreamStore,
    readonly key: StreamKey,
    position: Position,
    private readonly onClose: (reader: StreamReader, reason: CloseReason) => void,
  ) {
    this.#position = position;
  }

  /** The event id that stands before everything in this stream. */
  get origin(): string {
    return originOf(this.key.stream);
  }

  /** Set once the reader was stopped; a page that was in flight by then must not be shown any more. */
  get closed(): CloseReason | undefined {
    return this.#closed;
  }

  /** It has shown all that is in the log, as far as it knows. */
  get isWaiting(): boolean {
    return this.#waiting;
  }

  async next(): Promise<IteratorResult<Page, undefined>> {
    this.#unwatch ??= this.store.watch(this.key, () => this.#onChange());
    while (this.#closed === undefined && !this.#ended) {
      this.#changed = false;
      const page = await this.#read();
      if (page === undefined) return this.#finish();
      this.#ended ||= page.ended;
      const last = page.events.at(-1);
      if (last !== undefined) {
        this.#position = { after: last.id };
        return { done: false, value: page };
      }
      if (this.#ended) break;
      if (this.#closingFor !== undefined) this.close(this.#closingFor);
      if (page.owedBy !== undefined) this.onOwed?.(page.owedBy);
      await this.#untilChange();
    }
    return this.#finish();
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.close('client-gone');
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Remembers that everything up to this event was handed to the client. */
  async delivered(eventId: string): Promise<void> {
    try {
      await this.store.delivered(this.key, eventId);
    } catch {
      // Then it is kept for longer than it must, which is no reason to cut the connection it was handed to.
    }
  }

  /** Stops the reader. The stream goes on. Idempotent. A reader that is about to say its last words may say them. */
  close(reason: CloseReason): void {
    if (this.#closed !== undefined || (this.#lastWords !== undefined && isOurs(reason))) return;
    this.#closed = reason;
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.onClose(this, reason);
    this.onStopped?.();
    this.#wakeUp();
  }

  /** Stops the reader once it has shown what is in the log by now. */
  closeWhenDry(reason: CloseReason): void {
    this.#closingFor = reason;
    this.#onChange();
  }

  /**
   * Shows messages that could not be stored, and ends. Without ids, because they cannot be resumed from: an answer
   * reaches a client that is still connected even when the store is gone.
   */
  finishWith(messages: readonly string[]): void {
    if (this.#closed !== undefined || this.#lastWords !== undefined) return;
    this.#lastWords = messages.map((data) => ({ id: '', data }));
    this.#ended = true;
    this.#wakeUp();
  }

  /** Rejects when the store stays away. Nothing when the stream is unknown, or the reader was stopped meanwhile. */
  async #read(): Promise<Page | undefined> {
    for (const waitMs of RETRY_AFTER_MS) {
      try {
        return await this.store.read(this.key, this.#position, PAGE);
      } catch {
        await this.#pause(waitMs);
        if (this.#closed !== undefined || this.#lastWords !== undefined) return undefined;
      }
    }
    return this.store.read(this.key, this.#position, PAGE);
  }

  async #pause(ms: number): Promise<void> {
    const timer = setTimeout(() => this.#wakeUp(), ms);
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    clearTimeout(timer);
  }

  #onChange(): void {
    this.#changed = true;
    this.#wakeUp();
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  async #untilChange(): Promise<void> {
    if (this.#changed || this.#closed !== undefined) return;
    this.#waiting = true;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#waiting = false;
  }

  #finish(): IteratorResult<Page, undefined> {
    const events = this.#lastWords;
    this.#lastWords = undefined;
    if (events !== undefined && this.#closed === undefined) {
      return { done: false, value: { events, ended: true, gap: false } };
    }
    this.close('finished');
    return DONE;
  }
}

/** The reasons for which the server closes a connection that the client still listens to. */
function isOurs(reason: CloseReason): boolean {
  return reason === 'session-ended' || reason === 'shutting-down';
}
