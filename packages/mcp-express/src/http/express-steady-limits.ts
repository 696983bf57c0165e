import { type ClientRateLimitInfo, MemoryStore, type Options, type Store as RateLimitStore } from 'express-rate-limit';
import { within } from '../util/time.js';
import type { SharedCount } from './failed-authentication.js';

/** How long a shared count is waited for, and left alone after it failed. Milliseconds. */
const SHARED_MS = 250;
const AWAY_MS = 1_000;

/** A shared count may say itself why it fails; one that says nothing for this long is reported as silent. Milliseconds. */
const SILENT_MS = 10_000;

/** Reports that counts cannot be kept: once, until they can be again. */
export class Outage {
  #isTold = false;

  constructor(private readonly report: (cause: unknown) => void) {}

  tell(cause: unknown): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.report(cause);
  }

  async watch(counted: Promise<unknown>): Promise<void> {
    try {
      await within(counted, SILENT_MS);
      this.over();
    } catch (cause) {
      this.tell(cause);
    }
  }

  over(): void {
    this.#isTold = false;
  }
}

/** The same counts, whose failures are reported. */
export function reportedBy(outage: Outage, shared: RateLimitStore): SharedCount {
  return {
    increment: (key) => {
      const counted = promised(() => shared.increment(key));
      void outage.watch(counted);
      return counted;
    },
    decrement: (key) => shared.decrement(key),
  };
}

/**
 * A store of `express-rate-limit` that answers in time. While the shared one does not, this node counts for itself, so that
 * no request waits for it, and the budget still holds for what comes to this node.
 */
export class SteadyLimits implements RateLimitStore {
  /** By these two, the limiters of a request are told apart. */
  readonly prefix: string;
  readonly localKeys: boolean;
  readonly #own = new MemoryStore();
  #awayUntil = 0;

  constructor(
    private readonly shared: RateLimitStore,
    private readonly outage: Outage,
  ) {
    this.prefix = shared.prefix ?? '';
    this.localKeys = shared.localKeys === true;
  }

  async init(options: Options): Promise<void> {
    this.#own.init(options);
    await this.shared.init?.(options);
  }

  async increment(key: string): Promise<ClientRateLimitInfo> {
    if (performance.now() < this.#awayUntil) return this.#own.increment(key);
    const counted = promised(() => this.shared.increment(key));
    try {
      const info = await within(counted, SHARED_MS);
      this.outage.over();
      return info;
    } catch {
      this.#awayUntil = performance.now() + AWAY_MS;
      void this.outage.watch(counted);
      return this.#own.increment(key);
    }
  }

  async decrement(key: string): Promise<void> {
    await this.shared.decrement(key);
  }

  async resetKey(key: string): Promise<void> {
    await this.shared.resetKey(key);
  }
}

/**
 * The store, prepared again before it counts where that failed: `rate-limit-redis` that was made while Redis was away has
 * no scripts, and fails for ever, although Redis is back.
 */
export class PreparedLimits implements RateLimitStore {
  readonly prefix: string;
  readonly localKeys: boolean;
  #unprepared: Options | undefined;

  constructor(private readonly store: RateLimitStore) {
    this.prefix = store.prefix ?? '';
    this.localKeys = store.localKeys === true;
  }

  async init(options: Options): Promise<void> {
    this.#unprepared = undefined;
    try {
      await this.store.init?.(options);
    } catch (cause) {
      this.#unprepared = options;
      throw cause;
    }
  }

  async increment(key: string): Promise<ClientRateLimitInfo> {
    if (this.#unprepared !== undefined) await this.init(this.#unprepared);
    return this.store.increment(key);
  }

  async decrement(key: string): Promise<void> {
    await this.store.decrement(key);
  }

  async resetKey(key: string): Promise<void> {
    await this.store.resetKey(key);
  }
}

/** A store of the application may give its answer at once, or throw where it should reject. */
async function promised<T>(step: () => Promise<T> | T): Promise<T> {
  return step();
}
