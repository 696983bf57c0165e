import { ownerKey, type Principal } from '../auth/principal.js';
import type { TracedPost } from '../observe/instrumentation.js';
import { McpError } from '../protocol/errors.js';
import { isNotification, isRequest, type JsonRpcRequest } from '../protocol/json-rpc.js';
import { idOf, idOfInvalid, isInitialize, type Payload, parseJson, readPayload } from '../request/payload.js';
import type { AcceptedFormats, Response } from '../request/response.js';
import { assertStandardHeadersIfPresent } from '../request/standard-headers.js';
import { hasRequestMeta } from '../stateless/request-meta.js';
import { type Era, type HttpDeps, type RefusedRequest, refusalOf } from './deps.js';
import { findSession } from './find-session.js';
import { namedRevision, namesModernRevision, revisionText } from './headers.js';
import type { HttpRequest } from './http-request.js';
import { ACCEPTED, type HttpResponse, json, type ResponseHeaders, SSE_TYPE } from './http-response.js';
import { assertJson } from './negotiate.js';
import { frame } from './sse-frame.js';

/** A parsed POST. */
interface Post {
  readonly payload: Payload;
  readonly form: AcceptedFormats;
  readonly principal: Principal | undefined;
  /** The spans of the messages. */
  readonly span?: TracedPost;
}

/**
 * POST: messages of a client. The content of each request decides its way of speaking MCP.
 *
 * @throws McpError `unsupported-media-type`, `not-acceptable`, `parse-error`, and the errors of `HttpRequest.principal` and
 *   `HttpRequest.body`. Later errors become a response.
 */
export async function handlePost(request: HttpRequest, deps: HttpDeps): Promise<HttpResponse> {
  assertJson(request.headers['content-type']);
  const form = deps.accept.forPost(request.headers.accept);
  // Avoid an `await`, which costs a microtask, where authentication is synchronous.
  const known = request.principal();
  const principal = known instanceof Promise ? await known : known;
  try {
    const body = await request.body();
    const value = body.kind === 'parsed' ? body.value : parseJson(body.text);
    return await answerValue(value, request, { form, principal }, deps);
  } finally {
    // Calls that continue to run hold the charge themselves.
    request.charge?.release();
  }
}

/** Answers a JSON value. An invalid message is refused with its id. */
function answerValue(
  value: unknown,
  request: HttpRequest,
  post: Omit<Post, 'payload'>,
  deps: HttpDeps,
): Promise<HttpResponse> | HttpResponse {
  let payload: Payload;
  try {
    payload = readPayload(value);
  } catch (thrown) {
    const era = namesModernRevision(request.headers) ? 'modern' : 'legacy';
    return refusalOf(thrown, deps, { id: idOfInvalid(value), era });
  }
  return answerPost(request, { ...post, payload }, deps);
}

async function answerPost(request: HttpRequest, given: Post, deps: HttpDeps): Promise<HttpResponse> {
  const { payload, principal } = given;
  const era = eraOf(request, payload);
  const span = deps.instruments?.post(request, payload.messages);
  const post = span === undefined ? given : { ...given, span };
  try {
    const spent = payload.messages.some(isRequest) ? request.spend('requests', ownerKey(principal)) : undefined;
    if (spent !== undefined) await spent;
    const answer = era === 'modern' ? postStateless : postWithSession;
    const response = await (span === undefined
      ? answer(request, post, deps)
      : span.run(() => answer(request, post, deps)));
    span?.settle({ era });
    return response;
  } catch (thrown) {
    span?.settle({ era, error: McpError.from(thrown) });
    return refusalOf(thrown, deps, { id: idOf(payload), era, call: callOf(request, post) });
  }
}

/** The call that the POST carries, unless it carries a batch or no request. */
function callOf(request: HttpRequest, { payload, principal }: Post): RefusedRequest['call'] {
  const [message] = payload.messages;
  if (payload.batch || message === undefined || !isRequest(message)) return undefined;
  return { message, origin: { principal, request } };
}

/** "A request carrying modern per-request `_meta` is served statelessly" (MCP 2026-07-28, Versioning). */
function eraOf({ headers }: HttpRequest, { messages }: Payload): Era {
  if (messages.some((message) => 'method' in message && hasRequestMeta(message.params))) return 'modern';
  return namesModernRevision(headers) && !messages.some(isInitialize) ? 'modern' : 'legacy';
}

/** Answers a stateless request. */
async function postStateless(
  request: HttpRequest,
  { payload, form, principal }: Post,
  deps: HttpDeps,
): Promise<HttpResponse> {
  const [message] = payload.messages;
  if (payload.batch || message === undefined) {
    throw new McpError('batch-not-allowed', 'JSON-RPC batches are not part of this revision of MCP');
  }
  // A stateless client cancels a request by closing the response; it sends notifications of extensions only.
  if (isNotification(message)) {
    deps.statelessRequests.notify(message, {
      principal,
      request,
      headers: request,
      namedRevision: revisionText(request.headers),
    });
    return ACCEPTED;
  }
  if (!isRequest(message)) throw new McpError('invalid-request', 'A client must not send JSON-RPC responses');
  const answered = await deps.statelessRequests.post(message, {
    principal,
    owner: ownerKey(principal),
    request,
    headers: request,
    charge: request.charge,
    namedRevision: revisionText(request.headers),
    formats: form,
  });
  if (answered.kind === 'json' && answered.status === 200) return inForm(form, answered.body);
  return outboundOf(answered, { direct: true });
}

/** Answers messages of a session, or opens one. */
function postWithSession(request: HttpRequest, post: Post, deps: HttpDeps): Promise<HttpResponse> {
  const { payload } = post;
  for (const message of payload.messages) if (isRequest(message)) assertStandardHeadersIfPresent(request, message);
  const [message] = payload.messages;
  if (message !== undefined && !payload.batch && isRequest(message) && isInitialize(message)) {
    return openSession(request, message, post, deps);
  }
  return postToSession(request, post, deps);
}

async function openSession(
  request: HttpRequest,
  message: JsonRpcRequest,
  { form, principal, span }: Post,
  deps: HttpDeps,
): Promise<HttpResponse> {
  await request.spend('initialize', ownerKey(principal));
  const opened = await deps.sessions.open(message, {
    principal,
    address: principal === undefined ? request.ip : undefined,
    request,
  });
  span?.settle({ era: 'legacy', session: opened.id, revision: opened.revision });
  return inForm(form, opened.body, { 'Mcp-Session-Id': opened.id });
}

async function postToSession(request: HttpRequest, post: Post, deps: HttpDeps): Promise<HttpResponse> {
  const session = await findSession(request, post.principal, deps);
  const named = namedRevision(request.headers);
  // Only a client that names such a revision itself is known to accept an event without data.
  const prime = session.revision.priming && named?.priming === true;
  const answered = await session.post(post.payload, {
    request,
    charge: request.charge,
    responseOptions: { formats: post.form, resumable: prime },
  });
  return outboundOf(answered, prime ? { retryMs: deps.retryMs } : {}, prime);
}

type StreamOptions = Pick<HttpResponse & { kind: 'stream' }, 'retryMs' | 'direct'>;

function outboundOf(answered: Response, options: Partial<StreamOptions>, primes = false): HttpResponse {
  switch (answered.kind) {
    case 'json':
      return json(answered.body, answered.headers, answered.status);
    case 'nothing':
      return ACCEPTED;
    case 'stream': {
      const { reader, lasting = false } = answered;
      return { kind: 'stream', reader, lasting, ...(primes ? { prime: reader.origin } : {}), ...options };
    }
  }
}

/** A complete body as JSON, or as an event stream of one event if the client accepts nothing else. */
function inForm(form: AcceptedFormats, body: string, headers?: ResponseHeaders): HttpResponse {
  if (form.json) return json(body, headers);
  const named = headers === undefined ? {} : { headers };
  return { kind: 'text', status: 200, type: SSE_TYPE, body: frame({ data: body }), ...named };
}
