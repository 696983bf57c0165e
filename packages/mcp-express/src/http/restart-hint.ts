/** A typical time until a new process replaces a stopping one. Milliseconds. */
const RESTART_MS = 5_000;

/** Clients of the official SDKs reconnect twice, each time after this delay, and then give up. Milliseconds. */
const LEAST_MS = 10_000;

/** Computes the reconnection time for clients of streams that end because the server stops. */
export class RestartHint {
  #leastMs: number;

  /** @param retryMs the normal reconnection time, in milliseconds. */
  constructor(private readonly retryMs: number) {
    this.#leastMs = Math.max(retryMs, LEAST_MS);
  }

  /** Starts the shutdown. @param graceMs milliseconds for which the server still runs but refuses new requests. */
  begin(graceMs: number): void {
    this.#leastMs = Math.max(this.retryMs, LEAST_MS, graceMs + RESTART_MS);
  }

  /** The reconnection time for one stream, in milliseconds. Random, so that clients do not reconnect at the same time. */
  next(): number {
    return this.#leastMs * (1 + Math.random());
  }
}
