/** How exact a deadline is. Milliseconds. */
const ROUND_MS = 250;

interface Waiting {
  readonly at: number;
  readonly give: (late: Error) => void;
}

/** Lets commands wait for so long and no longer, with one timer for all. */
export class Deadlines {
  readonly #waiting = new Set<Waiting>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly timeoutMs: number) {}

  /** What the command gives, or a rejection when that takes too long. */
  limit<T>(command: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { at: performance.now() + this.timeoutMs, give: reject };
      this.#waiting.add(waiting);
      this.#timer ??= setInterval(() => this.#round(), ROUND_MS).unref();
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

  #round(): void {
    const now = performance.now();
    for (const waiting of this.#waiting) {
      if (waiting.at > now) continue;
      this.#waiting.delete(waiting);
      waiting.give(new Error(`Redis did not answer within ${this.timeoutMs} ms`));
    }
    if (this.#waiting.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
