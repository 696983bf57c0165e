import { timerMs } from '../util/time.js';

/** Something with a connection that proxies would cut if it stayed silent. */
export interface Silent {
  keepAlive(): void;
}

/**
 * Comment lines on every open stream, from one timer. A stream is written to once per round, so what was sent since
 * makes no difference: cheaper than a timer per stream, and never later than the interval.
 */
export class KeepAlive {
  readonly #streams = new Set<Silent>();
  readonly #timer: NodeJS.Timeout | undefined;

  /** @param everyMs zero switches it off. */
  constructor(everyMs: number) {
    if (everyMs > 0) this.#timer = setInterval(() => this.#round(), timerMs(everyMs)).unref();
  }

  add(stream: Silent): void {
    this.#streams.add(stream);
  }

  delete(stream: Silent): void {
    this.#streams.delete(stream);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #round(): void {
    for (const stream of this.#streams) stream.keepAlive();
  }
}
