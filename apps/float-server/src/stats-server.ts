import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A running statistics server. */
export interface StatsServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves statistics as JSON on an address of their own, which a proxy does not forward. A path on the public address would
 * need a proxy rule that covers every spelling of it.
 */
export async function serveStats(
  { host, port }: { readonly host: string; readonly port: number },
  stats: () => Promise<object>,
): Promise<StatsServer> {
  const server = createServer((request, response) => {
    request.resume();
    if (request.method !== 'GET') {
      response.writeHead(405, { Allow: 'GET' }).end();
      return;
    }
    stats().then(
      (found) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(found)),
      () => response.writeHead(503, { 'Content-Type': 'application/json' }).end('{"status":"no figures"}'),
    );
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
