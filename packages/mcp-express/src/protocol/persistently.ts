import { pause } from '../ground/time.js';

/** Waits between the tries of storing what ends a call: a store that is back within a second costs nothing. */
const RETRY_AFTER_MS = [20, 100, 400];

/** What ends a call is worth trying again: whoever comes back for it would wait for ever. */
export async function persistently<T>(attempt: () => Promise<T>): Promise<T> {
  for (const waitMs of RETRY_AFTER_MS) {
    try {
      return await attempt();
    } catch {
      await pause(waitMs);
    }
  }
  return attempt();
}
