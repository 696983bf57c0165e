import { McpError } from '../protocol/errors.js';
import type { ResumedStream, Session } from '../session/session.js';
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
  const { reader, alias } = await resumed(request, session, lastEventId, deps);
  // Without an id on this response, the client would reconnect to the standalone stream instead.
  const prime = primes && alias !== undefined ? { prime: alias } : {};
  return { kind: 'stream', reader, lasting: true, ...prime, ...retry };
}

/** Resumes a stream, within a span if there are instruments. */
async function resumed(
  request: HttpRequest,
  session: Session,
  lastEventId: string,
  { instruments }: HttpDeps,
): Promise<ResumedStream> {
  if (instruments === undefined) return session.resume(lastEventId);
  const done = instruments.resumption(request);
  try {
    const stream = await session.resume(lastEventId);
    done({ context: stream.trace, session: session.id });
    return stream;
  } catch (thrown) {
    done({ session: session.id, error: McpError.from(thrown) });
    throw thrown;
  }
}
