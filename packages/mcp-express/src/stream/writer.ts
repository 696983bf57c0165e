import { McpError } from '../protocol/errors.js';
import type { AppendOutcome, OutgoingEvent, StreamKey, StreamStore } from '../store/store.js';
import { type Backlog, LARGE } from './backlog.js';

/** Characters that may always wait in one writer. */
const FREE_WAITING = 1024 * 1024;

/** Characters that may wait in one writer, and in all writers of a node, before notifications are refused. */
const MAX_WAITING = 16 * 1024 * 1024;
const MAX_WAITING_IN_ALL = 64 * 1024 * 1024;

/** Limits of one batch: a larger one would be refused as a whole although the store has room for a part of it. */
const MAX_BATCH_EVENTS = 512;
const MAX_BATCH_CHARACTERS = 512 * 1024;

/** The stream of a writer. */
export interface OpenedStream {
  readonly key: StreamKey;
  /** The holder that it counts for. */
  readonly holder: string;
  /** Resolves when the store has the stream. Nothing is appended before; if it rejects, every append does. */
  readonly opened: Promise<void>;
}

interface Batch {
  readonly events: OutgoingEvent[];
  characters: number;
  end: boolean;
  readonly stored: Promise<void>;
  readonly settle: { resolve: () => void; reject: (reason: unknown) => void };
}

/**
 * The only way into a stream. Events are appended in the order of the calls, whether or not these are awaited, and those
 * added while the store is busy are appended together. The answer, added last, is therefore stored last (MCP, "Progress").
 */
export class StreamWriter {
  readonly #waiting: Batch[] = [];
  #waitingCharacters = 0;
  #pumping = false;

  constructor(
    private readonly store: StreamStore,
    private readonly backlog: Backlog,
    private readonly stream: OpenedStream,
  ) {
    stream.opened.catch(() => {});
  }

  get key(): StreamKey {
    return this.stream.key;
  }

  get opened(): Promise<void> {
    return this.stream.opened;
  }

  /**
   * Resolves when the event is stored. An ignored rejection is not reported as unhandled, because handlers need not await
   * their notifications.
   *
   * @param end ends the stream with this event.
   */
  append(event: OutgoingEvent, end = false): Promise<void> {
    if (!end && event.answer !== true && this.#isFull) {
      return quiet(Promise.reject(new McpError('store-unavailable', 'The event store is too slow for this stream')));
    }
    const batch = this.#openBatch();
    batch.events.push(event);
    batch.characters += event.data.length;
    batch.end ||= end;
    this.#hold(event.data.length);
    if (!this.#pumping) void this.#pump();
    return batch.stored;
  }

  get #isFull(): boolean {
    const waiting = this.#waitingCharacters;
    return waiting > FREE_WAITING && (waiting > MAX_WAITING || this.backlog.held > MAX_WAITING_IN_ALL);
  }

  #openBatch(): Batch {
    const last = this.#waiting.at(-1);
    const isOpen =
      last !== undefined && last.events.length < MAX_BATCH_EVENTS && last.characters < MAX_BATCH_CHARACTERS;
    if (isOpen) return last;
    const batch = newBatch();
    this.#waiting.push(batch);
    return batch;
  }

  async #pump(): Promise<void> {
    const { key, holder } = this.stream;
    this.#pumping = true;
    for (let batch = this.#waiting.shift(); batch !== undefined; batch = this.#waiting.shift()) {
      try {
        await this.opened;
        let appended: AppendOutcome = 'full';
        if (batch.characters < LARGE) appended = await this.store.append(key, batch.events, batch.end);
        if (appended === 'full') appended = await this.backlog.append({ ...batch, key, holder });
        if (appended === 'dropped') reject(batch, 'There is no room for the message: its client does not read');
        else batch.settle.resolve();
      } catch (cause) {
        reject(batch, 'The event store did not take the message', cause);
      }
      this.#hold(-batch.characters);
    }
    this.#pumping = false;
  }

  #hold(characters: number): void {
    this.#waitingCharacters += characters;
    this.backlog.hold(characters);
  }
}

function newBatch(): Batch {
  let settle: Batch['settle'] | undefined;
  const stored = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { events: [], characters: 0, end: false, stored, settle: settle as Batch['settle'] & {} };
}

function reject({ stored, settle }: Batch, message: string, cause?: unknown): void {
  void quiet(stored);
  settle.reject(new McpError('store-unavailable', message, { cause }));
}

function quiet(promise: Promise<void>): Promise<void> {
  promise.catch(() => {});
  return promise;
}
