import { hashedId, type Observer } from '../ground/observe.js';
import type { SessionStore } from '../store/store.js';

/** How often it is looked for sessions that expired. Milliseconds. */
const LOOK_MS = 5_000;

export interface ExpiryParts {
  readonly idleMs: number;
  readonly observe: Observer | undefined;
  readonly failed: (where: string, cause: unknown) => void;
}

/** Tells whoever observes of sessions that expired: each is told by one node. Where nobody observes, nobody looks. */
export class Expiry {
  readonly #timer: NodeJS.Timeout | undefined;

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

  async #look(): Promise<void> {
    const { observe, failed } = this.parts;
    try {
      const expired = (await this.store.takeExpired?.()) ?? [];
      for (const id of expired) observe?.({ type: 'session-ended', session: hashedId(id), reason: 'expired' });
    } catch (cause) {
      failed('looking for expired sessions', cause);
    }
  }
}
