export interface DrainOptions {
  /** Milliseconds that running work may take to finish. @default 5000 */
  readonly graceMs?: number;
}

export interface Drainable {
  close(options?: DrainOptions): Promise<void>;
}

/**
 * Which routers are reached through which HTTP server, so that closing the server can drain them wherever in an
 * application they are mounted. A router makes itself known when its first request comes: one that never got a request
 * has nothing to drain.
 */
class Drains {
  readonly #byServer = new WeakMap<object, Set<Drainable>>();

  /** @param socket none, or one of no server, where an adapter calls an application without a network. */
  register(socket: object | null | undefined, drainable: Drainable): void {
    const server = (socket as { server?: unknown } | null | undefined)?.server;
    if (typeof server !== 'object' || server === null) return;
    const known = this.#byServer.get(server);
    if (known === undefined) this.#byServer.set(server, new Set([drainable]));
    else known.add(drainable);
  }

  of(server: object): readonly Drainable[] {
    return [...(this.#byServer.get(server) ?? [])];
  }
}

export const drains = new Drains();
