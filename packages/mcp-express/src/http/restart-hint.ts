/** What it usually takes until another process serves in the place of one that stops. Milliseconds. */
const RESTART_MS = 5_000;

/** Clients of the official SDKs try twice to come back, each time after this long, and never again. Milliseconds. */
const LEAST_MS = 10_000;

/** When clients are to come back for the streams that a server ends because it stops. */
export class RestartHint {
  #leastMs: number;

  /** @param retryMs when they come back otherwise. */
  constructor(private readonly retryMs: number) {
    this.#leastMs = Math.max(retryMs, LEAST_MS);
  }

  /** @param graceMs for which it goes on, and refuses what is new. */
  begin(graceMs: number): void {
    this.#leastMs = Math.max(this.retryMs, LEAST_MS, graceMs + RESTART_MS);
  }

  /** Another for each stream, so that not all clients come at once. Milliseconds. */
  next(): number {
    return this.#leastMs * (1 + Math.random());
  }
}
