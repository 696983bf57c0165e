import { afterWrites } from './after-writes.js';
import { createTableCache, type TableCacheOptions } from './cache/table-cache.js';
import { withCache } from './cache/with-cache.js';
import { type Caller, createCaller } from './caller.js';
import type { FloatClient } from './client-types.js';
import { type Clock, systemClock } from './clock.js';
import { FloatApiError } from './errors.js';
import { createRateLimiter, FLOAT_LIMITS, type Limits, type RateLimiter } from './rate-limit.js';
import { readingOf } from './reading.js';
import { DEFAULT_RETRY, type RetryPolicy } from './retry.js';
import { createTransport, endpointOf, type Transport } from './transport.js';
import { writingOf } from './writing.js';

export type { CallOptions, FloatClient, GetOptions } from './client-types.js';
export type { Page } from './page.js';
export type { Query, QueryValue } from './query.js';
export type { RateLimiter } from './rate-limit.js';

export interface FloatClientOptions {
  /** With the version: `https://api.float.com/v3`, or the sandbox's url. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Float asks for the application's name with a contact address: `Name (mail@example.com)`. */
  readonly userAgent: string;
  /** Milliseconds for one HTTP request; waiting for the rate limit does not count. @default 15000 */
  readonly timeoutMs?: number | undefined;
  /** Calls per time; `false` switches the limiter off. @default FLOAT_LIMITS */
  readonly limits?: Limits | false | undefined;
  /** Takes the place of the limiter of this process, and of `limits`, where several nodes share one key. */
  readonly limiter?: RateLimiter | undefined;
  /** `{ attempts: 1 }` switches retries off. @default DEFAULT_RETRY */
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** Keeps the tables that seldom change; `false` reads them each time. @default DEFAULT_TABLE_CACHE */
  readonly cache?: Partial<TableCacheOptions> | false | undefined;
  /** Called after each write, also after one that failed: the change may have been made. @default nobody */
  readonly onWrite?: (() => void) | undefined;
  readonly clock?: Clock | undefined;
}

const DEFAULT_TIMEOUT_MS = 15_000;

/** The client of Float's API v3. All it throws once it is built are FloatApiErrors. */
export function createFloatClient(options: FloatClientOptions): FloatClient {
  const transport = openTransport(options);
  const clock = options.clock ?? systemClock;
  const caller = createCaller(transport, {
    limiter: options.limiter ?? createRateLimiter(options.limits ?? FLOAT_LIMITS, clock),
    retry: { ...DEFAULT_RETRY, ...options.retry },
    clock,
  });
  const client = { ...readingOf(caller), ...writingOf(caller), forget: () => {}, close: () => transport.close() };
  const { cache, onWrite } = options;
  const keeping = cache === false ? client : withCache(client, createTableCache(client, { clock, ...cache }));
  return onWrite === undefined ? keeping : afterWrites(keeping, onWrite);
}

/** A client without a token: each call fails with `no-token` before anything is sent. `why` says whose it is. */
export function createTokenlessClient(why: string): FloatClient {
  const send: Caller['send'] = (_resource, call) =>
    Promise.reject(new FloatApiError('no-token', { endpoint: endpointOf(call), summary: why }));
  return { ...readingOf({ send }), ...writingOf({ send }), forget: () => {}, close: async () => {} };
}

function openTransport({ baseUrl, apiKey, userAgent, timeoutMs = DEFAULT_TIMEOUT_MS }: FloatClientOptions): Transport {
  // The message names the option, never the value: it may be a key with a line break at its end.
  if (!/^[\x21-\x7e]+$/.test(apiKey)) throw new TypeError('apiKey must be visible characters without spaces');
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new TypeError(`baseUrl must be an http(s) URL: ${baseUrl}`);
  }
  const headers = { authorization: `Bearer ${apiKey}`, accept: 'application/json', 'user-agent': userAgent };
  return createTransport({ baseUrl: url, headers, secret: apiKey, timeoutMs });
}
