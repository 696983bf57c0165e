import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'node:net';
import { onCleanup } from '../../support/cleanup.js';

const closed = new WeakSet<HttpServer>();

/** Whether a server has been closed, as a program does that ends by itself. */
export function isClosed(server: HttpServer): boolean {
  return closed.has(server);
}

/**
 * From here to the end of the test, servers that name a port get a free one instead, so that examples can say 3000.
 *
 * @returns the servers that began to listen.
 */
export function catchServers(): HttpServer[] {
  const caught: HttpServer[] = [];
  const { listen } = Server.prototype;
  const free = (first: unknown): unknown => {
    if (typeof first === 'number') return 0;
    return typeof first === 'object' && first !== null && 'port' in first ? { ...first, port: 0 } : first;
  };
  Server.prototype.listen = function listenAnywhere(this: Server, ...[first, ...rest]: unknown[]) {
    const server = this as HttpServer;
    caught.push(server);
    server.once('close', () => closed.add(server));
    return listen.apply(this, [free(first), ...rest] as Parameters<typeof listen>);
  } as typeof listen;
  onCleanup(async () => {
    Server.prototype.listen = listen;
    for (const server of caught) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
  return caught;
}

export function portOf(server: HttpServer): number {
  return (server.address() as AddressInfo).port;
}
