import type { HttpDeps } from './deps.js';
import { findSession } from './find-session.js';
import { lastEventIdOf, namedRevision } from './headers.js';
import type { HttpRequest } from './http-request.js';
import type { HttpResponse } from './http-response.js';

/**
 * GET: opens the standalone stream of the session or, with `Last-Event-ID`, resumes any of its streams.
 *
 * @throws McpError `not-acceptable`, `session-required`, `session-not-found`, `rate-limited` or `unsupported-revision`.
 */
export async function handleGet(request: HttpRequest, deps: HttpDeps): Promise<HttpResponse> {
  deps.accept.forGet(request.headers.accept);
  const session = await findSession(request, await request.principal(), deps);
  const named = namedRevision(request.headers);
  const lastEventId = lastEventIdOf(request.headers);
  const primes = session.revision.priming && named?.priming === true;
  const retry = primes ? { retryMs: deps.retryMs } : {};
  request.onRenewed((principal) => session.renew(principal));
  if (lastEventId === undefined) return { kind: 'stream', reader: await session.listen(), lasting: true, ...retry };
  const { reader, alias } = await session.resume(lastEventId);
  // Without an id on this response, the client would reconnect to the standalone stream instead.
  const prime = primes && alias !== undefined ? { prime: alias } : {};
  return { kind: 'stream', reader, lasting: true, ...prime, ...retry };
}
