import type { StreamKey, StreamStore } from '../store/store.js';
import type { Liveness } from './liveness.js';

/** Checks of each watched node during the duration of one lease. */
const CHECKS = 2;

/**
 * Watches the nodes that owe pending responses to streams with readers on this node. When such a node has died, the store
 * completes those streams with error responses, so that no client waits forever.
 */
export class PendingResponseWatch {
  readonly #waiting = new Map<string, { readonly key: StreamKey; readonly node: string }>();
  readonly #timer: NodeJS.Timeout;

  /**
   * @param leaseMs the duration of a lease, in milliseconds.
   * @param failed receives failures of the store.
   */
  constructor(
    private readonly streams: StreamStore,
    private readonly liveness: Liveness,
    leaseMs: number,
    private readonly failed: (where: string, cause: unknown) => void,
  ) {
    this.#timer = setInterval(() => void this.#checkAll(), leaseMs / CHECKS).unref();
  }

  /** A reader on this node waits for pending responses of `node`. @param name identifies the reader's stream. */
  watch(name: string, key: StreamKey, node: string): void {
    this.#waiting.set(name, { key, node });
    void this.#check(node);
  }

  /** The reader has stopped waiting. */
  forget(name: string): void {
    this.#waiting.delete(name);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#waiting.clear();
  }

  #checkAll(): void {
    const nodes = new Set([...this.#waiting.values()].map(({ node }) => node));
    for (const node of nodes) void this.#check(node);
  }

  async #check(node: string): Promise<void> {
    try {
      if (!(await this.liveness.isGone(node))) return;
      const pending = [...this.#waiting.values()].filter((waiting) => waiting.node === node);
      await Promise.all(pending.map(({ key }) => this.streams.settle(key)));
    } catch (cause) {
      this.failed('looking for a node', cause);
    }
  }
}
