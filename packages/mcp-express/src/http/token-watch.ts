import type { Principal } from '../auth/principal.js';
import { McpError } from '../ground/errors.js';
import { timerMs } from '../ground/time.js';

/** A stream that stays open on the strength of a token. */
export interface Watched {
  readonly principal: Principal | undefined;
  /** Asks again whether its token is still good. Rejects with what is wrong with it. Absent: nobody can say. */
  readonly recheck?: (() => Promise<unknown>) | undefined;
  /** Ends the stream. */
  end(): void;
}

const AT_A_TIME = 8;

/** Ends streams whose token has ended: at its expiry, and soon after it was revoked or lost a scope. */
export class TokenWatch {
  readonly #watched = new Set<Watched>();
  readonly #timer: NodeJS.Timeout | undefined;
  #asking = false;

  /** @param everyMs how often tokens are asked about again; 0 for never. */
  constructor(everyMs: number) {
    if (everyMs > 0) this.#timer = setInterval(() => void this.#round(), timerMs(everyMs)).unref();
  }

  /** @returns what stops the watching; nothing when there is nothing to watch. */
  watch(watched: Watched): (() => void) | undefined {
    const expiresAt = watched.principal?.expiresAt;
    if (expiresAt === undefined && watched.recheck === undefined) return undefined;
    const timer =
      expiresAt === undefined
        ? undefined
        : setTimeout(() => watched.end(), timerMs(Math.max(0, expiresAt * 1000 - Date.now()))).unref();
    if (watched.recheck !== undefined) this.#watched.add(watched);
    return () => {
      clearTimeout(timer);
      this.#watched.delete(watched);
    };
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** A few at a time: whoever is asked may be another server, and there may be thousands of streams. */
  async #round(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const left = [...this.#watched][Symbol.iterator]();
    await Promise.all(Array.from({ length: AT_A_TIME }, () => this.#askEach(left)));
    this.#asking = false;
  }

  async #askEach(left: IterableIterator<Watched>): Promise<void> {
    for (const watched of left) {
      if (!this.#watched.has(watched)) continue;
      try {
        await watched.recheck?.();
      } catch (thrown) {
        // Whoever cannot be asked has not said no.
        const isRefused =
          McpError.is(thrown) && (thrown.code === 'unauthorized' || thrown.code === 'insufficient-scope');
        if (isRefused && this.#watched.has(watched)) watched.end();
      }
    }
  }
}
