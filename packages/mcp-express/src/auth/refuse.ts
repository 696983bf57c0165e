import type { McpError } from '../protocol/errors.js';
import { errorText } from '../protocol/json-rpc.js';
import type { Response } from './authentication.js';

/**
 * Answers with a JSON-RPC error, unless something before has answered. The id is null because nothing of the body was read
 * (JSON-RPC 2.0, section 5). No cache may give it to another client.
 */
export function refuse(response: Response, error: McpError): void {
  if (response.headersSent || response.destroyed) return;
  const headers = { 'Cache-Control': 'no-store', ...error.headers, 'Content-Type': 'application/json' };
  answer(response, error.status, headers, errorText(null, error));
}

/**
 * By what every response of Node has: an application may have mounted us without Express around it. Headers are set one by
 * one, so that middleware that adds some with `writeHead` or `end` can do so.
 */
export function answer(
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
