import type { McpError } from '../protocol/errors.js';
import { errorText } from '../protocol/json-rpc.js';
import type { Response } from './authentication.js';

/**
 * Responds with a JSON-RPC error, unless earlier middleware has responded. The id is null because the body was not read
 * (JSON-RPC 2.0, section 5). Caches must not store it.
 */
export function sendRefusal(response: Response, error: McpError): void {
  if (response.headersSent || response.destroyed) return;
  const headers = { 'Cache-Control': 'no-store', ...error.headers, 'Content-Type': 'application/json' };
  sendResponse(response, error.status, headers, errorText(null, error));
}

/**
 * Sends a response with methods of Node only, because the application may not use Express. Headers are set one by one, so
 * that middleware that adds headers in `writeHead` or `end` still works.
 */
export function sendResponse(
  response: Response,
  status: number,
  headers: Readonly<Record<string, string>>,
  body?: string,
): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (body !== undefined) response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}
