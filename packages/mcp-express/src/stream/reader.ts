import { originOf } from '../store/event-id.js';
import type { Page, PageLimit, Position, StoredEvent, StreamKey, StreamStore } from '../store/store.js';
import type { ReaderOwner } from './reader-owner.js';
import { type CloseReason, isOurs, type Viewer } from './viewer.js';

/** What is taken from the store at a time: enough for a fast replay, little enough to hold for each slow client. */
const PAGE: PageLimit = { events: 256, characters: 128 * 1024 };

/** Waits between the tries of a store that cannot be read: cut connections would only come back to where it is away. */
const RETRY_AFTER_MS = [50, 200, 500, 1_000, 2_000, 4_000];

/** So many events may come before it looks, or a burst would fill the log while its client waits for it. */
const MOST_UNSEEN = 16;

export interface ReaderOptions {
  readonly key: StreamKey;
  /** Behind which it begins. */
  readonly position: Position;
  readonly owner: ReaderOwner;
  /** Called once, when it has stopped. */
  readonly onClose: ((reason: CloseReason) => void) | undefined;
}

/**
 * A cursor on a stream, and the only way out of it. Live delivery and replay are this same loop with different starting
 * positions: read what is there, else wait to be woken. A slow client holds a cursor, not a queue, and while nothing is to
 * be shown there is nothing but the cursor: no function that waits.
 */
export class StreamReader {
  readonly key: StreamKey;
  /** When it was made, of `performance.now()`, until it has shown an event. Milliseconds. Set by the reader alone. */
  silentSince: number | undefined = performance.now();
  readonly #owner: ReaderOwner;
  readonly #onClose: ((reason: CloseReason) => void) | undefined;
  #position: Position;
  /** There may be more than was read. */
  #changed = true;
  #ended = false;
  #viewer: Viewer | undefined;
  /** There is more in the log than was shown of it. */
  #behind = false;
  /** It is about to show a page. */
  #due = false;
  #showing = false;
  /** How often it was woken since it last looked. */
  #unseen = 0;
  /** Ends the wait for the next try of a store that cannot be read. */
  #hurry: (() => void) | undefined;
  readonly #unwatch: () => void;
  #lastWords: readonly StoredEvent[] | undefined;
  /** It is to stop, for this reason, as soon as there is nothing more to show. */
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

  /** The event id that stands before everything in this stream. */
  get origin(): string {
    return originOf(this.key.stream);
  }

  /** Set once the reader was stopped. */
  get closed(): CloseReason | undefined {
    return this.#closed;
  }

  /** Its client was given an event id of this stream by it, or came back with one. */
  get hasMoved(): boolean {
    return this.#position !== 'start';
  }

  /** It has shown all that is in the log, as far as it knows. */
  get isWaiting(): boolean {
    return this.#viewer !== undefined && !this.#due && !this.#showing && this.#closed === undefined;
  }

  /** Shows the stream, from the reader's position on, for as long as it goes on. */
  showTo(viewer: Viewer): void {
    this.#viewer = viewer;
    this.#wake();
  }

  /** Stops the reader. The stream goes on. Idempotent. A reader that is about to say its last words may say them. */
  close(reason: CloseReason): void {
    if (this.#closed !== undefined || (this.#lastWords !== undefined && isOurs(reason))) return;
    this.#closed = reason;
    this.#unwatch();
    this.#owner.onClosed(this);
    this.#onClose?.(reason);
    this.#viewer?.stopped();
    this.#hurry?.();
    this.#wake();
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
    this.#hurry?.();
    this.#onChange();
  }

  #onChange(): void {
    this.#changed = true;
    this.#unseen += 1;
    if (this.#due && this.#unseen >= MOST_UNSEEN) this.#showNow();
    else this.#wake();
  }

  /** After all that is done by now: what is said in one go is shown, and sent, in one go. */
  #wake(): void {
    if (this.#due || this.#showing || this.#viewer === undefined) return;
    this.#due = true;
    // A long log is shown page by page, between what other clients ask.
    if (this.#behind) setImmediate(StreamReader.#onTurn, this);
    else process.nextTick(StreamReader.#onTurn, this);
  }

  static #onTurn(reader: StreamReader): void {
    if (reader.#due) reader.#showNow();
  }

  #showNow(): void {
    this.#due = false;
    this.#unseen = 0;
    if (this.#viewer !== undefined) void this.#showTo(this.#viewer);
  }

  /** Never rejects. */
  async #showTo(viewer: Viewer): Promise<void> {
    this.#showing = true;
    let failure: unknown;
    try {
      if (this.#closed === undefined && this.#changed) await this.#showPage(viewer);
    } catch (cause) {
      failure = cause;
      this.close('client-gone');
    }
    this.#showing = false;
    if (this.#closed === undefined) return this.#changed ? this.#wake() : undefined;
    this.#viewer = undefined;
    viewer.over(failure);
  }

  /** One function that waits, rather than one for each step: it is what a notification to many streams costs. */
  async #showPage(viewer: Viewer): Promise<void> {
    this.#changed = false;
    let read: Page | undefined;
    try {
      if (!this.#ended) read = await this.store.read(this.key, this.#position, PAGE);
    } catch {
      read = await this.#readAgain();
    }
    const page = read === undefined ? this.#finish() : this.#next(read);
    if (page === undefined || this.#isTaken) return;
    const taking = viewer.show(page);
    if (this.silentSince !== undefined) this.#owner.onSaid(this);
    this.silentSince = undefined;
    if (taking !== undefined) await taking;
    const last = page.events.at(-1)?.id;
    if (!last || this.#isTaken) return;
    try {
      await this.store.delivered(this.key, last);
      this.#owner.onRead(this);
    } catch {
      // Then it is kept for longer than it must, which is no reason to cut the connection it was handed to.
    }
  }

  /** What is on its way belongs to another connection by now, or to whoever comes back. */
  get #isTaken(): boolean {
    return this.#closed === 'superseded' || this.#closed === 'client-gone';
  }

  /** Goes behind a page that was read. Nothing when there is nothing on it to be shown. */
  #next(page: Page): Page | undefined {
    this.#ended ||= page.ended;
    if (page.owedBy !== undefined) this.#owner.onOwed(this, page.owedBy);
    const last = page.events.at(-1);
    if (last !== undefined) this.#position = { after: last.id };
    this.#behind = last !== undefined && page.atEnd !== true;
    if (this.#behind || this.#ended || (last !== undefined && this.#closingFor !== undefined)) {
      this.#changed = true;
    } else if (this.#closingFor !== undefined && !this.#changed) this.close(this.#closingFor);
    return last === undefined ? undefined : page;
  }

  /** Rejects when the store stays away. Nothing when the stream is unknown, or the reader was stopped meanwhile. */
  async #readAgain(): Promise<Page | undefined> {
    let failure: unknown;
    for (const waitMs of RETRY_AFTER_MS) {
      await this.#pause(waitMs);
      if (this.#closed !== undefined || this.#lastWords !== undefined) return undefined;
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
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#hurry = undefined;
  }

  /** The last words come last. */
  #finish(): Page | undefined {
    const events = this.#lastWords;
    this.#lastWords = undefined;
    if (events === undefined || this.#closed !== undefined) {
      this.close('finished');
      return undefined;
    }
    this.#changed = true;
    return { events, ended: true, gap: false };
  }
}
