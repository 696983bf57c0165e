import type { SessionId } from './session-store.js';

/** Where nobody asks, so many are kept. */
const MOST_UNASKED = 10_000;

/** Who asks does so every few seconds; who has not for so long does not any more. Milliseconds. */
const ASKS_MS = 60_000;

/**
 * Sessions that were found to have expired by this process, until somebody is told. For one who asks all of them are kept, which
 * are no more than there were sessions.
 */
export class ExpiredSessions {
  #ids: SessionId[] = [];
  #askedAt = performance.now();

  add(ids: readonly SessionId[]): void {
    const room = performance.now() - this.#askedAt < ASKS_MS ? ids.length : MOST_UNASKED - this.#ids.length;
    for (const id of ids.slice(0, Math.max(0, room))) this.#ids.push(id);
  }

  take(): readonly SessionId[] {
    this.#askedAt = performance.now();
    const taken = this.#ids;
    this.#ids = [];
    return taken;
  }
}
