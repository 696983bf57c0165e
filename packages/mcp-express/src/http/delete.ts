import type { HttpDeps } from './deps.js';
import { findSession } from './find-session.js';
import { namedRevision } from './headers.js';
import type { HttpRequest } from './http-request.js';
import { type HttpResponse, NO_CONTENT } from './http-response.js';

/**
 * DELETE: ends the session at the request of its client.
 *
 * @throws McpError `session-required`, `session-not-found`, `rate-limited` or `unsupported-revision`.
 */
export async function handleDelete(request: HttpRequest, deps: HttpDeps): Promise<HttpResponse> {
  const session = await findSession(request, await request.principal(), deps, 'peek');
  namedRevision(request.headers);
  await deps.sessions.end(session);
  return NO_CONTENT;
}
