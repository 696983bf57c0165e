import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Express } from 'express';

export interface Listening {
  /** Base URL for a client, with the version: http://127.0.0.1:1234/v3 */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export async function listen(app: Express, port: number, host: string): Promise<Listening> {
  // Clients let go of an idle connection after seconds: a server that does so first may cut off a request on its way.
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
