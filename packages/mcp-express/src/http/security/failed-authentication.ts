import type { McpError } from '../../protocol/errors.js';
import { valueInTime } from '../../util/time.js';
import { tooMany } from './rate-limits.js';

/** The part of an `express-rate-limit` store that is used. */
export interface SharedCount {
  increment(key: string): Promise<SharedHits> | SharedHits;
  decrement(key: string): Promise<void> | void;
}

interface SharedHits {
  readonly totalHits: number;
  readonly resetTime: Date | undefined;
}

/** The verification of one request's credentials. */
export interface Attempt {
  /** Ends the attempt. A failed one stays counted until the end of the window. */
  over(failed: boolean): void;
}

/** Settings and services of `FailedAuthentication`. */
export interface FailedAuthenticationOptions {
  /** Failures that each key may have in one window. */
  readonly limit: number;
  readonly windowMs: number;
  /** A count that nodes share. While it is away, the count of this node still applies. */
  readonly shared?: SharedCount | undefined;
  /** The current time in milliseconds since 1970. */
  readonly now: () => number;
}

/** Verifications of one key at a time. More would not make an authorization server faster. */
const AT_A_TIME = 100;

/**
 * Milliseconds after which a running attempt loses its slot: more than any verifier that times out by itself takes. Without
 * this limit, attempts that never end would block every caller behind their address until the process restarts.
 */
const STUCK_MS = 15_000;

/** Attempts of one key that wait for a slot, each with its connection, and how long each waits in milliseconds. */
const MAX_WAITING = 4_096;
const WAIT_MS = 10_000;

/** Keys in memory, about 200 bytes each. At the limit, the oldest key that is not in use is dropped. */
const MAX_KEYS = 50_000;

/** Milliseconds: the wait for a shared count, and the pause after it failed. */
const SHARED_MS = 250;
const SHARED_AWAY_MS = 1_000;

/** Milliseconds between attempts to get a slot of the shared count: attempts of other nodes may succeed and free theirs. */
const RETRY_MS = [20, 40, 80, 160];

/** Milliseconds for which a key is refused without asking, after the shared count had no slot for it. */
const REFUSED_MS = 1_000;

interface Slot {
  readonly begunAt: number;
}

interface Waiter {
  readonly timer: NodeJS.Timeout;
  go(slot: Slot): void;
  refuse(error: McpError): void;
}

interface Tally {
  failures: number;
  /** Slots of the running attempts, oldest first. */
  readonly running: Set<Slot>;
  resetsAt: number;
  /** The time until which the shared count is known to be exhausted. */
  refusedUntil: number;
  readonly waiting: Set<Waiter>;
}

/**
 * The budget of failed authentications. An attempt takes a slot before its credentials are verified and frees it if they
 * are valid, so that no more invalid credentials are verified than the budget allows, however many arrive at once. Attempts
 * that find all slots taken wait for the outcome of the running ones.
 */
export class FailedAuthentication {
  readonly #tallies = new Map<string, Tally>();
  #sweepsAt = 0;
  #sharedAwayUntil = 0;

  constructor(private readonly options: FailedAuthenticationOptions) {}

  get size(): number {
    return this.#tallies.size;
  }

  /** For requests without credentials. @throws McpError `rate-limited` if the budget of the key is exhausted. */
  assertLeft(key: string): void {
    const tally = this.#tallies.get(key);
    if (tally !== undefined) this.#assertLeft(tally);
  }

  /**
   * Begins an attempt. Synchronous while slots are free, unless nodes share the count.
   *
   * @throws McpError `rate-limited` (synchronously, or as a rejection) if the budget of the key is exhausted.
   */
  begin(key: string): Promise<Attempt> | Attempt {
    const tally = this.#tallyOf(key);
    this.#assertLeft(tally);
    if (tally.waiting.size === 0 && this.#hasSlot(tally)) return this.#begun(key, tally, this.#takeSlot(tally));
    return this.#waited(tally).then((slot) => this.#begun(key, tally, slot));
  }

  #begun(key: string, tally: Tally, slot: Slot): Promise<Attempt> | Attempt {
    const { shared } = this.options;
    return shared === undefined ? this.#attempt(tally, slot) : this.#shared(key, tally, { slot, shared });
  }

  #takeSlot(tally: Tally): Slot {
    const slot = { begunAt: this.options.now() };
    tally.running.add(slot);
    return slot;
  }

  #attempt(tally: Tally, slot: Slot, giveBack?: () => void): Attempt {
    return {
      over: (failed) => {
        this.#renew(tally);
        if (failed) tally.failures += 1;
        else giveBack?.();
        this.#leave(tally, slot);
      },
    };
  }

  #leave(tally: Tally, slot: Slot): void {
    tally.running.delete(slot);
    this.#renew(tally);
    if (tally.failures >= this.options.limit) {
      const refusal = this.#refusal(tally.resetsAt);
      for (const waiter of tally.waiting) this.#stopWaiting(tally, waiter).refuse(refusal);
      return;
    }
    for (const waiter of tally.waiting) {
      if (!this.#hasSlot(tally)) return;
      this.#stopWaiting(tally, waiter).go(this.#takeSlot(tally));
    }
  }

  #waited(tally: Tally): Promise<Slot> {
    if (tally.waiting.size >= MAX_WAITING) throw this.#refusal(this.options.now());
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        go: resolve,
        refuse: reject,
        timer: setTimeout(() => this.#stopWaiting(tally, waiter).refuse(this.#refusal(this.options.now())), WAIT_MS),
      };
      tally.waiting.add(waiter);
    });
  }

  #stopWaiting(tally: Tally, waiter: Waiter): Waiter {
    clearTimeout(waiter.timer);
    tally.waiting.delete(waiter);
    return waiter;
  }

  /** Takes a slot in the shared count too. While that is away, only this node's count applies. */
  async #shared(
    key: string,
    tally: Tally,
    { slot, shared }: { readonly slot: Slot; readonly shared: SharedCount },
  ): Promise<Attempt> {
    for (const waitMs of [0, ...RETRY_MS]) {
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      if (this.options.now() < this.#sharedAwayUntil) return this.#attempt(tally, slot);
      const counted = Promise.resolve().then(() => shared.increment(key));
      // A count that arrives late is given back as well.
      const giveBack = (): void => void counted.then(() => shared.decrement(key)).catch(() => {});
      const hits = await valueInTime(counted, SHARED_MS);
      if (hits === undefined) {
        this.#sharedAwayUntil = this.options.now() + SHARED_AWAY_MS;
        return this.#attempt(tally, slot, giveBack);
      }
      if (hits.totalHits <= this.options.limit) return this.#attempt(tally, slot, giveBack);
      giveBack();
      if (this.options.now() < tally.refusedUntil) break;
    }
    tally.refusedUntil = this.options.now() + REFUSED_MS;
    this.#leave(tally, slot);
    throw this.#refusal(tally.refusedUntil);
  }

  #hasSlot({ failures, running }: Tally): boolean {
    const slots = Math.min(AT_A_TIME, this.options.limit - failures);
    if (running.size < slots) return true;
    const stuckSince = this.options.now() - STUCK_MS;
    for (const slot of running) {
      if (slot.begunAt > stuckSince) break;
      running.delete(slot);
    }
    return running.size < slots;
  }

  #assertLeft(tally: Tally): void {
    this.#renew(tally);
    if (tally.failures >= this.options.limit) throw this.#refusal(tally.resetsAt);
    if (this.options.now() < tally.refusedUntil) throw this.#refusal(tally.refusedUntil);
  }

  #renew(tally: Tally): void {
    const now = this.options.now();
    if (now < tally.resetsAt) return;
    tally.failures = 0;
    tally.resetsAt = now + this.options.windowMs;
  }

  #tallyOf(key: string): Tally {
    const known = this.#tallies.get(key);
    if (known !== undefined) return known;
    this.#makeRoom();
    const resetsAt = this.options.now() + this.options.windowMs;
    const tally: Tally = { failures: 0, running: new Set(), resetsAt, refusedUntil: 0, waiting: new Set() };
    this.#tallies.set(key, tally);
    return tally;
  }

  #makeRoom(): void {
    const now = this.options.now();
    const full = this.#tallies.size >= MAX_KEYS;
    if (now < this.#sweepsAt && !full) return;
    const due = now >= this.#sweepsAt;
    this.#sweepsAt = due ? now + this.options.windowMs : this.#sweepsAt;
    let room = full ? 1 : 0;
    for (const [key, tally] of this.#tallies) {
      if (tally.running.size > 0 || tally.waiting.size > 0) continue;
      if (now < tally.resetsAt && room <= 0) {
        if (due) continue;
        return;
      }
      this.#tallies.delete(key);
      room -= 1;
    }
  }

  #refusal(resetsAt: number): McpError {
    return tooMany('failedAuthentication', this.options.limit, new Date(resetsAt));
  }
}
