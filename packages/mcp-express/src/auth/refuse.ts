import type { McpError } from '../ground/errors.js';
import { errorText } from '../ground/json-rpc.js';
import type { Response } from './authentication.js';

/** Answers with a JSON-RPC error. The id is null because nothing of the body was read (JSON-RPC 2.0, section 5). */
export function refuse(response: Response, error: McpError): void {
  if (response.headersSent || response.destroyed) return;
  const body = errorText(null, error);
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...error.headers };
  response.writeHead(error.status, headers).end(body);
}
