import type { ClientRateLimitInfo, Options, Store as RateLimitStore } from 'express-rate-limit';
import type { Counters, CounterValue } from '../../store/store.js';

/** A store of `express-rate-limit` that counts in the session store, so that all nodes share a budget. */
export class CounterRateLimitStore implements RateLimitStore {
  #windowMs = 0;

  constructor(
    private readonly counters: Counters,
    readonly prefix: string,
  ) {}

  init({ windowMs }: Options): void {
    this.#windowMs = windowMs;
  }

  async get(key: string): Promise<ClientRateLimitInfo | undefined> {
    return infoOf(await this.counters.read(this.#nameOf(key)));
  }

  async increment(key: string): Promise<ClientRateLimitInfo> {
    return infoOf(await this.counters.count(this.#nameOf(key), this.#windowMs));
  }

  async decrement(key: string): Promise<void> {
    await this.counters.uncount(this.#nameOf(key));
  }

  async resetKey(key: string): Promise<void> {
    await this.counters.forget(this.#nameOf(key));
  }

  #nameOf(key: string): string {
    return `${this.prefix}:${key}`;
  }
}

function infoOf({ hits, resetsAt }: CounterValue): ClientRateLimitInfo {
  return { totalHits: hits, resetTime: resetsAt === undefined ? undefined : new Date(resetsAt) };
}
