import type { Request, Response } from 'express';
import { type RateLimitInfo, type Store as RateLimitStore, rateLimit } from 'express-rate-limit';
import { ConfigurationError } from '../protocol/errors.js';
import type { Counters } from '../store/store.js';
import { networkOf } from '../util/address.js';
import { addressOf } from './express-address.js';
import { SharedLimits } from './express-shared-limits.js';
import { Outage, PreparedLimits, reportedBy, SteadyLimits } from './express-steady-limits.js';
import { FailedAuthentication } from './failed-authentication.js';
import { type Budget, RATE_LIMITS, type RateLimits, tooMany, WINDOW_MS } from './rate-limits.js';

/** Where counts are kept, from `express-rate-limit` or one of its stores; each budget needs one of its own. */
export type RateLimitStores = (budget: Budget) => RateLimitStore;

type Counted = Request & { rateLimit?: RateLimitInfo };

type Limiter = ReturnType<typeof rateLimit>;

export interface RateBudgetParts {
  readonly limits: RateLimits | false;
  /** Made by the application. */
  readonly stores: RateLimitStores | undefined;
  /** Where nodes count together, if `stores` are not given. */
  readonly counters: Counters | undefined;
  /** Told of counts that cannot be kept. */
  readonly failed: (where: string, cause: unknown) => void;
}

/** Budgets of what clients may do in a minute, counted apart, so that using up one leaves the others. */
export class RateBudgets {
  readonly #limiters = new Map<Budget, Limiter>();
  /** Whom the request that is being counted is counted for. */
  readonly #keys = new WeakMap<Request, string>();
  readonly #limits: Required<RateLimits>;
  /** Absent where failed authentication is not limited. */
  readonly failedAuthentication: FailedAuthentication | undefined;

  /** @throws ConfigurationError when two budgets are given one store. */
  constructor(private readonly parts: RateBudgetParts) {
    const { limits, stores: given, counters } = parts;
    const stores = given === undefined ? sharedStores(counters) : eachItsOwn(given);
    this.#limits = { ...RATE_LIMITS, ...(limits === false ? NO_LIMITS : limits) };
    for (const [budget, limit] of Object.entries(this.#limits) as [Budget, number][]) {
      if (limit > 0 && budget !== 'failedAuthentication')
        this.#limiters.set(budget, this.#limiterOf(budget, limit, stores));
    }
    this.failedAuthentication = this.#failedAuthentication(given === undefined ? undefined : stores);
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
  #failedAuthentication(stores: RateLimitStores | undefined): FailedAuthentication | undefined {
    const { failedAuthentication: limit } = this.#limits;
    if (limit === 0) return undefined;
    const store = stores?.('failedAuthentication');
    const outage = this.#outageOf('failedAuthentication');
    // Initializes the store, as for every budget.
    if (store !== undefined) rateLimit({ windowMs: WINDOW_MS, limit, store, logger: loggerTo(outage) });
    const shared = store === undefined ? undefined : reportedBy(outage, store);
    return new FailedAuthentication({ limit, windowMs: WINDOW_MS, shared, now: Date.now });
  }

  #outageOf(budget: Budget): Outage {
    return new Outage((cause) => this.parts.failed(`counting for the budget "${budget}"`, cause));
  }

  #limiterOf(budget: Budget, limit: number, stores: RateLimitStores | undefined): Limiter {
    const store = stores?.(budget);
    const outage = this.#outageOf(budget);
    return rateLimit({
      windowMs: WINDOW_MS,
      limit,
      // Told with the refusal: on every other answer they would say how often somebody else has guessed wrong.
      standardHeaders: false,
      legacyHeaders: false,
      keyGenerator: (request) => this.#keys.get(request) ?? '',
      // A count that cannot be kept is no reason to turn anyone away.
      passOnStoreError: true,
      logger: loggerTo(outage),
      handler: (request, _response, next) => next(tooMany(budget, limit, (request as Counted).rateLimit?.resetTime)),
      ...(store === undefined ? {} : { store: new SteadyLimits(store, outage) }),
    });
  }
}

function sharedStores(counters: Counters | undefined): RateLimitStores | undefined {
  return counters && ((budget) => new SharedLimits(counters, budget));
}

/** One store for two budgets would add up what is counted apart. */
function eachItsOwn(stores: RateLimitStores): RateLimitStores {
  const seen = new Map<RateLimitStore, Budget>();
  return (budget) => {
    const store = stores(budget);
    const other = seen.get(store);
    if (other !== undefined) {
      throw new ConfigurationError(
        `Option "rateLimitStores" must make a store for each budget; "${budget}" was given that of "${other}"`,
      );
    }
    seen.set(store, budget);
    return typeof store.init === 'function' ? new PreparedLimits(store) : store;
  };
}

/** What `express-rate-limit` would print by itself. */
function loggerTo(outage: Outage): { error(cause: unknown): void; warn(cause: unknown): void } {
  return { error: (cause) => outage.tell(cause), warn: (cause) => outage.tell(cause) };
}

const NO_LIMITS: RateLimits = { initialize: 0, unknownSessions: 0, failedAuthentication: 0, requests: 0 };

function keyOf(owner: string, request: Request): string {
  return owner === '' ? addressKey(addressOf(request)) : `principal ${owner}`;
}

export function addressKey(ip: string | undefined): string {
  return `address ${networkOf(ip)}`;
}
