import type { Request, Response } from 'express';
import { type RateLimitInfo, type Store as RateLimitStore, rateLimit } from 'express-rate-limit';
import { ConfigurationError } from '../../protocol/errors.js';
import type { Counters } from '../../store/store.js';
import { networkOf } from '../../util/address.js';
import { CounterRateLimitStore } from './express-counter-store.js';
import {
  FallbackRateLimitStore,
  OutageReporter,
  ReinitializingStore,
  withOutageReports,
} from './express-fallback-store.js';
import { FailedAuthentication } from './failed-authentication.js';
import { type Budget, RATE_LIMITS, type RateLimits, tooMany, WINDOW_MS } from './rate-limits.js';

/**
 * Returns the store that counts a budget: that of `express-rate-limit` or a compatible one. Each budget needs its own
 * store.
 */
export type RateLimitStores = (budget: Budget) => RateLimitStore;

type Counted = Request & { rateLimit?: RateLimitInfo };

type Limiter = ReturnType<typeof rateLimit>;

/** Settings and services of `RateBudgets`. */
export interface RateBudgetDeps {
  /** Requests a minute for each budget; `false` disables all limits. */
  readonly limits: RateLimits | false;
  /** The stores of the application; absent: the counters of the session store. */
  readonly stores: RateLimitStores | undefined;
  /** Counters that all nodes share, used if `stores` is absent. */
  readonly counters: Counters | undefined;
  /** Receives failures to count. */
  readonly failed: (where: string, cause: unknown) => void;
}

/** The rate limits of clients. The budgets are counted separately: an exhausted one leaves the others untouched. */
export class RateBudgets {
  readonly #limiters = new Map<Budget, Limiter>();
  /** The key for which each request is being counted. */
  readonly #keys = new WeakMap<Request, string>();
  readonly #limits: Required<RateLimits>;
  /** Absent if failed authentication is not limited. */
  readonly failedAuthentication: FailedAuthentication | undefined;

  /** @throws ConfigurationError if two budgets get the same store. */
  constructor(private readonly deps: RateBudgetDeps) {
    const { limits, stores: given, counters } = deps;
    const stores = given === undefined ? sharedStores(counters) : eachItsOwn(given);
    this.#limits = { ...RATE_LIMITS, ...(limits === false ? NO_LIMITS : limits) };
    for (const [budget, limit] of Object.entries(this.#limits) as [Budget, number][]) {
      if (limit > 0 && budget !== 'failedAuthentication')
        this.#limiters.set(budget, this.#limiterOf(budget, limit, stores));
    }
    this.failedAuthentication = this.#failedAuthentication(given === undefined ? undefined : stores);
  }

  /**
   * Counts one request. Does nothing if the budget has no limit.
   *
   * @param owner the key of the principal; empty: the caller is anonymous and is counted by address.
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
   * Failed authentications are counted in the store of the application, if it provides one. Otherwise each node counts
   * for itself, so that no request waits for the network before its credentials are verified.
   */
  #failedAuthentication(stores: RateLimitStores | undefined): FailedAuthentication | undefined {
    const { failedAuthentication: limit } = this.#limits;
    if (limit === 0) return undefined;
    const store = stores?.('failedAuthentication');
    const outage = this.#outageOf('failedAuthentication');
    // Initializes the store, as for every budget.
    if (store !== undefined) rateLimit({ windowMs: WINDOW_MS, limit, store, logger: loggerTo(outage) });
    const shared = store === undefined ? undefined : withOutageReports(outage, store);
    return new FailedAuthentication({ limit, windowMs: WINDOW_MS, shared, now: Date.now });
  }

  #outageOf(budget: Budget): OutageReporter {
    return new OutageReporter((cause) => this.deps.failed(`counting for the budget "${budget}"`, cause));
  }

  #limiterOf(budget: Budget, limit: number, stores: RateLimitStores | undefined): Limiter {
    const store = stores?.(budget);
    const outage = this.#outageOf(budget);
    return rateLimit({
      windowMs: WINDOW_MS,
      limit,
      // The refusal has them; on other responses they would reveal the failed attempts of other callers behind the
      // address.
      standardHeaders: false,
      legacyHeaders: false,
      keyGenerator: (request) => this.#keys.get(request) ?? '',
      // A failure to count must not turn callers away.
      passOnStoreError: true,
      logger: loggerTo(outage),
      handler: (request, _response, next) => next(tooMany(budget, limit, (request as Counted).rateLimit?.resetTime)),
      ...(store === undefined ? {} : { store: new FallbackRateLimitStore(store, outage) }),
    });
  }
}

function sharedStores(counters: Counters | undefined): RateLimitStores | undefined {
  return counters && ((budget) => new CounterRateLimitStore(counters, budget));
}

/** @throws ConfigurationError if two budgets get the same store, which would add up their counts. */
function eachItsOwn(stores: RateLimitStores): RateLimitStores {
  const seen = new Map<RateLimitStore, Budget>();
  return (budget) => {
    const store = stores(budget);
    const other = seen.get(store);
    if (other !== undefined) {
      throw new ConfigurationError(
        `Option "rateLimitStores" must return a separate store for each budget; "${budget}" got the store of "${other}"`,
      );
    }
    seen.set(store, budget);
    return typeof store.init === 'function' ? new ReinitializingStore(store) : store;
  };
}

/** Reports the errors that `express-rate-limit` would otherwise print. */
function loggerTo(outage: OutageReporter): { error(cause: unknown): void; warn(cause: unknown): void } {
  return { error: (cause) => outage.failed(cause), warn: (cause) => outage.failed(cause) };
}

const NO_LIMITS: RateLimits = { initialize: 0, unknownSessions: 0, failedAuthentication: 0, requests: 0 };

function keyOf(owner: string, request: Request): string {
  return owner === '' ? addressKey(addressOf(request)) : `principal ${owner}`;
}

/**
 * The key by which callers of one network share a rate limit. @param ip an IPv4 or IPv6 address; `undefined` if
 * unknown.
 */
export function addressKey(ip: string | undefined): string {
  return `address ${networkOf(ip)}`;
}

/**
 * The address of a caller: Express's `request.ip`, which respects `trust proxy`, or the address of the connection if no
 * framework has set `ip`.
 */
export function addressOf({ ip, socket }: Request): string | undefined {
  return ip ?? (socket as Request['socket'] | undefined)?.remoteAddress;
}
