import type { Express, Request, Response } from 'express';

/** The transport of one session, as far as both majors of the official SDK agree. */
export interface SessionTransport {
  handleRequest(request: Request, response: Response, body: unknown): Promise<void>;
}

/** Makes the transport of a new session, connected to a server of its own. Calls `onOpened` with the id of the session. */
export type OpenTransport = (onOpened: (id: string) => void) => Promise<SessionTransport>;

/**
 * Passes each POST to the transport of its session, as in the documentation of the official SDK, without DELETE: the
 * benchmark ends no sessions.
 */
export function mountSessions(app: Express, isInitialize: (body: unknown) => boolean, open: OpenTransport): Express {
  const transports = new Map<string, SessionTransport>();
  app.post('/mcp', async (request, response) => {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? transports.get(id) : undefined;
    if (known !== undefined) {
      await known.handleRequest(request, response, request.body);
    } else if (id === undefined && isInitialize(request.body)) {
      const transport = await open((opened) => transports.set(opened, transport));
      await transport.handleRequest(request, response, request.body);
    } else {
      response.status(404).json({ jsonrpc: '2.0', error: { code: -32001, message: 'Session not found' }, id: null });
    }
  });
  app.get('/mcp', async (request, response) => {
    const known = transports.get(request.get('mcp-session-id') ?? '');
    if (known === undefined) response.status(404).end();
    else await known.handleRequest(request, response, undefined);
  });
  return app;
}
