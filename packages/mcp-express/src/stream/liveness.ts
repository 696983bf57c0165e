import type { Leases } from '../store/store.js';

/**
 * Decides whether other nodes have died. A node counts as dead if its lease is still missing half a lease after it was
 * first missed: the first check may follow an outage of the store, before the other nodes have renewed their leases. The
 * time of the first miss is in the store, so that nodes that live for one check only, as in a crash loop, reach a decision
 * too.
 */
export class Liveness {
  /** @param leaseMs the duration of a lease, in milliseconds. */
  constructor(
    private readonly leases: Leases,
    private readonly leaseMs: number,
  ) {}

  /** True if the node is dead. Rejects without a decision if the store fails. */
  async isGone(node: string): Promise<boolean> {
    return (await this.leases.missedFor(node)) >= this.leaseMs / 2;
  }
}
