import { findSession } from './find-session.js';
import { lastEventIdOf, namedRevision } from './headers.js';
import type { Inbound } from './inbound.js';
import type { Outbound } from './outbound.js';
import type { HttpParts } from './parts.js';

/** GET: the session's own stream, or with `Last-Event-ID` the rest of any of its streams. */
export async function handleGet(inbound: Inbound, parts: HttpParts): Promise<Outbound> {
  parts.accept.forGet(inbound.headers.accept);
  const session = await findSession(inbound, await inbound.principal(), parts);
  const named = namedRevision(inbound.headers);
  const lastEventId = lastEventIdOf(inbound.headers);
  const primes = session.revision.priming && named?.priming === true;
  const retry = primes ? { retryMs: parts.retryMs } : {};
  inbound.onRenewed((principal) => session.renew(principal));
  if (lastEventId === undefined) return { kind: 'stream', reader: await session.listen(), lasting: true, ...retry };
  const { reader, place } = await session.resume(lastEventId);
  // A client that has seen no id on this response would come back for the session's own stream instead.
  const prime = primes && place !== undefined ? { prime: place } : {};
  return { kind: 'stream', reader, lasting: true, ...prime, ...retry };
}
