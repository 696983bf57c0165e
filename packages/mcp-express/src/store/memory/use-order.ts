import type { SessionId } from '../store.js';

/**
 * Sessions in the order in which they are evicted: those that no request has used since `initialize`, oldest first, then
 * the others, idle longest first. (A `Set` iterates in order of insertion, and a use reinserts.)
 */
export class UseOrder implements Iterable<SessionId> {
  readonly #unused = new Set<SessionId>();
  readonly #used = new Set<SessionId>();

  get size(): number {
    return this.#unused.size + this.#used.size;
  }

  created(id: SessionId): void {
    this.#unused.add(id);
  }

  used(id: SessionId): void {
    this.#unused.delete(id);
    this.#used.delete(id);
    this.#used.add(id);
  }

  /** Whether it was there. */
  delete(id: SessionId): boolean {
    return this.#unused.delete(id) || this.#used.delete(id);
  }

  *[Symbol.iterator](): Generator<SessionId> {
    yield* this.#unused;
    yield* this.#used;
  }
}
