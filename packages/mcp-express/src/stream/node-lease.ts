import type { Leases } from '../store/store.js';
import { pause } from '../util/time.js';

/** A lease is taken anew this many times before it would lapse. */
export const RENEWALS = 3;

/** Between the tries of a store that does not answer. Milliseconds. */
const RETRY_MS = 200;

/** Keeps this node known to be alive, for as long as it is. */
export class NodeLease {
  /** Resolves once the node is known. Nothing may be owed in its name before. */
  readonly held: Promise<void>;
  readonly #timer: NodeJS.Timeout;
  /** When the store was last asked for the lease that it gave, by both clocks. */
  #heldAt: { readonly monotonic: number; readonly wall: number } | undefined;
  #isRetrying = false;
  #isAway = false;
  #closed = false;

  constructor(
    private readonly leases: Leases,
    private readonly node: string,
    private readonly leaseMs: number,
    private readonly failed: (where: string, cause: unknown) => void,
  ) {
    this.held = this.#renew();
    this.#timer = setInterval(() => void this.#renew(), leaseMs / RENEWALS).unref();
  }

  /**
   * True while no other node can have taken this one for gone. It becomes false half a renewal before the lease ends, which
   * leaves time for what was begun before. A process that was stopped, or a machine that slept, is told by one of its clocks.
   */
  get isSure(): boolean {
    if (this.#heldAt === undefined || this.#closed) return false;
    const sureMs = this.leaseMs - this.leaseMs / RENEWALS / 2;
    const { monotonic, wall } = this.#heldAt;
    return performance.now() - monotonic < sureMs && Date.now() - wall < sureMs;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    try {
      await this.leases.release(this.node);
    } catch (cause) {
      this.failed('giving up the lease', cause);
    }
  }

  /** A node that comes back after its store was away says so at once: others would take it for gone. */
  async #renew(): Promise<void> {
    if ((await this.#hold()) || this.#isRetrying) return;
    this.#isRetrying = true;
    while (!this.#closed) {
      await pause(RETRY_MS, false);
      if (await this.#hold()) break;
    }
    this.#isRetrying = false;
  }

  async #hold(): Promise<boolean> {
    if (this.#closed) return true;
    const [monotonic, wall] = [performance.now(), Date.now()];
    try {
      await this.leases.hold(this.node, wall + this.leaseMs);
    } catch (cause) {
      if (!this.#isAway) this.failed('renewing the lease', cause);
      this.#isAway = true;
      return false;
    }
    this.#isAway = false;
    this.#heldAt = { monotonic, wall };
    return true;
  }
}
