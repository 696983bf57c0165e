/** Options of a graceful shutdown. */
export interface DrainOptions {
  /**
   * Longest time for running work to finish, in milliseconds.
   * @default 5000
   */
  readonly graceMs?: number;
}

/** A component that can be shut down gracefully, such as a router. */
export interface Drainable {
  close(options?: DrainOptions): Promise<void>;
}

/**
 * Maps HTTP servers to the routers mounted in them, so that closing a server can drain its routers. A router registers
 * with its first request, before which it has nothing to drain.
 */
class Drains {
  readonly #byServer = new WeakMap<object, Set<Drainable>>();

  /** @param socket absent, or without a server, when an adapter calls the application without a network */
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

/** The routers of this process, by server. */
export const drains = new Drains();
