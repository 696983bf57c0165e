import type { Request, Response } from 'express';
import {
  type ClientRateLimitInfo,
  type RateLimitInfo,
  type Store as RateLimitStore,
  rateLimit,
} from 'express-rate-limit';
import { networkOf } from '../ground/address.js';
import { McpError } from '../ground/errors.js';
import type { Counters } from '../store/store.js';
import { SharedLimits } from './express-shared-limits.js';
import { type Budget, RATE_LIMITS, type RateLimits } from './rate-limits.js';

/** Where counts are kept, from `express-rate-limit` or one of its stores; each budget needs one of its own. */
export type RateLimitStores = (budget: Budget) => RateLimitStore;

const WINDOW_MS = 60_000;

type Counted = Request & { rateLimit?: RateLimitInfo };

type Limiter = ReturnType<typeof rateLimit>;

/** Budgets of what clients may do in a minute, counted apart, so that using up one leaves the others. */
export class RateBudgets {
  readonly #limiters = new Map<Budget, Limiter>();
  /** Whom the request that is being counted is counted for. */
  readonly #keys = new WeakMap<Request, string>();
  readonly #limits: Required<RateLimits>;

  /** @param counters where nodes count together; a budget that `stores` has a store for is counted there. */
  constructor(limits: RateLimits | false, given?: RateLimitStores, counters?: Counters) {
    const stores = given ?? (counters === undefined ? undefined : sharedStores(counters));
    this.#limits = { ...RATE_LIMITS, ...(limits === false ? NO_LIMITS : limits) };
    for (const [budget, limit] of Object.entries(this.#limits) as [Budget, number][]) {
      if (limit > 0) this.#limiters.set(budget, this.#limiterOf(budget, limit, stores));
    }
  }

  /**
   * Counts one request. Costs nothing where there is no limit.
   *
   * @param owner the key of the principal; empty for nobody, who is counted by address.
   * @throws McpError `rate-limited`, with `Retry-After` and `RateLimit` headers.
   */
  spend(budget: Budget, owner: string, request: Request, response: Response): Promise<void> | undefined {
    const limiter = this.#limiters.get(budget);
    if (limiter === undefined) return undefined;
    this.#keys.set(request, keyOf(owner, request));
    return new Promise<void>((resolve, reject) => {
      const next = (error?: unknown): void => (error === undefined ? resolve() : reject(error));
      Promise.resolve(limiter(request, response, next)).catch(reject);
    });
  }

  /**
   * Looks without counting, for what is only counted when it goes wrong.
   *
   * @throws McpError `rate-limited`
   */
  async assertLeft(budget: Budget, owner: string, request: Request): Promise<void> {
    const spent = await this.#spent(budget, keyOf(owner, request));
    if (spent === undefined || spent.totalHits <= this.#limits[budget]) return;
    throw this.#tooMany(budget, spent.resetTime);
  }

  /** What cannot be counted has not been used up. */
  async #spent(budget: Budget, key: string): Promise<ClientRateLimitInfo | undefined> {
    try {
      return await this.#limiters.get(budget)?.getKey(key);
    } catch {
      return undefined;
    }
  }

  #limiterOf(
    budget: Budget,
    limit: number,
    stores: ((budget: Budget) => RateLimitStore | undefined) | undefined,
  ): Limiter {
    const store = stores?.(budget);
    return rateLimit({
      windowMs: WINDOW_MS,
      limit,
      // Told with the refusal: on every other answer they would say how often somebody else has guessed wrong.
      standardHeaders: false,
      legacyHeaders: false,
      keyGenerator: (request) => this.#keys.get(request) ?? '',
      // A count that cannot be kept is no reason to turn away who may come.
      passOnStoreError: true,
      handler: (request, _response, next) => next(this.#tooMany(budget, (request as Counted).rateLimit?.resetTime)),
      ...(store === undefined ? {} : { store }),
    });
  }

  /** With the header fields of draft-ietf-httpapi-ratelimit-headers-10, beside `Retry-After`. */
  #tooMany(budget: Budget, resetTime: Date | undefined): McpError {
    const waitMs = resetTime === undefined ? WINDOW_MS : resetTime.getTime() - Date.now();
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    return new McpError('rate-limited', 'Too many requests: wait before you try again', {
      data: { budget },
      headers: {
        'Retry-After': String(seconds),
        'RateLimit-Policy': `"${budget}";q=${this.#limits[budget]};w=${WINDOW_MS / 1000}`,
        RateLimit: `"${budget}";r=0;t=${seconds}`,
      },
    });
  }
}

/**
 * Refused credentials are counted by each node for itself: the count is looked at before every request is verified, and
 * none should wait for the network because of that.
 */
function sharedStores(counters: Counters): (budget: Budget) => RateLimitStore | undefined {
  return (budget) => (budget === 'failedAuthentication' ? undefined : new SharedLimits(counters, budget));
}

const NO_LIMITS: RateLimits = { initialize: 0, unknownSessions: 0, failedAuthentication: 0, requests: 0 };

function keyOf(owner: string, { ip }: Request): string {
  return owner === '' ? `address ${networkOf(ip)}` : `principal ${owner}`;
}
