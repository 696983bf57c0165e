import { reasonOf } from './fault.js';

/** Resolution of the deadlines. Milliseconds. */
const ROUND_MS = 100;

/** Shortest timeout of a command, so that the node notices a Redis that has recovered. Milliseconds. */
const LEAST_MS = 250;

/** The connection that a command was sent on. */
export interface Addressee {
  /** The reason why it is not connected, if known. */
  readonly fault: unknown;
}

interface Waiting {
  at: number;
  readonly to: Addressee;
  readonly give: (late: Error) => void;
}

/**
 * Limits the time of commands, with one timer for all. The time runs from the first unanswered command, not from each
 * one, so that a request of several commands is refused after the same time.
 */
export class Deadlines {
  readonly #waiting = new Set<Waiting>();
  #timer: NodeJS.Timeout | undefined;
  #lastRound = 0;
  /** When the oldest command since the last answer was sent; 0 after an answer. */
  #silentSince = 0;

  constructor(private readonly timeoutMs: number) {}

  /** Settles like the command, or rejects at its deadline. */
  limit<T>(command: Promise<T>, to: Addressee): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { at: this.#deadline(), to, give: reject };
      this.#waiting.add(waiting);
      this.#timer ??= this.#begin();
      const done = (): void => {
        if (this.#waiting.delete(waiting)) this.#silentSince = 0;
      };
      command.then(
        (value) => {
          done();
          // Also a late answer shows that Redis can be reached: the next command has the whole timeout.
          this.#silentSince = 0;
          resolve(value);
        },
        (cause: unknown) => {
          done();
          reject(cause);
        },
      );
    });
  }

  close(): void {
    clearInterval(this.#timer);
    for (const { give } of this.#waiting) give(new Error('the store was closed'));
    this.#waiting.clear();
  }

  /** The deadline of a command that is sent now. */
  #deadline(): number {
    const now = performance.now();
    if (this.#silentSince === 0) this.#silentSince = now;
    return Math.max(this.#silentSince + this.timeoutMs, now + Math.min(LEAST_MS, this.timeoutMs));
  }

  #begin(): NodeJS.Timeout {
    this.#lastRound = performance.now();
    return setInterval(() => this.#round(), ROUND_MS).unref();
  }

  #round(): void {
    const now = performance.now();
    const late = now - this.#lastRound - ROUND_MS;
    this.#lastRound = now;
    if (late > 0 && this.#silentSince > 0) this.#silentSince += late;
    for (const waiting of this.#waiting) {
      // While the process was suspended, answers may have arrived that it has not read yet.
      if (late > 0) waiting.at += late;
      if (waiting.at > now) continue;
      this.#waiting.delete(waiting);
      waiting.give(this.#late(waiting.to));
    }
    if (this.#waiting.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #late({ fault }: Addressee): Error {
    const said = `Redis did not answer within ${this.timeoutMs} ms`;
    return fault === undefined ? new Error(said) : new Error(`${said}: ${reasonOf(fault)}`, { cause: fault });
  }
}
