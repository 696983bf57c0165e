import { largeHolderSize } from '../holders.js';
import type { SessionId } from '../store.js';

/**
 * Sessions in the order of eviction: those that no request has used since `initialize`, oldest first, then the others,
 * idle longest first. (A `Set` iterates in order of insertion, and a use reinserts.)
 */
export class UseOrder implements Iterable<SessionId> {
  readonly #unused = new Set<SessionId>();
  readonly #used = new Set<SessionId>();

  /** The number of sessions. */
  get size(): number {
    return this.#unused.size + this.#used.size;
  }

  /** Adds a new session. */
  created(id: SessionId): void {
    this.#unused.add(id);
  }

  /** Moves a session to the end of the order. */
  used(id: SessionId): void {
    this.#unused.delete(id);
    this.#used.delete(id);
    this.#used.add(id);
  }

  /** Removes a session. @returns whether it was there. */
  delete(id: SessionId): boolean {
    return this.#unused.delete(id) || this.#used.delete(id);
  }

  *[Symbol.iterator](): Generator<SessionId> {
    yield* this.#unused;
    yield* this.#used;
  }
}

/** Of a holder without sessions. It stays empty. */
const NONE = new UseOrder();

/** The sessions of each quota holder in order of eviction, and the holder with most sessions. */
export class MemoryHolders {
  readonly #sessions = new Map<string, UseOrder>();
  /** Holders by their number of sessions. */
  readonly #bySize = new Map<number, Set<string>>();
  #most = 0;

  /** The sessions of a holder. */
  of(holder: string): UseOrder {
    return this.#sessions.get(holder) ?? NONE;
  }

  /**
   * The sessions of the holder with most sessions; empty when that holder is not large.
   * @param total the limit of all sessions.
   */
  largest(total: number): UseOrder {
    if (this.#most <= largeHolderSize(total)) return NONE;
    const [holder = ''] = this.#bySize.get(this.#most) ?? [];
    return this.of(holder);
  }

  /** Adds a session. */
  created(holder: string, id: SessionId): void {
    if (holder === '') return;
    const own = this.#sessions.get(holder) ?? new UseOrder();
    own.created(id);
    this.#resized(holder, own, own.size - 1);
  }

  /** Moves a session to the end of the order. */
  used(holder: string, id: SessionId): void {
    this.#sessions.get(holder)?.used(id);
  }

  /** Removes a session. */
  remove(holder: string, id: SessionId): void {
    const own = this.#sessions.get(holder);
    if (own?.delete(id) === true) this.#resized(holder, own, own.size + 1);
  }

  #resized(holder: string, own: UseOrder, before: number): void {
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
