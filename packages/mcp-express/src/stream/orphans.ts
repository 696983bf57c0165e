import type { StreamKey, StreamStore } from '../store/store.js';
import type { Liveness } from './liveness.js';

/** Looks at the nodes that owe something, in the time of one lease. */
const LOOKS = 2;

/**
 * Streams that are waited for here and owed by other nodes. When such a node is gone, its answers are given in its place,
 * so that nobody waits for ever.
 */
export class Orphans {
  readonly #waiting = new Map<string, { readonly key: StreamKey; readonly node: string }>();
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly streams: StreamStore,
    private readonly liveness: Liveness,
    leaseMs: number,
    private readonly failed: (where: string, cause: unknown) => void,
  ) {
    this.#timer = setInterval(() => void this.#look(), leaseMs / LOOKS).unref();
  }

  /** Somebody here waits for what this node owes. */
  watch(name: string, key: StreamKey, node: string): void {
    this.#waiting.set(name, { key, node });
    void this.#lookAt(node);
  }

  forget(name: string): void {
    this.#waiting.delete(name);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#waiting.clear();
  }

  #look(): void {
    const nodes = new Set([...this.#waiting.values()].map(({ node }) => node));
    for (const node of nodes) void this.#lookAt(node);
  }

  async #lookAt(node: string): Promise<void> {
    try {
      if (!(await this.liveness.isGone(node))) return;
      const owed = [...this.#waiting.values()].filter((waiting) => waiting.node === node);
      await Promise.all(owed.map(({ key }) => this.streams.settle(key)));
    } catch (cause) {
      this.failed('looking for a node', cause);
    }
  }
}
