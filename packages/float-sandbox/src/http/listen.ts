import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Express } from 'express';

/** A listening sandbox. */
export interface ListeningServer {
  /** Base URL for clients, including the version: http://127.0.0.1:1234/v3 */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on a port; 0 chooses a free one. */
export async function listen(app: Express, port: number, host: string): Promise<ListeningServer> {
  // Longer than clients keep idle connections: otherwise the server might close one while a request is on its way.
  const server = createServer({ keepAliveTimeout: 65_000 }, app).listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the sandbox listens on no TCP port');
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${name}:${address.port}/v3`,
    port: address.port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
