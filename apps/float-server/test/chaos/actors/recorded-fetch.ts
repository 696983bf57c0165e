import { setTimeout as delay } from 'node:timers/promises';
import type { CallRecord, Head } from '../ledger/call-record.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Random } from '../random.js';
import { resumeStream } from './resume-stream.js';
import { EventIds, watched } from './watched-stream.js';

/** The parts of a recorded fetch. */
export interface RecordedFetchParts {
  readonly ledger: Ledger;
  readonly client: string;
  readonly random: Random;
  /** Called with the id of each request that is sent, and with its call if it is one. */
  readonly onRequest: (id: unknown, call: CallRecord | undefined) => void;
}

type Fetching = Parameters<typeof fetch>;

interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: { readonly name?: string; readonly arguments?: { readonly call?: string } };
}

/**
 * Statuses after which a client repeats a request: no node reachable, a node that is stopping, an unavailable store.
 */
const WORTH_ANOTHER_TRY = [502, 503, 504];
const TRIES = 100;

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
    return repeated(() => fetch(...given), parts.random);
  };
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
    call?.trail.push('came back in vain');
    throw cause;
  });
  call?.trail.push(`came back: ${response.status}`);
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
    return watched(response, { ...parts, ids, call });
  } finally {
    call?.heads.push(head);
    if (head !== 200) ledger.counts.refusals += 1;
  }
}

async function repeated(send: () => Promise<Response>, random: Random): Promise<Response> {
  for (let tries = 1; ; tries += 1) {
    const answer = await send().catch((cause: Error) => cause);
    const again = answer instanceof Error ? answer.name !== 'AbortError' : WORTH_ANOTHER_TRY.includes(answer.status);
    if (again && tries < TRIES) {
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
