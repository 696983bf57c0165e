import { largeFrom } from '../holders.js';
import type { SessionId } from '../store.js';

const NONE: ReadonlySet<SessionId> = new Set();

/** The sessions of each quota holder in order of last use, and the holder with most sessions. */
export class MemoryHolders {
  readonly #sessions = new Map<string, Set<SessionId>>();
  /** Holders by their number of sessions. */
  readonly #bySize = new Map<number, Set<string>>();
  #most = 0;

  /** The sessions of a holder, the one idle longest first. */
  of(holder: string): ReadonlySet<SessionId> {
    return this.#sessions.get(holder) ?? NONE;
  }

  /**
   * The sessions of the holder with most sessions; empty when that holder is not large. @param total the limit of all
   * sessions.
   */
  largest(total: number): ReadonlySet<SessionId> {
    if (this.#most <= largeFrom(total)) return NONE;
    const [holder = ''] = this.#bySize.get(this.#most) ?? [];
    return this.of(holder);
  }

  /** Adds a session, or moves it to the end of the order of use. */
  used(holder: string, id: SessionId): void {
    if (holder === '') return;
    const own = this.#sessions.get(holder) ?? new Set();
    const before = own.size;
    own.delete(id);
    own.add(id);
    if (own.size !== before) this.#resized(holder, own, before);
  }

  /** Removes a session. */
  remove(holder: string, id: SessionId): void {
    const own = this.#sessions.get(holder);
    if (own?.delete(id) === true) this.#resized(holder, own, own.size + 1);
  }

  #resized(holder: string, own: Set<SessionId>, before: number): void {
    const old = this.#bySize.get(before);
    if (old?.delete(holder) === true && old.size === 0) this.#bySize.delete(before);
    if (own.size === 0) this.#sessions.delete(holder);
    else {
      this.#sessions.set(holder, own);
      this.#bySize.set(own.size, (this.#bySize.get(own.size) ?? new Set()).add(holder));
    }
    // Sizes change by one, so the next largest holder has exactly one session fewer.
    if (own.size > this.#most) this.#most = own.size;
    else if (before === this.#most && !this.#bySize.has(before)) this.#most = own.size;
  }
}
