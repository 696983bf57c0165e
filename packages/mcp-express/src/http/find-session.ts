import { ownerKey, type Principal } from '../auth/principal.js';
import { McpError } from '../protocol/errors.js';
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
  look: 'find' | 'peek' = 'find',
): Promise<Session> {
  const session = await sessions[look](sessionIdOf(inbound.headers), principal);
  if (session !== undefined) return session;
  await inbound.spend('unknownSessions', ownerKey(principal));
  // The same for all reasons, so that an id tells nothing.
  throw new McpError('session-not-found', 'Session not found');
}
