import { reasonOf } from './fault.js';

/** How exact a deadline is. Milliseconds. */
const ROUND_MS = 100;

/** How long a command waits at least, so that a Redis that is back is noticed. Milliseconds. */
const LEAST_MS = 250;

/** Where a command was sent. */
export interface Addressee {
  /** Why it is not connected, if that is known. */
  readonly fault: unknown;
}

interface Waiting {
  at: number;
  readonly to: Addressee;
  readonly give: (late: Error) => void;
}

/**
 * Lets commands wait for so long and no longer, with one timer for all. The time begins with the first command that was
 * left unanswered, and not with each anew: a request that needs several commands is refused after that time too.
 */
export class Deadlines {
  readonly #waiting = new Set<Waiting>();
  #timer: NodeJS.Timeout | undefined;
  #lastRound = 0;
  /** When the first command was sent that nothing was heard since; 0 when the last thing was an answer. */
  #silentSince = 0;

  constructor(private readonly timeoutMs: number) {}

  /** What the command gives, or a rejection when that takes too long. */
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

  /** Of a command that is sent now. */
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
      // While this process stood still, answers may have come that it has not read yet.
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
