import type { StreamKey, StreamStore } from '../store/store.js';
import type { NodeLiveness } from './node-liveness.js';

/** Checks of each watched node during the duration of one lease, beside those at the end of its lease. */
const CHECKS = 2;

/** Delay of a check after the moment it is for, so that it does not come just before. Milliseconds. */
const MARGIN_MS = 5;

interface NextCheck {
  /** Time of `performance.now()`. */
  readonly at: number;
  readonly timer: NodeJS.Timeout;
}

/**
 * Watches the nodes that owe pending responses to streams with readers on this node. When such a node has died, the store
 * completes those streams with error responses, so that no client waits forever.
 */
export class PendingResponseWatch {
  readonly #waiting = new Map<string, { readonly key: StreamKey; readonly node: string }>();
  readonly #timer: NodeJS.Timeout;
  /** By node: the check at which it may first be found dead. */
  readonly #next = new Map<string, NextCheck>();

  /**
   * @param leaseMs the duration of a lease, in milliseconds.
   * @param failed receives failures of the store.
   */
  constructor(
    private readonly streams: StreamStore,
    private readonly liveness: NodeLiveness,
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
    for (const { timer } of this.#next.values()) clearTimeout(timer);
    this.#next.clear();
    this.#waiting.clear();
  }

  #checkAll(): void {
    const nodes = new Set([...this.#waiting.values()].map(({ node }) => node));
    for (const node of nodes) void this.#check(node);
  }

  #checkAfter(node: string, ms: number): void {
    const at = performance.now() + ms;
    const next = this.#next.get(node);
    if (next !== undefined && next.at <= at) return;
    clearTimeout(next?.timer);
    const check = (): void => {
      this.#next.delete(node);
      void this.#check(node);
    };
    this.#next.set(node, { at, timer: setTimeout(check, ms).unref() });
  }

  #owedBy(node: string): StreamKey[] {
    return [...this.#waiting.values()].filter((waiting) => waiting.node === node).map(({ key }) => key);
  }

  async #check(node: string): Promise<void> {
    if (this.#owedBy(node).length === 0) return;
    try {
      const leftMs = await this.liveness.untilNext(node);
      const pending = this.#owedBy(node);
      if (leftMs > 0 && pending.length > 0) return this.#checkAfter(node, leftMs + MARGIN_MS);
      await Promise.all(pending.map((key) => this.streams.settle(key)));
    } catch (cause) {
      this.failed('looking for a node', cause);
    }
  }
}
