import { setTimeout as delay } from 'node:timers/promises';

/** A message with its sequence number among all messages of its sender. */
export interface Numbered {
  readonly number: number;
  readonly topic: string;
  readonly message: string;
}

interface Waiting extends Numbered {
  /** When the publication fails unless the message is stored by then. */
  readonly giveUpAt: number;
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
}

/** Limits of one batch: messages, and characters unless a single message has more. */
const BATCH = 200;
const BATCH_CHARACTERS = 512 * 1024;

/** Limits of the queue while Redis cannot be reached. */
const MAX_WAITING = 10_000;
const MAX_WAITING_CHARACTERS = 16 * 1024 * 1024;

/** Milliseconds that a failed message is retried. */
const PATIENCE_MS = 5_000;

/** Milliseconds between attempts; the last one repeats. */
const RETRY_AFTER_MS = [20, 50, 100, 200, 400];

/**
 * The queue of messages from this node to the bus. One batch is in flight at a time, so that no message overtakes one
 * that is retried; messages that arrive meanwhile form the next batch.
 */
export class Publisher {
  readonly #waiting: Waiting[] = [];
  #characters = 0;
  #last = 0;
  #isSending = false;
  #isClosed = false;

  /** @param send stores a batch atomically and in order. */
  constructor(private readonly send: (batch: readonly Numbered[]) => Promise<unknown>) {}

  /**
   * Publishes a message. Resolves when it is stored; rejects after five seconds of failures, or when the queue is full.
   */
  publish(topic: string, message: string): Promise<void> {
    if (this.#isClosed) return Promise.reject(closed());
    const characters = this.#characters + message.length;
    const isFull = this.#waiting.length >= MAX_WAITING || characters > MAX_WAITING_CHARACTERS;
    if (isFull && this.#waiting.length > 0) return Promise.reject(new Error('too many messages wait for Redis'));
    this.#characters = characters;
    this.#last += 1;
    const number = this.#last;
    return new Promise((resolve, reject) => {
      const giveUpAt = performance.now() + PATIENCE_MS;
      this.#waiting.push({ number, topic, message, giveUpAt, resolve, reject });
      if (!this.#isSending) void this.#drain();
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#take(this.#waiting.length, ({ reject }) => reject(closed()));
  }

  async #drain(): Promise<void> {
    this.#isSending = true;
    for (let failures = 0; this.#waiting.length > 0; ) {
      const batch = this.#batch();
      try {
        await this.send(batch);
        failures = 0;
        if (!this.#isClosed) this.#take(batch.length, ({ resolve }) => resolve());
      } catch (cause) {
        this.#expire(cause);
        const waitMs = RETRY_AFTER_MS[Math.min(failures, RETRY_AFTER_MS.length - 1)];
        failures += 1;
        if (this.#waiting.length > 0) await delay(waitMs, undefined, { ref: false });
      }
    }
    this.#isSending = false;
  }

  /** The messages at the head of the queue. A failed batch is sent with newer messages: listeners skip known numbers. */
  #batch(): readonly Waiting[] {
    let count = 0;
    for (let characters = 0; count < Math.min(BATCH, this.#waiting.length); count += 1) {
      characters += this.#waiting[count]?.message.length ?? 0;
      if (count > 0 && characters > BATCH_CHARACTERS) break;
    }
    return this.#waiting.slice(0, count);
  }

  /** Rejects the messages whose time has ended. The queue is in the order in which that happens. */
  #expire(cause: unknown): void {
    const now = performance.now();
    const first = this.#waiting.findIndex(({ giveUpAt }) => giveUpAt > now);
    this.#take(first === -1 ? this.#waiting.length : first, ({ reject }) => reject(cause));
  }

  #take(count: number, settle: (message: Waiting) => void): void {
    for (const waiting of this.#waiting.splice(0, count)) {
      this.#characters -= waiting.message.length;
      settle(waiting);
    }
  }
}

function closed(): Error {
  return new Error('the store was closed');
}
