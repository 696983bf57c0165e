import { setImmediate } from 'node:timers/promises';
import { hashedId, type Observer } from '../observe/observe.js';
import type { SessionId, SessionStore } from '../store/store.js';
import type { SessionEndEvents } from './session-end-events.js';

/** Interval between searches for expired sessions. Milliseconds. */
const SEARCH_MS = 5_000;

/** Sessions reported in one turn of the event loop. */
const REPORTS_PER_TURN = 100;

/** Settings and services of `Expiry`. */
export interface ExpiryReporterDeps {
  readonly idleMs: number;
  readonly observe: Observer | undefined;
  readonly events: Pick<SessionEndEvents, 'isHeard' | 'publish'>;
  readonly failed: (where: string, cause: unknown) => void;
}

/** Reports expired sessions to observers and listeners, each on one node. Without any, it does not search. */
export class ExpiryReporter {
  readonly #timer: NodeJS.Timeout | undefined;
  #isSearching = false;

  constructor(
    private readonly store: SessionStore,
    private readonly deps: ExpiryReporterDeps,
  ) {
    if (store.takeExpired === undefined) return;
    this.#timer = setInterval(() => void this.#search(), Math.min(SEARCH_MS, deps.idleMs)).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Only one search runs at a time; it may take longer than the interval. */
  async #search(): Promise<void> {
    if (this.#isSearching || (this.deps.observe === undefined && !this.deps.events.isHeard)) return;
    this.#isSearching = true;
    try {
      await this.#report((await this.store.takeExpired?.()) ?? []);
    } catch (cause) {
      this.deps.failed('looking for expired sessions', cause);
    }
    this.#isSearching = false;
  }

  async #report(expired: readonly SessionId[]): Promise<void> {
    for (const [i, id] of expired.entries()) {
      this.deps.observe?.({ type: 'session-ended', session: hashedId(id), reason: 'expired' });
      this.deps.events.publish({ sessionId: id, reason: 'expired' });
      if (i % REPORTS_PER_TURN === REPORTS_PER_TURN - 1) await setImmediate();
    }
  }
}
