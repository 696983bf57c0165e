import { ownerKey, type Principal } from '../auth/principal.js';
import { McpError } from '../ground/errors.js';
import type { Session } from '../session/session.js';
import { sessionIdOf } from './headers.js';
import type { Inbound } from './inbound.js';
import type { HttpParts } from './parts.js';

/**
 * The session a request names. Asking for sessions that do not exist costs, so that ids cannot be guessed fast.
 *
 * @throws McpError `session-required`, `session-not-found`, or `rate-limited` instead of the latter.
 */
export async function findSession(
  inbound: Inbound,
  principal: Principal | undefined,
  { sessions }: HttpParts,
): Promise<Session> {
  try {
    return await sessions.find(sessionIdOf(inbound.headers), principal);
  } catch (thrown) {
    if (McpError.is(thrown) && thrown.code === 'session-not-found') {
      await inbound.spend('unknownSessions', ownerKey(principal));
    }
    throw thrown;
  }
}
