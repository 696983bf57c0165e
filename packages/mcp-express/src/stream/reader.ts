import { originOf } from '../store/event-id.js';
import type { Page, PageLimit, Position, StoredEvent, StreamKey, StreamStore } from '../store/store.js';
import type { ReaderOwner } from './reader-owner.js';
import { type CloseReason, isServerClose, type ReaderSink } from './reader-sink.js';

/** The size of one page: enough for a fast replay, and little enough to buffer for each slow client. */
const PAGE: PageLimit = { events: 256, characters: 128 * 1024 };

/** Milliseconds between attempts to read a failing store: the client of a cut connection would only reconnect. */
const RETRY_AFTER_MS = [50, 200, 500, 1_000, 2_000, 4_000];

/** Wake-ups coalesced before a read is forced. Without this limit, a burst would fill the log while its client waits. */
const MAX_WAKE_UPS = 16;

/** Settings of a `StreamReader`. */
export interface ReaderOptions {
  readonly key: StreamKey;
  /** The reader starts after this position. */
  readonly position: Position;
  readonly owner: ReaderOwner;
  /** Called once, when the reader was closed. */
  readonly onClose: ((reason: CloseReason) => void) | undefined;
}

/**
 * A cursor on a stream, and the only way out of it. Live delivery and replay are the same loop from different positions:
 * read the available events, otherwise wait to be woken. A slow client holds a cursor rather than a queue, and an idle
 * stream consists of the cursor alone, without a suspended function.
 */
export class StreamReader {
  readonly key: StreamKey;
  /** Creation time (`performance.now()`) until the first delivery, then `undefined`. Set by the reader alone. */
  silentSince: number | undefined = performance.now();
  readonly #owner: ReaderOwner;
  readonly #onClose: ((reason: CloseReason) => void) | undefined;
  #position: Position;
  /** The log may contain events that were not read yet. */
  #changed = true;
  #ended = false;
  #sink: ReaderSink | undefined;
  /** The log contains more events than were delivered. */
  #behind = false;
  /** A page is about to be delivered. */
  #isScheduled = false;
  #delivering = false;
  /** Wake-ups since the last read. */
  #wakeUps = 0;
  /** Ends the pause before the next attempt to read a failing store. */
  #endPause: (() => void) | undefined;
  readonly #unwatch: () => void;
  #finalMessages: readonly StoredEvent[] | undefined;
  /** The reason for closing once everything has been delivered. */
  #closingFor: CloseReason | undefined;
  #closed: CloseReason | undefined;

  constructor(
    private readonly store: StreamStore,
    options: ReaderOptions,
  ) {
    this.key = options.key;
    this.#position = options.position;
    this.#owner = options.owner;
    this.#onClose = options.onClose;
    this.#unwatch = store.watch(this.key, () => this.#onChange());
  }

  /** The event id before all events of this stream. */
  get origin(): string {
    return originOf(this.key.stream);
  }

  /** The reason for closing, once the reader is closed. */
  get closed(): CloseReason | undefined {
    return this.#closed;
  }

  /** True if the client received an event id of this stream from this reader, or resumed with one. */
  get isResumable(): boolean {
    return this.#position !== 'start';
  }

  /** True if everything in the log was delivered, as far as the reader knows. */
  get isCaughtUp(): boolean {
    return this.#sink !== undefined && !this.#isScheduled && !this.#delivering && this.#closed === undefined;
  }

  /** Delivers the stream from the reader's position, until the stream ends or the reader is closed. */
  pipeTo(sink: ReaderSink): void {
    this.#sink = sink;
    this.#wake();
  }

  /** Closes the reader; the stream continues. Idempotent. Final messages that are about to be delivered still are. */
  close(reason: CloseReason): void {
    if (this.#closed !== undefined || (this.#finalMessages !== undefined && isServerClose(reason))) return;
    this.#closed = reason;
    this.#unwatch();
    this.#owner.onClosed(this);
    this.#onClose?.(reason);
    this.#sink?.readerClosed();
    this.#endPause?.();
    this.#wake();
  }

  /** Closes the reader once it has delivered the current contents of the log. */
  closeWhenDrained(reason: CloseReason): void {
    this.#closingFor = reason;
    this.#onChange();
  }

  /**
   * Delivers messages that could not be stored, and ends. They have no ids, because they cannot be resumed: so an answer
   * reaches a connected client even if the store is away.
   */
  deliverAndEnd(messages: readonly string[]): void {
    if (this.#closed !== undefined || this.#finalMessages !== undefined) return;
    this.#finalMessages = messages.map((data) => ({ id: '', data }));
    this.#ended = true;
    this.#endPause?.();
    this.#onChange();
  }

  #onChange(): void {
    this.#changed = true;
    this.#wakeUps += 1;
    if (this.#isScheduled && this.#wakeUps >= MAX_WAKE_UPS) this.#deliverNow();
    else this.#wake();
  }

  /** Delivers after the current work, so that messages written together are read and sent together. */
  #wake(): void {
    if (this.#isScheduled || this.#delivering || this.#sink === undefined) return;
    this.#isScheduled = true;
    // A long log is delivered page by page, between the requests of other clients.
    if (this.#behind) setImmediate(StreamReader.#onScheduled, this);
    else process.nextTick(StreamReader.#onScheduled, this);
  }

  static #onScheduled(reader: StreamReader): void {
    if (reader.#isScheduled) reader.#deliverNow();
  }

  #deliverNow(): void {
    this.#isScheduled = false;
    this.#wakeUps = 0;
    if (this.#sink !== undefined) void this.#deliver(this.#sink);
  }

  /** Never rejects. */
  async #deliver(sink: ReaderSink): Promise<void> {
    this.#delivering = true;
    let failure: unknown;
    try {
      if (this.#closed === undefined && this.#changed) await this.#deliverPage(sink);
    } catch (cause) {
      failure = cause;
      this.close('client-gone');
    }
    this.#delivering = false;
    if (this.#closed === undefined) return this.#changed ? this.#wake() : undefined;
    this.#sink = undefined;
    sink.end(failure);
  }

  /** One asynchronous function rather than one for each step: it determines the cost of notifying many streams. */
  async #deliverPage(sink: ReaderSink): Promise<void> {
    this.#changed = false;
    let read: Page | undefined;
    try {
      if (!this.#ended) read = await this.store.read(this.key, this.#position, PAGE);
    } catch {
      read = await this.#readAgain();
    }
    const page = read === undefined ? this.#finish() : this.#next(read);
    if (page === undefined || this.#isAbandoned) return;
    const taking = sink.write(page);
    if (this.silentSince !== undefined) this.#owner.onFirstEvent(this);
    this.silentSince = undefined;
    if (taking !== undefined) await taking;
    const last = page.events.at(-1)?.id;
    if (!last || this.#isAbandoned) return;
    try {
      await this.store.delivered(this.key, last);
      this.#owner.onRead(this);
    } catch {
      // The event stays in the log for longer than necessary, which is no reason to cut the connection that received it.
    }
  }

  /** Another connection has taken over, or will resume from the position of the client. */
  get #isAbandoned(): boolean {
    return this.#closed === 'superseded' || this.#closed === 'client-gone';
  }

  /** Moves the position past a page. Returns `undefined` if the page has no events. */
  #next(page: Page): Page | undefined {
    this.#ended ||= page.ended;
    if (page.pendingOn !== undefined) this.#owner.onPending(this, page.pendingOn);
    const last = page.events.at(-1);
    if (last !== undefined) this.#position = { after: last.id };
    this.#behind = last !== undefined && page.atEnd !== true;
    if (this.#behind || this.#ended || (last !== undefined && this.#closingFor !== undefined)) {
      this.#changed = true;
    } else if (this.#closingFor !== undefined && !this.#changed) this.close(this.#closingFor);
    return last === undefined ? undefined : page;
  }

  /** Rejects if the store keeps failing. Returns `undefined` if the stream is unknown or the reader was closed meanwhile. */
  async #readAgain(): Promise<Page | undefined> {
    let failure: unknown;
    for (const waitMs of RETRY_AFTER_MS) {
      await this.#pause(waitMs);
      if (this.#closed !== undefined || this.#finalMessages !== undefined) return undefined;
      try {
        return await this.store.read(this.key, this.#position, PAGE);
      } catch (cause) {
        failure = cause;
      }
    }
    throw failure;
  }

  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#endPause = undefined;
  }

  /** The final messages come after the log. */
  #finish(): Page | undefined {
    const events = this.#finalMessages;
    this.#finalMessages = undefined;
    if (events === undefined || this.#closed !== undefined) {
      this.close('finished');
      return undefined;
    }
    this.#changed = true;
    return { events, ended: true, gap: false };
  }
}
