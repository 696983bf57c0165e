import { findSession } from './find-session.js';
import { namedRevision } from './headers.js';
import type { Inbound } from './inbound.js';
import { NO_CONTENT, type Outbound } from './outbound.js';
import type { HttpParts } from './parts.js';

/** DELETE: the client is done with its session. */
export async function handleDelete(inbound: Inbound, parts: HttpParts): Promise<Outbound> {
  const session = await findSession(inbound, await inbound.principal(), parts, 'peek');
  namedRevision(inbound.headers);
  await parts.sessions.end(session);
  return NO_CONTENT;
}
