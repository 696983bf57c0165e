import { type ClientRateLimitInfo, MemoryStore, type Options, type Store as RateLimitStore } from 'express-rate-limit';
import { withTimeout } from '../../util/time.js';
import type { SharedCount } from './failed-authentication.js';

/** Milliseconds: the wait for a shared count, and the pause after it failed. */
const SHARED_MS = 250;
const AWAY_MS = 1_000;

/**
 * Milliseconds. A shared store may report its own error; one that does not answer within this time is reported as
 * silent.
 */
const SILENT_MS = 10_000;

/** Reports failures of a rate limit store once for each outage. */
export class OutageReporter {
  #isReported = false;

  /** @param report receives the first failure of an outage. */
  constructor(private readonly report: (cause: unknown) => void) {}

  /** Reports a failure, unless this outage has been reported. */
  failed(cause: unknown): void {
    if (this.#isReported) return;
    this.#isReported = true;
    this.report(cause);
  }

  /** Reports the failure of one operation, or its lack of an answer within `SILENT_MS`; its success ends the outage. */
  async watch(counted: Promise<unknown>): Promise<void> {
    try {
      await withTimeout(counted, SILENT_MS);
      this.over();
    } catch (cause) {
      this.failed(cause);
    }
  }

  /** Ends the outage: the next failure is reported again. */
  over(): void {
    this.#isReported = false;
  }
}

/** A shared count whose failures are reported to `outage`. */
export function withOutageReports(outage: OutageReporter, shared: RateLimitStore): SharedCount {
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
 * A store of `express-rate-limit` that always answers within `SHARED_MS`. While the shared store does not, this node
 * counts on its own: no request waits for the shared store, and the budget still holds for the requests of this node.
 */
export class FallbackRateLimitStore implements RateLimitStore {
  /** `express-rate-limit` distinguishes the limiters of one request by these two. */
  readonly prefix: string;
  readonly localKeys: boolean;
  readonly #own = new MemoryStore();
  #awayUntil = 0;

  constructor(
    private readonly shared: RateLimitStore,
    private readonly outage: OutageReporter,
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
      const info = await withTimeout(counted, SHARED_MS);
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
 * A store whose failed initialization is repeated before the next count: `rate-limit-redis`, when created while Redis
 * is away, has no scripts and would fail forever, even after Redis is back.
 */
export class ReinitializingStore implements RateLimitStore {
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

/** Turns a synchronous result or exception of an application's store into a promise. */
async function promised<T>(step: () => Promise<T> | T): Promise<T> {
  return step();
}
