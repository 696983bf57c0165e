import { afterWrites } from './after-writes.js';
import { createTableCache, type TableCacheOptions } from './cache/table-cache.js';
import { withCache } from './cache/with-cache.js';
import type { FloatClient } from './client-types.js';
import { type Clock, systemClock } from './clock.js';
import { FloatApiError } from './errors.js';
import { createRateLimiter, FLOAT_LIMITS, type Limits, type RateLimiter } from './rate-limit.js';
import { createReader } from './reader.js';
import { createRequestSender, type RequestSender } from './request-sender.js';
import { DEFAULT_RETRY, type RetryPolicy } from './retry.js';
import { createTransport, endpointOf, type TraceRequest, type Transport } from './transport.js';
import { createWriter } from './writer.js';

export type { CallOptions, FloatClient, GetOptions } from './client-types.js';
export type { Page } from './page.js';
export type { Query, QueryValue } from './query.js';
export type { RateLimiter } from './rate-limit.js';

/** Options of the client. */
export interface FloatClientOptions {
  /** With the version: `https://api.float.com/v3`, or the sandbox's URL. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Float requires the application's name with a contact address: `Name (mail@example.com)`. */
  readonly userAgent: string;
  /** Milliseconds for one HTTP request, without waiting for the rate limit. @default 15000 */
  readonly timeoutMs?: number | undefined;
  /** Requests per time window; `false` disables the limiter. @default FLOAT_LIMITS */
  readonly limits?: Limits | false | undefined;
  /** Replaces `limits` and the limiter of this process, for several nodes that share one key. */
  readonly limiter?: RateLimiter | undefined;
  /** `{ attempts: 1 }` disables retries. @default DEFAULT_RETRY */
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** Caches tables that seldom change; `false` disables the cache. @default DEFAULT_TABLE_CACHE */
  readonly cache?: Partial<TableCacheOptions> | false | undefined;
  /** Called after each write, failed ones included, because the change may have been made. @default no callback */
  readonly onWrite?: (() => void) | undefined;
  readonly clock?: Clock | undefined;
  /** Runs around each HTTP request. @default none */
  readonly traceRequest?: TraceRequest | undefined;
}

const DEFAULT_TIMEOUT_MS = 15_000;

/** Creates a client of Float's API v3. Its methods throw only `FloatApiError`. */
export function createFloatClient(options: FloatClientOptions): FloatClient {
  const transport = openTransport(options);
  const clock = options.clock ?? systemClock;
  const caller = createRequestSender(transport, {
    limiter: options.limiter ?? createRateLimiter(options.limits ?? FLOAT_LIMITS, clock),
    retry: { ...DEFAULT_RETRY, ...options.retry },
    clock,
  });
  const client = { ...createReader(caller), ...createWriter(caller), forget: () => {}, close: () => transport.close() };
  const { cache, onWrite } = options;
  const keeping = cache === false ? client : withCache(client, createTableCache(client, { clock, ...cache }));
  return onWrite === undefined ? keeping : afterWrites(keeping, onWrite);
}

/**
 * Creates a client without a token. Each call fails with `no-token` before anything is sent.
 *
 * @param why message of the error
 */
export function createTokenlessClient(why: string): FloatClient {
  const send: RequestSender['send'] = (_resource, call) =>
    Promise.reject(new FloatApiError('no-token', { endpoint: endpointOf(call), summary: why }));
  return { ...createReader({ send }), ...createWriter({ send }), forget: () => {}, close: async () => {} };
}

function openTransport(options: FloatClientOptions): Transport {
  const { baseUrl, apiKey, userAgent, timeoutMs = DEFAULT_TIMEOUT_MS, traceRequest } = options;
  // The message never contains the value, which may be a key with a stray line break.
  if (!/^[\x21-\x7e]+$/.test(apiKey)) throw new TypeError('apiKey must be visible characters without spaces');
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new TypeError(`baseUrl must be an http(s) URL: ${baseUrl}`);
  }
  const headers = { authorization: `Bearer ${apiKey}`, accept: 'application/json', 'user-agent': userAgent };
  return createTransport({ baseUrl: url, headers, secret: apiKey, timeoutMs, traceRequest });
}
