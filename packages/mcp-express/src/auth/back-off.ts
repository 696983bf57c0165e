const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** Leaves somebody who does not answer alone for a while, twice as long after each failure. */
export class BackOff {
  #failures = 0;
  #until = 0;
  #last: unknown;

  constructor(
    /** Milliseconds since 1970. */
    private readonly now: () => number,
    private readonly firstMs = FIRST_MS,
  ) {}

  /**
   * Rejects as `work` does, or at once while it is too early to try again.
   *
   * @param ends whether success shows that all is well again, and is not one step on the way to know.
   */
  async run<T>(work: () => Promise<T>, ends = true): Promise<T> {
    if (this.now() < this.#until) throw new Error('Not tried again so soon after a failure', { cause: this.#last });
    try {
      const done = await work();
      if (ends) this.#failures = 0;
      return done;
    } catch (thrown) {
      this.#last = thrown;
      this.#until = this.now() + Math.min(this.firstMs * 2 ** this.#failures, LONGEST_MS);
      this.#failures += 1;
      throw thrown;
    }
  }
}
