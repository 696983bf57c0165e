import type { Leases } from '../store/store.js';
import { pause } from '../util/time.js';

/** Renewals during the duration of one lease. */
export const RENEWALS = 3;

/** Milliseconds between attempts while the store fails. */
const RETRY_MS = 200;

/** Keeps the lease of this node, which shows others that it is alive. */
export class NodeLease {
  /** Resolves when the store has the lease. No stream may name this node for its pending responses before. */
  readonly held: Promise<void>;
  readonly #timer: NodeJS.Timeout;
  /** The time of the request for the current lease, by both clocks. */
  #heldAt: { readonly monotonic: number; readonly wall: number } | undefined;
  #isRetrying = false;
  #isAway = false;
  #closed = false;

  /**
   * @param leaseMs the duration of a lease, in milliseconds.
   * @param failed receives the first failure of an outage.
   */
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
   * True while no other node can have declared this one dead. It turns false half a renewal before the lease ends, which
   * leaves time for work in progress. One of the two clocks reveals that the process was stopped or the machine was asleep.
   */
  get isSure(): boolean {
    if (this.#heldAt === undefined || this.#closed) return false;
    const sureMs = this.leaseMs - this.leaseMs / RENEWALS / 2;
    const { monotonic, wall } = this.#heldAt;
    return performance.now() - monotonic < sureMs && Date.now() - wall < sureMs;
  }

  /** Stops the renewals and releases the lease. Never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    try {
      await this.leases.release(this.node);
    } catch (cause) {
      this.failed('giving up the lease', cause);
    }
  }

  /** Renews the lease. After an outage of the store the node renews at once, because others could declare it dead. */
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
