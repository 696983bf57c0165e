import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Figures {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Figures of the service as JSON, at an address of their own: a rule of a proxy that keeps one path from the public has
 * many spellings to keep, and an address that it does not forward has none.
 */
export async function serveFigures(
  { host, port }: { readonly host: string; readonly port: number },
  figures: () => Promise<object>,
): Promise<Figures> {
  const server = createServer((request, response) => {
    request.resume();
    if (request.method !== 'GET') {
      response.writeHead(405, { Allow: 'GET' }).end();
      return;
    }
    figures().then(
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
