import type { McpError } from '../protocol/errors.js';
import { inTime } from '../util/time.js';
import { tooMany } from './rate-limits.js';

/** As much of a store of `express-rate-limit` as is used. */
export interface SharedCount {
  increment(key: string): Promise<SharedHits> | SharedHits;
  decrement(key: string): Promise<void> | void;
}

interface SharedHits {
  readonly totalHits: number;
  readonly resetTime: Date | undefined;
}

/** One request that is being verified. */
export interface Attempt {
  /** Ends the attempt. One that failed stays counted until the end of the minute. */
  over(failed: boolean): void;
}

export interface FailedAuthenticationParts {
  /** Failures a minute, for each key. */
  readonly limit: number;
  readonly windowMs: number;
  /** Where nodes count together. What this node has counted itself holds also while it is away. */
  readonly shared?: SharedCount | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Verifications of one key at a time. More do not make an authorization server faster. */
const AT_A_TIME = 100;

/**
 * Milliseconds after which an attempt that has not ended no longer takes a place: more than a verifier takes that gives up by
 * itself. Those that never end would refuse everyone behind their address for as long as the process runs.
 */
const STUCK_MS = 15_000;

/** Attempts of one key that wait, each with its connection, and how long. */
const MAX_WAITING = 4_096;
const WAIT_MS = 10_000;

/** Keys in memory, each some 200 bytes. Beyond, the one that was seen first makes room, unless it is in use. */
const MAX_KEYS = 50_000;

/** How long a shared count is waited for, and left alone after a failure. */
const SHARED_MS = 250;
const SHARED_AWAY_MS = 1_000;

/** Attempts of other nodes may end well and leave their places: milliseconds after which the shared count is asked again. */
const RETRY_MS = [20, 40, 80, 160];

/** How long a key is refused without asking, once the shared count has no place for it. */
const REFUSED_MS = 1_000;

/** What an attempt under way takes among the failures that are left. */
interface Place {
  readonly begunAt: number;
}

interface Waiter {
  readonly timer: NodeJS.Timeout;
  go(place: Place): void;
  refuse(error: McpError): void;
}

interface Tally {
  failures: number;
  /** Of the attempts under way, the first first. */
  readonly running: Set<Place>;
  resetsAt: number;
  /** Until when the shared count is known to be used up. */
  refusedUntil: number;
  readonly waiting: Set<Waiter>;
}

/**
 * The budget of failed authentications. A place in it is taken before anything is verified and given back when the
 * credentials turn out to be good, so that no more than the budget are ever verified in vain, however many come at once.
 * What comes while all places are taken waits until it is known how the others end.
 */
export class FailedAuthentication {
  readonly #tallies = new Map<string, Tally>();
  #sweepsAt = 0;
  #sharedAwayUntil = 0;

  constructor(private readonly parts: FailedAuthenticationParts) {}

  /** Keys that are remembered. */
  get size(): number {
    return this.#tallies.size;
  }

  /** @throws McpError `rate-limited` when the budget of the key is used up. */
  assertLeft(key: string): void {
    const tally = this.#tallies.get(key);
    if (tally !== undefined) this.#assertLeft(tally);
  }

  /**
   * Begins an attempt. Nothing is waited for while there are places, unless nodes count together.
   *
   * @throws McpError `rate-limited` (at once, or as a rejection) when the budget of the key is used up.
   */
  begin(key: string): Promise<Attempt> | Attempt {
    const tally = this.#tallyOf(key);
    this.#assertLeft(tally);
    if (tally.waiting.size === 0 && this.#hasPlace(tally)) return this.#begun(key, tally, this.#place(tally));
    return this.#waited(tally).then((place) => this.#begun(key, tally, place));
  }

  #begun(key: string, tally: Tally, place: Place): Promise<Attempt> | Attempt {
    const { shared } = this.parts;
    return shared === undefined ? this.#attempt(tally, place) : this.#shared(key, tally, { place, shared });
  }

  #place(tally: Tally): Place {
    const place = { begunAt: this.parts.now() };
    tally.running.add(place);
    return place;
  }

  #attempt(tally: Tally, place: Place, giveBack?: () => void): Attempt {
    return {
      over: (failed) => {
        this.#renew(tally);
        if (failed) tally.failures += 1;
        else giveBack?.();
        this.#leave(tally, place);
      },
    };
  }

  #leave(tally: Tally, place: Place): void {
    tally.running.delete(place);
    this.#renew(tally);
    if (tally.failures >= this.parts.limit) {
      const refusal = this.#refusal(tally.resetsAt);
      for (const waiter of tally.waiting) this.#stopWaiting(tally, waiter).refuse(refusal);
      return;
    }
    for (const waiter of tally.waiting) {
      if (!this.#hasPlace(tally)) return;
      this.#stopWaiting(tally, waiter).go(this.#place(tally));
    }
  }

  #waited(tally: Tally): Promise<Place> {
    if (tally.waiting.size >= MAX_WAITING) throw this.#refusal(this.parts.now());
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        go: resolve,
        refuse: reject,
        timer: setTimeout(() => this.#stopWaiting(tally, waiter).refuse(this.#refusal(this.parts.now())), WAIT_MS),
      };
      tally.waiting.add(waiter);
    });
  }

  #stopWaiting(tally: Tally, waiter: Waiter): Waiter {
    clearTimeout(waiter.timer);
    tally.waiting.delete(waiter);
    return waiter;
  }

  /** Takes a place in the shared count too. While that is away, this node's own count is all there is. */
  async #shared(
    key: string,
    tally: Tally,
    { place, shared }: { readonly place: Place; readonly shared: SharedCount },
  ): Promise<Attempt> {
    for (const waitMs of [0, ...RETRY_MS]) {
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      if (this.parts.now() < this.#sharedAwayUntil) return this.#attempt(tally, place);
      const counted = Promise.resolve().then(() => shared.increment(key));
      // A count that arrives late is given back as well.
      const giveBack = (): void => void counted.then(() => shared.decrement(key)).catch(() => {});
      const hits = await inTime(counted, SHARED_MS);
      if (hits === undefined) {
        this.#sharedAwayUntil = this.parts.now() + SHARED_AWAY_MS;
        return this.#attempt(tally, place, giveBack);
      }
      if (hits.totalHits <= this.parts.limit) return this.#attempt(tally, place, giveBack);
      giveBack();
      if (this.parts.now() < tally.refusedUntil) break;
    }
    tally.refusedUntil = this.parts.now() + REFUSED_MS;
    this.#leave(tally, place);
    throw this.#refusal(tally.refusedUntil);
  }

  #hasPlace({ failures, running }: Tally): boolean {
    const places = Math.min(AT_A_TIME, this.parts.limit - failures);
    if (running.size < places) return true;
    const stuckSince = this.parts.now() - STUCK_MS;
    for (const place of running) {
      if (place.begunAt > stuckSince) break;
      running.delete(place);
    }
    return running.size < places;
  }

  #assertLeft(tally: Tally): void {
    this.#renew(tally);
    if (tally.failures >= this.parts.limit) throw this.#refusal(tally.resetsAt);
    if (this.parts.now() < tally.refusedUntil) throw this.#refusal(tally.refusedUntil);
  }

  #renew(tally: Tally): void {
    const now = this.parts.now();
    if (now < tally.resetsAt) return;
    tally.failures = 0;
    tally.resetsAt = now + this.parts.windowMs;
  }

  #tallyOf(key: string): Tally {
    const known = this.#tallies.get(key);
    if (known !== undefined) return known;
    this.#makeRoom();
    const resetsAt = this.parts.now() + this.parts.windowMs;
    const tally: Tally = { failures: 0, running: new Set(), resetsAt, refusedUntil: 0, waiting: new Set() };
    this.#tallies.set(key, tally);
    return tally;
  }

  #makeRoom(): void {
    const now = this.parts.now();
    const full = this.#tallies.size >= MAX_KEYS;
    if (now < this.#sweepsAt && !full) return;
    const due = now >= this.#sweepsAt;
    this.#sweepsAt = due ? now + this.parts.windowMs : this.#sweepsAt;
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
    return tooMany('failedAuthentication', this.parts.limit, new Date(resetsAt));
  }
}
