import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { ExpressAuthentication } from 'mcp-express/auth';
import { onCleanup } from '../../support/cleanup.js';
import { type RawAnswer, type RawRequest, send } from '../../support/raw-client.js';

/** A server whose endpoint requires authentication. */
export interface ProtectedServer {
  readonly url: string;
  /** Sends a request to the endpoint with an `Authorization` header, or with none. */
  call(authorization?: string, more?: RawRequest): Promise<RawAnswer>;
}

/** An application whose `/mcp` answers with the principal, behind the middleware of the authentication. */
export async function protect(auth: ExpressAuthentication): Promise<ProtectedServer> {
  const app = express();
  app.use(auth.wellKnown);
  app.use('/mcp', auth.middleware, (request, response) => {
    response.json((request as IncomingMessage & { auth?: unknown }).auth);
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onCleanup(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    call: (authorization, { headers, ...more } = {}) =>
      send(`${url}/mcp`, {
        body: '{}',
        ...more,
        headers: { ...(authorization === undefined ? {} : { authorization }), ...headers },
      }),
  };
}
