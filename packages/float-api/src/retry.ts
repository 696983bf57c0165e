import type { FloatApiError } from './errors.js';

/** When and how often a failed request is repeated. */
export interface RetryPolicy {
  /** Number of attempts, the first one included. 1 disables retries. */
  readonly attempts: number;
  /** Upper bound of the first random delay in milliseconds; it doubles with every attempt. */
  readonly baseMs: number;
  /** Maximum of the random delay in milliseconds. */
  readonly capMs: number;
  /** Longest wait in milliseconds that Float may ask for; beyond it the call fails. */
  readonly maxWaitMs: number;
  /** Random number from 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

/** Default retries. */
export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 4,
  baseMs: 500,
  capMs: 8_000,
  // Float's window is a minute, so no legitimate wait is longer.
  maxWaitMs: 61_000,
  random: Math.random,
};

/** A failed attempt. */
export interface FailedCall {
  /** Number of the attempt, from 1. */
  readonly attempt: number;
  readonly write: boolean;
  readonly error: FloatApiError;
}

/**
 * Milliseconds to wait before the next attempt; undefined for no retry. A write is repeated only after a 429, the one
 * failure that proves it was not made.
 */
export function retryDelay(policy: RetryPolicy, failed: FailedCall): number | undefined {
  const { attempt, write, error } = failed;
  if (attempt >= policy.attempts) return undefined;
  if (error.code !== 'rate-limited' && (write || !isPassing(error, attempt))) return undefined;
  // Full jitter: requests that failed together must not be repeated together.
  const drawn = policy.random() * Math.min(policy.capMs, policy.baseMs * 2 ** (attempt - 1));
  if (error.waitMs === undefined) return drawn;
  return error.waitMs > policy.maxWaitMs ? undefined : error.waitMs + drawn;
}

/**
 * Temporary failures: 500 to 504, or a failed connection. A second timeout is not repeated, since each costs the full
 * deadline.
 */
function isPassing(error: FloatApiError, attempt: number): boolean {
  if (error.code === 'timeout') return attempt === 1;
  return error.code === 'unavailable' && (error.status === undefined || (error.status >= 500 && error.status <= 504));
}
