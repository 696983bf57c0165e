/** How exact a deadline is. Milliseconds. */
const ROUND_MS = 250;

interface Waiting {
  at: number;
  readonly give: (late: Error) => void;
}

/** Lets commands wait for so long and no longer, with one timer for all. */
export class Deadlines {
  readonly #waiting = new Set<Waiting>();
  #timer: NodeJS.Timeout | undefined;
  #lastRound = 0;

  constructor(private readonly timeoutMs: number) {}

  /** What the command gives, or a rejection when that takes too long. */
  limit<T>(command: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { at: performance.now() + this.timeoutMs, give: reject };
      this.#waiting.add(waiting);
      this.#timer ??= this.#begin();
      const done = (): void => void this.#waiting.delete(waiting);
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

  #begin(): NodeJS.Timeout {
    this.#lastRound = performance.now();
    return setInterval(() => this.#round(), ROUND_MS).unref();
  }

  #round(): void {
    const now = performance.now();
    const late = now - this.#lastRound - ROUND_MS;
    this.#lastRound = now;
    for (const waiting of this.#waiting) {
      // While this process stood still, answers may have come that it has not read yet.
      if (late > 0) waiting.at += late;
      if (waiting.at > now) continue;
      this.#waiting.delete(waiting);
      waiting.give(new Error(`Redis did not answer within ${this.timeoutMs} ms`));
    }
    if (this.#waiting.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
