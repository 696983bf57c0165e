import { ownerKey, type Principal } from '../auth/principal.js';
import { McpError } from '../protocol/errors.js';
import type { Session } from '../session/session.js';
import type { HttpDeps } from './deps.js';
import { sessionIdOf } from './headers.js';
import type { HttpRequest } from './http-request.js';

/**
 * Finds the session that a request names. Requests for unknown sessions spend a budget, so that ids cannot be guessed
 * fast.
 *
 * @param look `find` extends the session's expiry; `peek` does not.
 * @throws McpError `session-required`, `session-not-found`, or `rate-limited` instead of the latter.
 */
export async function findSession(
  request: HttpRequest,
  principal: Principal | undefined,
  { sessions }: HttpDeps,
  look: 'find' | 'peek' = 'find',
): Promise<Session> {
  const session = await sessions[look](sessionIdOf(request.headers), principal);
  if (session !== undefined) return session;
  await request.spend('unknownSessions', ownerKey(principal));
  // The same error for every reason, so that it reveals nothing about an id.
  throw new McpError('session-not-found', 'Session not found');
}
