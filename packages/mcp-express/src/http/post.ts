import type { Principal } from '../auth/principal.js';
import { isRequest } from '../ground/json-rpc.js';
import type { Payload } from '../protocol/dispatcher.js';
import type { Answered, ReplyForm } from '../protocol/reply.js';
import { namedRevision, sessionIdOf } from './headers.js';
import type { Inbound } from './inbound.js';
import { assertJson } from './negotiate.js';
import { ACCEPTED, json, type Outbound, SSE_TYPE } from './outbound.js';
import { type HttpParts, refused } from './parts.js';
import { idOf, readPayload } from './payload.js';
import { frame } from './sse-frame.js';

/** POST: a client's messages. `initialize` opens a session, everything else is for one that exists. */
export async function handlePost(inbound: Inbound, parts: HttpParts): Promise<Outbound> {
  assertJson(inbound.headers['content-type']);
  const form = parts.accept.forPost(inbound.headers.accept);
  const principal = inbound.principal();
  const payload = readPayload(await inbound.body());
  try {
    const [message] = payload.messages;
    if (message !== undefined && !payload.batch && isRequest(message) && message.method === 'initialize') {
      const opened = await parts.sessions.open(message, principal);
      return inForm(form, opened.body, { 'Mcp-Session-Id': opened.id });
    }
    return await postToSession(inbound, { payload, form, principal }, parts);
  } catch (thrown) {
    return refused(thrown, parts, idOf(payload));
  }
}

interface Post {
  readonly payload: Payload;
  readonly form: ReplyForm;
  readonly principal: Principal | undefined;
}

async function postToSession(inbound: Inbound, post: Post, parts: HttpParts): Promise<Outbound> {
  const session = await parts.sessions.find(sessionIdOf(inbound.headers), post.principal);
  const named = namedRevision(inbound.headers);
  // Only a client that says so itself is known not to stumble over an event without data.
  const prime = session.revision.priming && named?.priming === true;
  const answered = await session.post(post.payload, {
    principal: post.principal,
    request: inbound,
    manner: { form: post.form, resumable: prime },
  });
  return outboundOf(answered, prime, parts.retryMs);
}

function outboundOf(answered: Answered, prime: boolean, retryMs: number): Outbound {
  switch (answered.kind) {
    case 'json':
      return json(answered.body);
    case 'nothing':
      return ACCEPTED;
    case 'stream':
      return { kind: 'stream', reader: answered.reader, prime, ...(prime ? { retryMs } : {}) };
  }
}

/** A body that is known whole, for a client that may take nothing but a stream. */
function inForm(form: ReplyForm, body: string, headers: Record<string, string>): Outbound {
  if (form.json) return json(body, headers);
  return { kind: 'text', status: 200, type: SSE_TYPE, body: frame({ data: body }), headers };
}
