/** Counts the open streams, so that `close` can wait for their end. */
export class OpenStreams {
  #open = 0;
  #waiting: (() => void)[] = [];

  /** Counts a stream that has been opened. */
  begin(): void {
    this.#open += 1;
  }

  /** Counts a stream that has ended. */
  end(): void {
    this.#open -= 1;
    if (this.#open > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Resolves when no stream is open. */
  none(): Promise<void> {
    if (this.#open === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
