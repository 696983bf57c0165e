import { largeHolderSize } from '../holders.js';
import type { SessionId } from '../store.js';
import { UseOrder } from './use-order.js';

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
