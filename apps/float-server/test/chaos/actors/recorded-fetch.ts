import { setTimeout as delay } from 'node:timers/promises';
import type { CallRecord, Head } from '../ledger/call-record.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Random } from '../random.js';
import type { Message as Reply } from './recording.js';
import { rereadAnswer } from './reread-answer.js';
import { resumeStream } from './resume-stream.js';
import { EventIds, watched } from './watched-stream.js';

/** The parts of a recorded fetch. */
export interface RecordedFetchParts {
  readonly ledger: Ledger;
  readonly client: string;
  readonly random: Random;
  /** Called with the id of each request that is sent, and with its call if it is one. */
  readonly onRequest: (id: unknown, call: CallRecord | undefined) => void;
  /** Receives messages for the client from a stream that was resumed in its place. */
  readonly onMessage: (message: Reply) => void;
  /** The call with this request id. */
  readonly callOf: (id: unknown) => CallRecord | undefined;
}

type Fetching = Parameters<typeof fetch>;

interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: {
    readonly name?: string;
    readonly arguments?: { readonly call?: string };
    readonly requestId?: unknown;
  };
  readonly result?: { readonly content?: { readonly answer?: string } };
}

/**
 * Statuses after which a client repeats a request: no node reachable, a node that is stopping, an unavailable store.
 */
const WORTH_ANOTHER_TRY = [502, 503, 504];

/** Longer than any outage of the store. Milliseconds. */
const TRYING_MS = 60_000;

/**
 * A `fetch` that records all requests. It repeats everything that may be repeated (responses, notifications, DELETE);
 * repeating a refused call is left to its actor.
 */
export function recordedFetch(parts: RecordedFetchParts): typeof fetch {
  const ids = new EventIds();
  return async (...given) => {
    const [, init] = given;
    if (init?.method === 'GET') return init.signal?.aborted ? closedClientResponse() : openStream(parts, ids, given);
    const message = messageOf(init);
    if (message.method !== undefined && message.id !== undefined) return sendRequest(parts, ids, message, given);
    const answer = await repeated(() => fetch(...given), parts.random);
    if (answer.status === 202) noteAcknowledged(parts, message);
    return answer;
  };
}

/** Records messages that the server acknowledged with 202: each must have its effect. */
function noteAcknowledged({ ledger, client, callOf }: RecordedFetchParts, { method, params, result }: Message): void {
  if (method === 'notifications/cancelled') callOf(params?.requestId)?.acknowledged.push('cancellation');
  const answer = result?.content?.answer;
  if (answer === undefined) return;
  ledger.ofClient(client, answer.replace(/^yes /, ''), 'a question')?.acknowledged.push('answer to a question');
}

/**
 * The response for a client that is already closed. Clients of the official SDK that lose several streams at once forget
 * all but one of their pending reconnections and would continue the others for minutes; 405 stops them.
 */
function closedClientResponse(): Response {
  return new Response(null, { status: 405 });
}

/** Opens a stream. The client itself reconnects as long as necessary. */
async function openStream(parts: RecordedFetchParts, ids: EventIds, [input, init]: Fetching): Promise<Response> {
  const from = new Headers(init?.headers).get('last-event-id');
  const call = from === null ? undefined : ids.callOf(from);
  if (from !== null) parts.ledger.counts.resumes += 1;
  const response = await fetch(input, init).catch((cause) => {
    parts.ledger.note(call, 'a resume failed');
    throw cause;
  });
  parts.ledger.note(call, `resumed: ${response.status}`);
  const onForgotten = () => void resumeStream(parts, [input, init], call as CallRecord);
  return watched(response, { ...parts, ids, call, onForgotten });
}

async function sendRequest(
  parts: RecordedFetchParts,
  ids: EventIds,
  message: Message,
  given: Fetching,
): Promise<Response> {
  const { ledger, onRequest } = parts;
  const name = message.method === 'tools/call' ? message.params?.arguments?.call : undefined;
  const call = name === undefined ? undefined : ledger.calls.get(name);
  onRequest(message.id, call);
  let head: Head = 'none';
  try {
    const response = await fetch(...given);
    head = response.status;
    if (call !== undefined && response.status === 200) rereadAnswer(parts, given, call);
    return watched(response, { ...parts, ids, call });
  } finally {
    call?.heads.push(head);
    if (head !== 200) ledger.counts.refusals += 1;
  }
}

async function repeated(send: () => Promise<Response>, random: Random): Promise<Response> {
  const endsAt = performance.now() + TRYING_MS;
  for (;;) {
    const answer = await send().catch((cause: Error) => cause);
    const again = answer instanceof Error ? answer.name !== 'AbortError' : WORTH_ANOTHER_TRY.includes(answer.status);
    if (again && performance.now() < endsAt) {
      await delay(random.between(50, 150));
      continue;
    }
    if (answer instanceof Error) throw answer;
    return answer;
  }
}

function messageOf(init: RequestInit | undefined): Message {
  return typeof init?.body === 'string' ? (JSON.parse(init.body) as Message) : {};
}
