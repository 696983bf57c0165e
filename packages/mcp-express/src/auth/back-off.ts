/** The first and the longest pause, in milliseconds. */
const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** Pauses requests to a failing server, twice as long after each failure, up to half a minute. */
export class BackOff {
  #failures = 0;
  #until = 0;
  #last: unknown;

  constructor(
    /** The current time in milliseconds since 1970. */
    private readonly now: () => number,
    private readonly firstMs = FIRST_MS,
  ) {}

  /**
   * Runs `work`, or rejects at once during a pause.
   *
   * @param ends whether success resets the pause; false for an intermediate step.
   * @throws Error of `work`, or one whose `cause` is the last failure.
   */
  async run<T>(work: () => Promise<T>, ends = true): Promise<T> {
    if (this.now() < this.#until) throw new Error('No retry so soon after a failure', { cause: this.#last });
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
