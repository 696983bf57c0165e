import { MODERN_REVISION, SESSION_REVISION } from './messages.js';

/** The `Accept` header of a client that takes JSON and streams. */
export const ACCEPT_BOTH = 'application/json, text/event-stream';

/** The values of the headers of a request. */
export interface HeadOptions {
  readonly port: number;
  readonly session?: string | undefined;
  readonly accept?: string;
  readonly revision?: string | undefined;
  readonly lastEventId?: string | undefined;
}

/** The header lines of a request, ending in a line break: the same for every server, but for the session. */
export function headOf(method: 'POST' | 'GET', options: HeadOptions): string {
  const { port, session, accept = ACCEPT_BOTH, revision, lastEventId } = options;
  const lines = [
    `${method} /mcp HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: keep-alive',
    ...(method === 'POST' ? ['Content-Type: application/json'] : []),
    `Accept: ${accept}`,
    'Accept-Language: *',
    'User-Agent: bench',
    ...(revision === undefined ? [] : [`MCP-Protocol-Version: ${revision}`]),
    ...(session === undefined ? [] : [`Mcp-Session-Id: ${session}`]),
    ...(lastEventId === undefined ? [] : [`Last-Event-ID: ${lastEventId}`]),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** The head of a POST in a session. Servers without sessions get the header too, so that all servers parse the same headers. */
export function sessionHead(port: number, session = 'none', revision: string = SESSION_REVISION): string {
  return headOf('POST', { port, session, revision });
}

/** The head of a stateless POST (2026-07-28). */
export function modernHead(port: number): string {
  return headOf('POST', { port, revision: MODERN_REVISION });
}
