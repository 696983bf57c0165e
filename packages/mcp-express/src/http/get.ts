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
  const retry = session.revision.priming && named?.priming === true ? { retryMs: parts.retryMs } : {};
  if (lastEventId !== undefined) {
    return { kind: 'stream', reader: await session.resume(lastEventId), prime: false, lasting: true, ...retry };
  }
  return { kind: 'stream', reader: await session.listen(), prime: false, lasting: true, ...retry };
}
