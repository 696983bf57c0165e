import type { Request, Response } from 'express';
import { type RateLimitInfo, type Store as RateLimitStore, rateLimit } from 'express-rate-limit';
import { networkOf } from '../ground/address.js';
import type { Counters } from '../store/store.js';
import { addressOf } from './express-address.js';
import { SharedLimits } from './express-shared-limits.js';
import { FailedAuthentication } from './failed-authentication.js';
import { type Budget, RATE_LIMITS, type RateLimits, tooMany, WINDOW_MS } from './rate-limits.js';

/** Where counts are kept, from `express-rate-limit` or one of its stores; each budget needs one of its own. */
export type RateLimitStores = (budget: Budget) => RateLimitStore;

type Counted = Request & { rateLimit?: RateLimitInfo };

type Limiter = ReturnType<typeof rateLimit>;

/** Budgets of what clients may do in a minute, counted apart, so that using up one leaves the others. */
export class RateBudgets {
  readonly #limiters = new Map<Budget, Limiter>();
  /** Whom the request that is being counted is counted for. */
  readonly #keys = new WeakMap<Request, string>();
  readonly #limits: Required<RateLimits>;
  /** Absent where failed authentication is not limited. */
  readonly failedAuthentication: FailedAuthentication | undefined;

  /** @param counters where nodes count together; a budget that `stores` has a store for is counted there. */
  constructor(limits: RateLimits | false, given?: RateLimitStores, counters?: Counters) {
    const stores = given ?? (counters === undefined ? undefined : sharedStores(counters));
    this.#limits = { ...RATE_LIMITS, ...(limits === false ? NO_LIMITS : limits) };
    for (const [budget, limit] of Object.entries(this.#limits) as [Budget, number][]) {
      if (limit > 0 && budget !== 'failedAuthentication')
        this.#limiters.set(budget, this.#limiterOf(budget, limit, stores));
    }
    this.failedAuthentication = this.#failedAuthentication(given);
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
   * What the application gives is counted in as well. Otherwise each node counts for itself: no request should wait for the
   * network before it is verified.
   */
  #failedAuthentication(given: RateLimitStores | undefined): FailedAuthentication | undefined {
    const { failedAuthentication: limit } = this.#limits;
    if (limit === 0) return undefined;
    const shared = given?.('failedAuthentication');
    // Initializes the store, as for every budget.
    if (shared !== undefined) rateLimit({ windowMs: WINDOW_MS, limit, store: shared });
    return new FailedAuthentication({ limit, windowMs: WINDOW_MS, shared, now: Date.now });
  }

  #limiterOf(budget: Budget, limit: number, stores: RateLimitStores | undefined): Limiter {
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
      handler: (request, _response, next) => next(tooMany(budget, limit, (request as Counted).rateLimit?.resetTime)),
      ...(store === undefined ? {} : { store }),
    });
  }
}

function sharedStores(counters: Counters): (budget: Budget) => RateLimitStore {
  return (budget) => new SharedLimits(counters, budget);
}

const NO_LIMITS: RateLimits = { initialize: 0, unknownSessions: 0, failedAuthentication: 0, requests: 0 };

function keyOf(owner: string, request: Request): string {
  return owner === '' ? addressKey(addressOf(request)) : `principal ${owner}`;
}

export function addressKey(ip: string | undefined): string {
  return `address ${networkOf(ip)}`;
}
