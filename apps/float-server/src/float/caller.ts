import { errorOf, resetOf, waitOf } from './answer.js';
import type { Clock } from './clock.js';
import { FloatApiError } from './errors.js';
import type { CallKind, RateLimiter } from './rate-limit.js';
import type { Readable } from './resources.js';
import { type RetryPolicy, retryDelay } from './retry.js';
import { type Call, endpointOf, type RawAnswer, type Transport } from './transport.js';

export interface CallerOptions {
  readonly limiter: RateLimiter;
  readonly retry: RetryPolicy;
  readonly clock: Clock;
}

/** A call with everything that surrounds it: its place in the rate limit, its retries, its error. */
export interface Caller {
  /** A 2xx answer; anything else throws a FloatApiError. */
  send(resource: Readable, call: Call, signal?: AbortSignal): Promise<RawAnswer>;
}

export function createCaller(transport: Transport, options: CallerOptions): Caller {
  const { limiter, retry, clock } = options;

  async function attemptOnce(resource: Readable, call: Call, signal?: AbortSignal): Promise<RawAnswer> {
    const kind = kindOf(call);
    await acquire(limiter, kind, { call, signal });
    const raw = await transport.send(call, signal);
    // Never longer than a retry would wait: a wrong header must not lock every later call out.
    const pause = Math.min(pauseAfter(raw, clock.now()), retry.maxWaitMs);
    // A shared limiter may be out of reach; the answer is there all the same.
    if (pause > 0) await Promise.resolve(limiter.pause(kind, pause)).catch(() => {});
    const context = { endpoint: endpointOf(call), feature: resource.quirks?.feature, now: clock.now() };
    const error = errorOf(raw, context);
    if (error !== undefined) throw error;
    return raw;
  }

  async function attemptAll(resource: Readable, call: Call, signal?: AbortSignal): Promise<RawAnswer> {
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
        // Given up while it waited for its turn or for the next attempt: the signal's own reason came up.
        if (error instanceof FloatApiError || !signal?.aborted) throw error;
        throw new FloatApiError('aborted', { endpoint: endpointOf(call), cause: error });
      }
    },
  };
}

interface Turn {
  readonly call: Call;
  readonly signal: AbortSignal | undefined;
}

/** A limiter of ours only waits, but a shared one may break. Then it is certain that nothing was sent. */
async function acquire(limiter: RateLimiter, kind: CallKind, { call, signal }: Turn): Promise<void> {
  try {
    await limiter.acquire(kind, signal);
  } catch (cause) {
    if (signal?.aborted) throw cause;
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new FloatApiError('unsent', { endpoint: endpointOf(call), cause, said });
  }
}

function kindOf(call: Call): CallKind {
  if (call.method !== 'GET') return 'write';
  return call.path.startsWith('/reports/') ? 'report' : 'read';
}

/** The company's limit is shared with its other integrations: what Float says outranks what we counted. */
function pauseAfter(raw: RawAnswer, now: number): number {
  if (raw.status === 429) return waitOf(raw, now) ?? 0;
  return raw.header('ratelimit-remaining') === '0' ? (resetOf(raw) ?? 0) : 0;
}
