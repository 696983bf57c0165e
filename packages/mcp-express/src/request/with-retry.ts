import { pause } from '../util/time.js';

/** Pauses between attempts, in milliseconds. Together they bridge a store failure of half a second. */
const RETRY_AFTER_MS = [20, 100, 400];

/**
 * Retries an operation of the store that ends a call, because a client would otherwise wait in vain for the answer.
 * @throws the error of the fourth and last attempt
 */
export async function withRetry<T>(attempt: () => Promise<T>): Promise<T> {
  for (const waitMs of RETRY_AFTER_MS) {
    try {
      return await attempt();
    } catch {
      await pause(waitMs);
    }
  }
  return attempt();
}
