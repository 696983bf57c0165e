import type { Leases } from '../store/store.js';

/** Part of a lease. A little less than half, so that with the time of the checks the delay is at most half a lease. */
const GONE_AFTER = 0.45;

/**
 * Decides whether other nodes have died. A node counts as dead if its lease is still missing almost half a lease after it
 * was first missed: the first check may follow an outage of the store, before the other nodes have renewed their leases. The
 * time of the first miss is in the store, so that nodes that live for one check only, as in a crash loop, reach a decision
 * too.
 */
export class NodeLiveness {
  readonly #goneAfterMs: number;

  /** @param leaseMs the duration of a lease, in milliseconds. */
  constructor(
    private readonly leases: Leases,
    leaseMs: number,
  ) {
    this.#goneAfterMs = leaseMs * GONE_AFTER;
  }

  /** True if the node is dead. Rejects without a decision if the store fails. */
  async isGone(node: string): Promise<boolean> {
    return (await this.untilNext(node)) === 0;
  }

  /**
   * Milliseconds until the next check that can change the decision: the end of the node's lease, or of the time for which it
   * has to be missing. 0 if the node is dead. Rejects as `isGone` does.
   */
  async untilNext(node: string): Promise<number> {
    const missedMs = await this.leases.missedFor(node);
    return missedMs < 0 ? -missedMs : Math.max(0, this.#goneAfterMs - missedMs);
  }
}
