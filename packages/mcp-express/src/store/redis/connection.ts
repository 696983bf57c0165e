import { setTimeout as delay } from 'node:timers/promises';
import type { RedisClient } from './client.js';

/** What clients say when a connection has come, or come back: alone, in a cluster, behind Sentinel. */
const THERE = ['ready', 'node-ready', 'topology-change'];

const MAX_WAIT_MS = 1_000;

/** Milliseconds until Redis is tried again: soon at first, then once a second, and never all nodes at once. */
export function backOff(tries: number): number {
  return Math.min(MAX_WAIT_MS, 25 * 2 ** tries) * (0.5 + Math.random() / 2);
}

const NOT_YET = new Error('there is no connection yet');

/** A client from its first connection to its last. */
export class Connection {
  /** Resolves when Redis was reached for the first time; rejects when that will never be. */
  readonly connected: Promise<void>;
  #closed = false;
  #fault: unknown = NOT_YET;

  constructor(readonly client: RedisClient) {
    // Once connected, clients come back by themselves. Without a listener, an error would end the process.
    client.on('error', (cause?: unknown) => this.#failed(cause));
    client.on('node-error', (cause?: unknown) => this.#failed(cause));
    client.on('client-error', (event?: { readonly error?: unknown }) => this.#failed(event?.error));
    this.onThere(() => this.#failed(undefined));
    this.connected = this.#connect();
    this.connected.catch(() => {});
  }

  /** Why there is no connection, as far as that is known; `undefined` once there is one. */
  get fault(): unknown {
    return this.#fault;
  }

  /** Calls `listener` whenever a server is there that was not, and may have missed something or lost it. */
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

  /** A cluster of which no node is there, or a Sentinel without a master, is given up by its client: not by us. */
  async #connect(): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        await this.client.connect();
        return this.#failed(undefined);
      } catch (cause) {
        // What a cluster or Sentinel says of all its servers together is less than what it has said of each.
        if (this.#fault === undefined || this.#fault === NOT_YET) this.#failed(cause);
        await delay(backOff(tries), undefined, { ref: false });
        if (this.#closed) throw cause;
      }
    }
  }
}

/** A client that was never connected, or is closed, says so by throwing. */
function isOpen(client: object): boolean {
  return !('isOpen' in client) || client.isOpen === true;
}
