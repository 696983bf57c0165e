import type { Leases } from '../store/store.js';

/** Nodes that were missed this long ago are nobody's concern any more. Milliseconds. */
const FORGOTTEN_MS = 60 * 60_000;

/**
 * Which other nodes are gone. A node counts as gone when its lease is still missed half a lease after it was missed first:
 * the first look may come just after a store was away, and before the others have told it that they are alive.
 */
export class Liveness {
  readonly #missedSince = new Map<string, number>();

  constructor(
    private readonly leases: Leases,
    private readonly leaseMs: number,
  ) {}

  /** Rejects, and has seen nothing, when the store cannot say. */
  async isGone(node: string): Promise<boolean> {
    let held = true;
    try {
      held = await this.leases.isHeld(node);
    } finally {
      if (held) this.#missedSince.delete(node);
    }
    return !held && this.#isMissedLong(node);
  }

  #isMissedLong(node: string): boolean {
    const now = performance.now();
    const since = this.#missedSince.get(node);
    if (since !== undefined) return now - since >= this.leaseMs / 2;
    for (const [other, time] of this.#missedSince) if (now - time > FORGOTTEN_MS) this.#missedSince.delete(other);
    this.#missedSince.set(node, now);
    return false;
  }
}
