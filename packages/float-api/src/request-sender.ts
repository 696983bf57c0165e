import type { Clock } from './clock.js';
import { FloatApiError } from './errors.js';
import type { CallKind, RateLimiter } from './rate-limit.js';
import type { Readable } from './resources.js';
import { errorOf, resetOf, waitOf } from './response.js';
import { type RetryPolicy, retryDelay } from './retry.js';
import { endpointOf, type HttpRequest, type RawResponse, type Transport } from './transport.js';

/** The parts of a request sender. */
export interface RequestSenderOptions {
  readonly limiter: RateLimiter;
  readonly retry: RetryPolicy;
  readonly clock: Clock;
}

/** Sends requests with rate limiting, retries and error conversion. */
export interface RequestSender {
  /** Sends a request. @throws FloatApiError unless the response is a 2xx */
  send(resource: Readable, call: HttpRequest, signal?: AbortSignal): Promise<RawResponse>;
}

/** Creates a request sender on a transport. */
export function createRequestSender(transport: Transport, options: RequestSenderOptions): RequestSender {
  const { limiter, retry, clock } = options;

  async function attemptOnce(resource: Readable, call: HttpRequest, signal?: AbortSignal): Promise<RawResponse> {
    const kind = kindOf(call);
    await acquire(limiter, kind, { call, signal });
    const raw = await transport.send(call, signal);
    // Bounded by the longest wait of a retry: a wrong header must not block all later requests.
    const pause = Math.min(pauseAfter(raw, clock.now()), retry.maxWaitMs);
    // A shared limiter may be unreachable; the response is still valid.
    if (pause > 0) await Promise.resolve(limiter.pause(kind, pause)).catch(() => {});
    const context = { endpoint: endpointOf(call), feature: resource.quirks?.feature, now: clock.now() };
    const error = errorOf(raw, context);
    if (error !== undefined) throw error;
    return raw;
  }

  async function attemptAll(resource: Readable, call: HttpRequest, signal?: AbortSignal): Promise<RawResponse> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await attemptOnce(resource, call, signal);
      } catch (error) {
        if (!(error instanceof FloatApiError)) throw error;
        const delay = retryDelay(retry, { attempt, write: call.method !== 'GET', error });
        if (delay === undefined) throw error;
        await clock.sleep(delay, signal);
      }
    }
  }

  return {
    async send(resource, call, signal) {
      try {
        return await attemptAll(resource, call, signal);
      } catch (error) {
        // Aborted while waiting for the limiter or the next attempt: the error is the signal's reason.
        if (error instanceof FloatApiError || !signal?.aborted) throw error;
        throw new FloatApiError('aborted', { endpoint: endpointOf(call), cause: error });
      }
    },
  };
}

interface QueuedRequest {
  readonly call: HttpRequest;
  readonly signal: AbortSignal | undefined;
}

/** Acquires a slot. A shared limiter may fail, in which case the request was certainly not sent. */
async function acquire(limiter: RateLimiter, kind: CallKind, { call, signal }: QueuedRequest): Promise<void> {
  try {
    await limiter.acquire(kind, signal);
  } catch (cause) {
    if (signal?.aborted) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FloatApiError('unsent', { endpoint: endpointOf(call), cause, reason });
  }
}

function kindOf(call: HttpRequest): CallKind {
  if (call.method !== 'GET') return 'write';
  return call.path.startsWith('/reports/') ? 'report' : 'read';
}

/**
 * Milliseconds to pause all requests. The limit is shared with other integrations of the company, so Float's headers
 * override local counts.
 */
function pauseAfter(raw: RawResponse, now: number): number {
  if (raw.status === 429) return waitOf(raw, now) ?? 0;
  return raw.header('ratelimit-remaining') === '0' ? (resetOf(raw) ?? 0) : 0;
}
