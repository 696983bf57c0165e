import { setTimeout as delay } from 'node:timers/promises';
import type { RedisClient } from './client.js';

/** Events that announce a new connection: of a single client, a cluster, and Sentinel. */
const THERE = ['ready', 'node-ready', 'topology-change'];

const MAX_WAIT_MS = 1_000;

/**
 * Milliseconds until the next attempt to connect: short at first, then up to a second, with jitter so that nodes do not
 * reconnect all at once.
 */
export function backOff(tries: number): number {
  return Math.min(MAX_WAIT_MS, 25 * 2 ** tries) * (0.5 + Math.random() / 2);
}

const NOT_YET = new Error('there is no connection yet');

/** A client, connected and reconnected until it is closed. */
export class Connection {
  /** Resolves at the first connection; rejects when the client is closed before. */
  readonly connected: Promise<void>;
  #closed = false;
  #fault: unknown = NOT_YET;

  constructor(readonly client: RedisClient) {
    // Clients reconnect by themselves. Without a listener, an `error` event would end the process.
    client.on('error', (cause?: unknown) => this.#failed(cause));
    client.on('node-error', (cause?: unknown) => this.#failed(cause));
    client.on('client-error', (event?: { readonly error?: unknown }) => this.#failed(event?.error));
    this.onThere(() => this.#failed(undefined));
    this.connected = this.#connect();
    this.connected.catch(() => {});
  }

  /** The reason why there is no connection, if known; `undefined` while there is one. */
  get fault(): unknown {
    return this.#fault;
  }

  /** Calls `listener` whenever a server is reached that was not, and may have missed messages or lost data. */
  onThere(listener: () => void): void {
    for (const event of THERE) this.client.on(event, listener);
  }

  close(): void {
    this.#closed = true;
    if (isOpen(this.client)) Promise.resolve(this.client.destroy()).catch(() => {});
  }

  #failed(cause: unknown): void {
    this.#fault = cause;
  }

  /** Retries without end. A client gives up when a cluster has no reachable node, or Sentinel no master. */
  async #connect(): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        await this.client.connect();
        return this.#failed(undefined);
      } catch (cause) {
        // The error of a single server is more specific than that of the whole cluster.
        if (this.#fault === undefined || this.#fault === NOT_YET) this.#failed(cause);
        await delay(backOff(tries), undefined, { ref: false });
        if (this.#closed) throw cause;
      }
    }
  }
}

/** `destroy` throws on a client that was never connected, or is closed. */
function isOpen(client: object): boolean {
  return !('isOpen' in client) || client.isOpen === true;
}
