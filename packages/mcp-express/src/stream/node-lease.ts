import { setTimeout as delay } from 'node:timers/promises';
import type { Leases } from '../store/store.js';

/** A lease is taken anew this many times before it would lapse. */
export const RENEWALS = 3;

/** Between the tries of a store that does not answer. Milliseconds. */
const RETRY_MS = 200;

/** Keeps this node known to be alive, for as long as it is. */
export class NodeLease {
  /** Resolves once the node is known. Nothing may be owed in its name before. */
  readonly held: Promise<void>;
  readonly #timer: NodeJS.Timeout;
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
    for (let told = false; !this.#closed; told = true) {
      try {
        return await this.leases.hold(this.node, Date.now() + this.leaseMs);
      } catch (cause) {
        if (!told) this.failed('renewing the lease', cause);
      }
      await delay(RETRY_MS, undefined, { ref: false });
    }
  }
}
