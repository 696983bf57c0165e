import type { SessionId } from './session-store.js';

/** Sessions kept where `takeExpired` is not called. */
const MOST_UNASKED = 10_000;

/** Callers of `takeExpired` poll every few seconds; after this time without a call there is none. Milliseconds. */
const ASKS_MS = 60_000;

/**
 * Sessions that this process found to have expired, until `takeExpired` takes them. While it is polled, all of them are
 * kept: at most as many as there were sessions.
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
