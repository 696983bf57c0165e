import type { Leases } from '../store.js';

/** After this time, no response of a missing node is pending any more. Milliseconds. */
const MISSED_KEPT_MS = 60 * 60_000;

/** Leases in a map by node. */
export class MemoryLeases implements Leases {
  readonly #until = new Map<string, number>();
  readonly #missedSince = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  async hold(node: string, until: number): Promise<void> {
    this.#until.set(node, until);
    this.#missedSince.delete(node);
  }

  async isHeld(node: string): Promise<boolean> {
    return (this.#until.get(node) ?? 0) > this.now();
  }

  async missedFor(node: string): Promise<number> {
    const now = this.now();
    const until = this.#until.get(node) ?? 0;
    if (until > now) return now - until;
    const since = this.#missedSince.get(node) ?? now;
    this.#missedSince.set(node, since);
    return now - since;
  }

  async release(node: string): Promise<void> {
    this.#until.delete(node);
  }

  /** Removes expired leases, and entries of nodes that have been missing too long to matter. */
  sweep(): void {
    const now = this.now();
    for (const [node, until] of this.#until) if (until <= now) this.#until.delete(node);
    for (const [node, since] of this.#missedSince) {
      if (since + MISSED_KEPT_MS <= now) this.#missedSince.delete(node);
    }
  }
}
