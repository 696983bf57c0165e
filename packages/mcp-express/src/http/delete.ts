import { findSession } from './find-session.js';
import { namedRevision } from './headers.js';
import type { Inbound } from './inbound.js';
import type { Outbound } from './outbound.js';
import type { HttpParts } from './parts.js';

const ENDED: Outbound = { kind: 'empty', status: 204 };

/** DELETE: the client is done with its session. */
export async function handleDelete(inbound: Inbound, parts: HttpParts): Promise<Outbound> {
  const session = await findSession(inbound, await inbound.principal(), parts);
  namedRevision(inbound.headers);
  await parts.sessions.end(session);
  return ENDED;
}
