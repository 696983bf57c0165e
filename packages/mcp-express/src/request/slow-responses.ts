import { timerMs } from '../util/time.js';

/** A response that becomes a stream when its answer takes too long. */
export interface SlowResponse {
  /** Immediate errors get their own HTTP status, even for a client that accepts only a stream. */
  readonly statusMatters: boolean;
  becomeStream(): void;
}

/** Ticks per `afterMs`: a response becomes a stream after `afterMs` at the earliest, and one tick later at most. */
const TICKS = 2;

/** Ticks without any response before the timer stops. Avoids starting and stopping it with every request. */
const IDLE_TICKS = 200;

/**
 * One coarse timer for all responses of a router, because a timer per request costs more than the answer. A `Map` keeps
 * insertion order, so a tick visits only the responses that are due.
 */
export class SlowResponses {
  readonly #added = new Map<SlowResponse, number>();
  readonly #tickMs: number;
  #tick = 0;
  #idleTicks = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly afterMs: number) {
    this.#tickMs = timerMs(Math.max(1, afterMs / TICKS));
  }

  add(reply: SlowResponse): void {
    if (!Number.isFinite(this.afterMs)) return;
    if (this.afterMs <= 0)
      return reply.statusMatters ? void setImmediate(() => reply.becomeStream()) : reply.becomeStream();
    this.#added.set(reply, this.#tick);
    this.#timer ??= setInterval(() => this.#onTick(), this.#tickMs).unref();
  }

  delete(reply: SlowResponse): void {
    this.#added.delete(reply);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#added.clear();
  }

  #onTick(): void {
    this.#tick += 1;
    this.#idleTicks = this.#added.size === 0 ? this.#idleTicks + 1 : 0;
    if (this.#idleTicks > IDLE_TICKS) return this.close();
    for (const [reply, added] of this.#added) {
      if (this.#tick - added <= TICKS) return;
      this.#added.delete(reply);
      reply.becomeStream();
    }
  }
}
