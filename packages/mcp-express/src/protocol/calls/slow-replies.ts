import { timerMs } from '../../ground/time.js';

/** Something that is told when it has taken too long to be one JSON body. */
export interface SlowReply {
  /** What fails before anything is waited for is answered with its own HTTP status, even where all else is a stream. */
  readonly statusMatters: boolean;
  becomeStream(): void;
}

/** Ticks per `afterMs`: a reply becomes a stream no earlier than that, and at most this part of it later. */
const TICKS = 2;

/** Without this, a server that answers fast would start and stop the timer with every request. */
const IDLE_TICKS = 200;

/**
 * One coarse timer for all replies of a router, because a timer per request would cost more than the answer. A `Map` is
 * in order of insertion, so a tick looks only at the replies that are due.
 */
export class SlowReplies {
  readonly #added = new Map<SlowReply, number>();
  readonly #tickMs: number;
  #tick = 0;
  #idleTicks = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly afterMs: number) {
    this.#tickMs = timerMs(Math.max(1, afterMs / TICKS));
  }

  add(reply: SlowReply): void {
    if (!Number.isFinite(this.afterMs)) return;
    if (this.afterMs <= 0)
      return reply.statusMatters ? void setImmediate(() => reply.becomeStream()) : reply.becomeStream();
    this.#added.set(reply, this.#tick);
    this.#timer ??= setInterval(() => this.#onTick(), this.#tickMs).unref();
  }

  delete(reply: SlowReply): void {
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
