/** How exact a time limit is. Milliseconds. */
const ROUND_MS = 100;

/** A change that waits to be committed. */
export interface Limited {
  /** When it is given up, by `performance.now()`. */
  giveUpAt: number;
  giveUp(): void;
}

/** Gives up changes that wait too long, with one timer for all. */
export class Overdue {
  readonly #waiting = new Set<Limited>();
  #timer: NodeJS.Timeout | undefined;
  #lastRound = 0;

  add(limited: Limited): void {
    this.#waiting.add(limited);
    if (this.#timer !== undefined) return;
    this.#lastRound = performance.now();
    this.#timer = setInterval(() => this.#round(), ROUND_MS).unref();
  }

  delete(limited: Limited): void {
    this.#waiting.delete(limited);
  }

  #round(): void {
    const now = performance.now();
    const late = now - this.#lastRound - ROUND_MS;
    this.#lastRound = now;
    for (const limited of this.#waiting) {
      // While this process stood still, nothing could be committed.
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
