/** Resolution of the time limits. Milliseconds. */
const ROUND_MS = 100;

/** A write that waits for its commit. */
export interface Limited {
  /** When it is given up, in terms of `performance.now()`. */
  giveUpAt: number;
  /** Rejects the write. */
  giveUp(): void;
}

/** Rejects writes that wait longer than their time limit, with one timer for all. */
export class Overdue {
  readonly #waiting = new Set<Limited>();
  #timer: NodeJS.Timeout | undefined;
  #lastRound = 0;

  /** Starts the time limit of a write. */
  add(limited: Limited): void {
    this.#waiting.add(limited);
    if (this.#timer !== undefined) return;
    this.#lastRound = performance.now();
    this.#timer = setInterval(() => this.#round(), ROUND_MS).unref();
  }

  /** Ends the time limit of a write that has settled. */
  delete(limited: Limited): void {
    this.#waiting.delete(limited);
  }

  #round(): void {
    const now = performance.now();
    const late = now - this.#lastRound - ROUND_MS;
    this.#lastRound = now;
    for (const limited of this.#waiting) {
      // While the process was suspended, nothing could be committed: that time does not count.
      if (late > 0) limited.giveUpAt += late;
      if (limited.giveUpAt > now) continue;
      this.#waiting.delete(limited);
      limited.giveUp();
    }
    if (this.#waiting.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
