import { ownerKey, type Principal } from '../auth/principal.js';
import { McpError } from '../protocol/errors.js';
import { isNotification, isRequest, type JsonRpcMessage, type JsonRpcRequest } from '../protocol/json-rpc.js';
import type { Answered, ReplyForm } from '../request/answered.js';
import { assertMirroredIfPresent } from '../request/standard-headers.js';
import type { Payload } from '../session/dispatcher.js';
import { hasEnvelope } from '../stateless/envelope.js';
import { findSession } from './find-session.js';
import { namedRevision, namesModernRevision, revisionText } from './headers.js';
import type { Inbound } from './inbound.js';
import { assertJson } from './negotiate.js';
import { ACCEPTED, json, type Outbound, type OutboundHeaders, SSE_TYPE } from './outbound.js';
import { type Era, type HttpParts, type Refused, refused } from './parts.js';
import { idOf, idOfInvalid, readPayload, valueIn } from './payload.js';
import { frame } from './sse-frame.js';

interface Post {
  readonly payload: Payload;
  readonly form: ReplyForm;
  readonly principal: Principal | undefined;
}

/** POST: a client's messages. Each says by what it carries which era it is of. */
export async function handlePost(inbound: Inbound, parts: HttpParts): Promise<Outbound> {
  assertJson(inbound.headers['content-type']);
  const form = parts.accept.forPost(inbound.headers.accept);
  // Each wait costs a turn of the queue, and without authentication there is nothing to wait for.
  const known = inbound.principal();
  const principal = known instanceof Promise ? await known : known;
  try {
    const value = valueIn(await inbound.body());
    return await answerValue(value, inbound, { form, principal }, parts);
  } finally {
    // Calls that run on hold it themselves.
    inbound.charge?.release();
  }
}

/** Answers a JSON value. An invalid message is refused with its id. */
function answerValue(
  value: unknown,
  inbound: Inbound,
  post: Omit<Post, 'payload'>,
  parts: HttpParts,
): Promise<Outbound> | Outbound {
  let payload: Payload;
  try {
    payload = readPayload(value);
  } catch (thrown) {
    const era = namesModernRevision(inbound.headers) ? 'modern' : 'legacy';
    return refused(thrown, parts, { id: idOfInvalid(value), era });
  }
  return answerPost(inbound, { ...post, payload }, parts);
}

async function answerPost(inbound: Inbound, post: Post, parts: HttpParts): Promise<Outbound> {
  const { payload, principal } = post;
  const era = eraOf(inbound, payload);
  try {
    const spent = payload.messages.some(isRequest) ? inbound.spend('requests', ownerKey(principal)) : undefined;
    if (spent !== undefined) await spent;
    return await (era === 'modern' ? postAlone(inbound, post, parts) : postLegacy(inbound, post, parts));
  } catch (thrown) {
    return refused(thrown, parts, { id: idOf(payload), era, call: callOf(inbound, post) });
  }
}

/** The one call it carries, if it carries one alone. */
function callOf(request: Inbound, { payload, principal }: Post): Refused['call'] {
  const [message] = payload.messages;
  if (payload.batch || message === undefined || !isRequest(message)) return undefined;
  return { message, origin: { principal, request } };
}

/** "A request carrying modern per-request `_meta` is served statelessly" (MCP 2026-07-28, Versioning). */
function eraOf({ headers }: Inbound, { messages }: Payload): Era {
  if (messages.some((message) => 'method' in message && hasEnvelope(message.params))) return 'modern';
  return namesModernRevision(headers) && !messages.some(isInitialize) ? 'modern' : 'legacy';
}

function isInitialize(message: JsonRpcMessage): boolean {
  return isRequest(message) && message.method === 'initialize';
}

/** One message that stands alone. */
async function postAlone(inbound: Inbound, { payload, form, principal }: Post, parts: HttpParts): Promise<Outbound> {
  const [message] = payload.messages;
  if (payload.batch || message === undefined) {
    throw new McpError('batch-not-allowed', 'JSON-RPC batches are not part of this revision of MCP');
  }
  // There is nothing a client could notify of: to cancel, it closes the response.
  if (isNotification(message)) return ACCEPTED;
  if (!isRequest(message)) throw new McpError('invalid-request', 'A client must not send JSON-RPC responses');
  const answered = await parts.exchanges.post(message, {
    principal,
    owner: ownerKey(principal),
    request: inbound,
    charge: inbound.charge,
    namedRevision: revisionText(inbound.headers),
    form,
  });
  if (answered.kind === 'json' && answered.status === 200) return inForm(form, answered.body);
  return outboundOf(answered, { direct: true });
}

/** Messages of a session, and those that open one. */
function postLegacy(inbound: Inbound, post: Post, parts: HttpParts): Promise<Outbound> {
  const { payload } = post;
  for (const message of payload.messages) if (isRequest(message)) assertMirroredIfPresent(inbound, message);
  const [message] = payload.messages;
  if (message !== undefined && !payload.batch && isRequest(message) && isInitialize(message)) {
    return openSession(inbound, message, post, parts);
  }
  return postToSession(inbound, post, parts);
}

async function openSession(
  inbound: Inbound,
  message: JsonRpcRequest,
  { form, principal }: Post,
  parts: HttpParts,
): Promise<Outbound> {
  await inbound.spend('initialize', ownerKey(principal));
  const opened = await parts.sessions.open(message, {
    principal,
    address: principal === undefined ? inbound.ip : undefined,
  });
  return inForm(form, opened.body, { 'Mcp-Session-Id': opened.id });
}

async function postToSession(inbound: Inbound, post: Post, parts: HttpParts): Promise<Outbound> {
  const session = await findSession(inbound, post.principal, parts);
  const named = namedRevision(inbound.headers);
  // Only a client that says so itself is known not to stumble over an event without data.
  const prime = session.revision.priming && named?.priming === true;
  const answered = await session.post(post.payload, {
    request: inbound,
    charge: inbound.charge,
    manner: { form: post.form, resumable: prime },
  });
  return outboundOf(answered, prime ? { retryMs: parts.retryMs } : {}, prime);
}

type StreamManner = Pick<Outbound & { kind: 'stream' }, 'retryMs' | 'direct'>;

function outboundOf(answered: Answered, manner: Partial<StreamManner>, primes = false): Outbound {
  switch (answered.kind) {
    case 'json':
      return json(answered.body, answered.headers, answered.status);
    case 'nothing':
      return ACCEPTED;
    case 'stream': {
      const { reader, lasting = false } = answered;
      return { kind: 'stream', reader, lasting, ...(primes ? { prime: reader.origin } : {}), ...manner };
    }
  }
}

/** A body that is known whole, for a client that may take nothing but a stream. */
function inForm(form: ReplyForm, body: string, headers?: OutboundHeaders): Outbound {
  if (form.json) return json(body, headers);
  const named = headers === undefined ? {} : { headers };
  return { kind: 'text', status: 200, type: SSE_TYPE, body: frame({ data: body }), ...named };
}
