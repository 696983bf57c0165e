import { McpError } from '../ground/errors.js';
import { isRequest, type RequestId, readMessage } from '../ground/json-rpc.js';
import type { Payload } from '../protocol/sessions/dispatcher.js';
import type { InboundBody } from './inbound.js';

/** Messages in one batch: more than any client needs, few enough to look at before anything is started. */
const MAX_BATCH = 100;

/** @throws McpError `parse-error` or `invalid-request`. */
export function readPayload(body: InboundBody): Payload {
  const value = body.kind === 'parsed' ? body.value : parse(body.text);
  if (!Array.isArray(value)) return { messages: [readMessage(value)], batch: false };
  if (value.length === 0) throw new McpError('invalid-request', 'A JSON-RPC batch must not be empty');
  if (value.length > MAX_BATCH) {
    throw new McpError('invalid-request', `A JSON-RPC batch may hold ${MAX_BATCH} messages at most`);
  }
  return { messages: value.map(readMessage), batch: true };
}

/** The id an error about the whole payload is addressed to. */
export function idOf({ messages, batch }: Payload): RequestId | null {
  const [message] = messages;
  return !batch && message !== undefined && isRequest(message) ? message.id : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new McpError('parse-error', 'The body is not JSON', { cause });
  }
}
