import type { Express, Request, Response } from 'express';

/** What both majors of the official SDK have in common here: a transport is one session. */
export interface SessionTransport {
  handleRequest(request: Request, response: Response, body: unknown): Promise<void>;
}

/** Makes the transport of a new session, connected to a server of its own, and says when the session has its id. */
export type OpenTransport = (onOpened: (id: string) => void) => Promise<SessionTransport>;

/**
 * Leads each POST to the transport of its session, as the documents of the official SDK have it. DELETE is left
 * out: nothing here ends a session.
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
