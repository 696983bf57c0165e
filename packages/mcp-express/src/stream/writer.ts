import { McpError } from '../ground/errors.js';
import type { OutgoingEvent, StreamKey, StreamStore } from '../store/store.js';

/** What may wait for a store that is slower than the handler, before notifications are refused. */
const MAX_WAITING_BYTES = 1024 * 1024;

interface Batch {
  readonly events: OutgoingEvent[];
  end: boolean;
  readonly stored: Promise<void>;
  readonly settle: { resolve: () => void; reject: (reason: unknown) => void };
}

/**
 * The one way into a stream. Appends leave in the order they were made, whether or not anybody awaits them, and those
 * made while the store is busy travel together: so the answer, made last, is stored last (MCP, "Progress").
 */
export class StreamWriter {
  #waiting: Batch | undefined;
  #waitingBytes = 0;
  #pumping = false;

  /**
   * @param opened settles when the stream is known to the store; nothing is appended before, and when it rejects every
   *   append does.
   */
  constructor(
    private readonly store: StreamStore,
    readonly key: StreamKey,
    readonly opened: Promise<void>,
  ) {
    opened.catch(() => {});
  }

  /**
   * Resolves when the event is stored. A rejection that nobody awaits is not an unhandled one: handlers are free not to
   * wait for their notifications.
   */
  append(event: OutgoingEvent, end = false): Promise<void> {
    if (!end && this.#waitingBytes > MAX_WAITING_BYTES) {
      return quiet(Promise.reject(new McpError('store-unavailable', 'The event store is too slow for this stream')));
    }
    this.#waiting ??= newBatch();
    const batch = this.#waiting;
    batch.events.push(event);
    batch.end ||= end;
    this.#waitingBytes += event.data.length;
    if (!this.#pumping) void this.#pump();
    return batch.stored;
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    for (let batch = this.#take(); batch !== undefined; batch = this.#take()) {
      try {
        await this.opened;
        await this.store.append(this.key, batch.events, batch.end);
        batch.settle.resolve();
      } catch (cause) {
        const error = new McpError('store-unavailable', 'The event store did not take the message', { cause });
        void quiet(batch.stored);
        batch.settle.reject(error);
      }
    }
    this.#pumping = false;
  }

  #take(): Batch | undefined {
    const batch = this.#waiting;
    this.#waiting = undefined;
    this.#waitingBytes = 0;
    return batch;
  }
}

function newBatch(): Batch {
  let settle: Batch['settle'] | undefined;
  const stored = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { events: [], end: false, stored, settle: settle as Batch['settle'] & {} };
}

function quiet(promise: Promise<void>): Promise<void> {
  promise.catch(() => {});
  return promise;
}
