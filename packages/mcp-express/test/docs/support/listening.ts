import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'node:net';
import { onCleanup } from '../../support/cleanup.js';

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
    caught.push(this as HttpServer);
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
