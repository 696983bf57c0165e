import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A running server on an address of its own. */
export interface StatsServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves statistics as JSON on an address of their own, which a proxy does not forward. A path on the public address would
 * need a proxy rule that covers every spelling of it.
 */
export function serveStats(address: Address, stats: () => Promise<object>): Promise<StatsServer> {
  return serveAside(address, undefined, (_request, response) => {
    stats().then(
      (found) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(found)),
      () => response.writeHead(503, { 'Content-Type': 'application/json' }).end('{"status":"no figures"}'),
    );
  });
}

/** An address to bind. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Serves GET requests on an address of their own.
 *
 * @param path the only path; `undefined` for any.
 */
export async function serveAside(
  { host, port }: Address,
  path: string | undefined,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<StatsServer> {
  const server = createServer((request, response) => {
    request.resume();
    if (path !== undefined && request.url?.split('?')[0] !== path) response.writeHead(404).end();
    else if (request.method !== 'GET') response.writeHead(405, { Allow: 'GET' }).end();
    else handle(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
