import { setImmediate } from 'node:timers/promises';
import { hashedId, type Observer } from '../observe/observe.js';
import type { SessionId, SessionStore } from '../store/store.js';

/** How often it is looked for sessions that expired. Milliseconds. */
const LOOK_MS = 5_000;

/** Told in one turn of the event loop. */
const AT_ONCE = 100;

export interface ExpiryParts {
  readonly idleMs: number;
  readonly observe: Observer | undefined;
  readonly failed: (where: string, cause: unknown) => void;
}

/** Tells whoever observes of sessions that expired: each is told by one node. Where nobody observes, nobody looks. */
export class Expiry {
  readonly #timer: NodeJS.Timeout | undefined;
  #isLooking = false;

  constructor(
    private readonly store: SessionStore,
    private readonly parts: ExpiryParts,
  ) {
    if (parts.observe === undefined || store.takeExpired === undefined) return;
    this.#timer = setInterval(() => void this.#look(), Math.min(LOOK_MS, parts.idleMs)).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** One look at a time: it may take longer than what lies between two. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      await this.#tell((await this.store.takeExpired?.()) ?? []);
    } catch (cause) {
      this.parts.failed('looking for expired sessions', cause);
    }
    this.#isLooking = false;
  }

  async #tell(expired: readonly SessionId[]): Promise<void> {
    for (const [i, id] of expired.entries()) {
      this.parts.observe?.({ type: 'session-ended', session: hashedId(id), reason: 'expired' });
      if (i % AT_ONCE === AT_ONCE - 1) await setImmediate();
    }
  }
}
