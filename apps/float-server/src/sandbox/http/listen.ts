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
  const server = createServer(app).listen(port, host);
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
