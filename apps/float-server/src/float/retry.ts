import type { FloatApiError } from './errors.js';

export interface RetryPolicy {
  /** Calls in all, the first one included. 1 switches retries off. */
  readonly attempts: number;
  /** The first wait is drawn from 0 to this many milliseconds; it doubles with every attempt. */
  readonly baseMs: number;
  /** No drawn wait is longer than this. */
  readonly capMs: number;
  /** When Float asks for a longer wait than this, the call fails instead. */
  readonly maxWaitMs: number;
  /** 0 (included) to 1 (excluded). */
  readonly random: () => number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 4,
  baseMs: 500,
  capMs: 8_000,
  // Float's window is a minute: no honest wait is longer.
  maxWaitMs: 61_000,
  random: Math.random,
};

export interface FailedCall {
  /** Counted from 1. */
  readonly attempt: number;
  readonly write: boolean;
  readonly error: FloatApiError;
}

/**
 * How long to wait before the next attempt; undefined = do not try again. A write is repeated only after a 429, the one
 * failure that proves nothing was done.
 */
export function retryDelay(policy: RetryPolicy, failed: FailedCall): number | undefined {
  const { attempt, write, error } = failed;
  if (attempt >= policy.attempts) return undefined;
  if (error.code !== 'rate-limited' && (write || !isPassing(error, attempt))) return undefined;
  // Full jitter: callers that failed together must not come back together.
  const drawn = policy.random() * Math.min(policy.capMs, policy.baseMs * 2 ** (attempt - 1));
  if (error.waitMs === undefined) return drawn;
  return error.waitMs > policy.maxWaitMs ? undefined : error.waitMs + drawn;
}

/** 500 to 504, or no answer at all because the connection failed. Too late twice is no accident, and cost enough. */
function isPassing(error: FloatApiError, attempt: number): boolean {
  if (error.code === 'timeout') return attempt === 1;
  return error.code === 'unavailable' && (error.status === undefined || (error.status >= 500 && error.status <= 504));
}
