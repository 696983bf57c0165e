import type { Leases } from '../store/store.js';

/**
 * Which other nodes are gone. A node counts as gone when its lease is still missed half a lease after it was missed first:
 * the first look may come just after a store was away, and before the others have told it that they are alive. When it was
 * missed first stands in the store, so that nodes that live for one look each, as in a loop of crashes, come to the end too.
 */
export class Liveness {
  constructor(
    private readonly leases: Leases,
    private readonly leaseMs: number,
  ) {}

  /** Rejects, and has seen nothing, when the store cannot say. */
  async isGone(node: string): Promise<boolean> {
    return (await this.leases.missedFor(node)) >= this.leaseMs / 2;
  }
}
