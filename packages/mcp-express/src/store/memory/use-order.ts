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
