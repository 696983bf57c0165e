import { timerMs } from '../util/time.js';

/** A connection that proxies would close if it stayed idle. */
export interface KeepAliveTarget {
  /** Sends something that clients ignore. */
  keepAlive(): void;
}

/**
 * Sends comment lines on every open stream from one timer. Every stream is written to once a period, whether or not it was
 * active: this is cheaper than a timer for each stream, and a connection is never idle for longer than the interval.
 */
export class KeepAlive {
  readonly #streams = new Set<KeepAliveTarget>();
  readonly #timer: NodeJS.Timeout | undefined;

  /** @param everyMs interval in milliseconds; 0 disables keep-alives. */
  constructor(everyMs: number) {
    if (everyMs > 0) this.#timer = setInterval(() => this.#round(), timerMs(everyMs)).unref();
  }

  add(stream: KeepAliveTarget): void {
    this.#streams.add(stream);
  }

  delete(stream: KeepAliveTarget): void {
    this.#streams.delete(stream);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #round(): void {
    for (const stream of this.#streams) stream.keepAlive();
  }
}
