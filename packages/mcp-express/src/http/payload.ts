import { McpError } from '../protocol/errors.js';
import {
  errorText,
  isObject,
  isRequest,
  isRequestId,
  type JsonRpcMessage,
  type RequestId,
  readMessage,
} from '../protocol/json-rpc.js';
import type { Payload } from '../session/dispatcher.js';
import type { InboundBody } from './inbound.js';

/** Messages in one batch: more than any client needs, few enough to look at before anything is started. */
const MAX_BATCH = 100;

/** The JSON value of a body. @throws McpError `parse-error` */
export function valueIn(body: InboundBody): unknown {
  return body.kind === 'parsed' ? body.value : parse(body.text);
}

/** @throws McpError `invalid-request` */
export function readPayload(value: unknown): Payload {
  if (!Array.isArray(value)) return { messages: [readMessage(value)], batch: false };
  if (value.length === 0) throw new McpError('invalid-request', 'A JSON-RPC batch must not be empty');
  if (value.length > MAX_BATCH) {
    throw new McpError('invalid-request', `A JSON-RPC batch may hold ${MAX_BATCH} messages at most`);
  }
  return readBatch(value);
}

/**
 * What is no message is answered by itself, and the others are taken: "The Server should respond with an Array containing
 * the corresponding Response objects" (JSON-RPC 2.0, section 6, and its examples).
 */
function readBatch(members: readonly unknown[]): Payload {
  const messages: JsonRpcMessage[] = [];
  const refusals: string[] = [];
  for (const member of members) {
    try {
      messages.push(readMessage(member));
    } catch (thrown) {
      refusals.push(errorText(requestIdIn(member), McpError.from(thrown)));
    }
  }
  return refusals.length === 0 ? { messages, batch: true } : { messages, batch: true, refusals };
}

/**
 * The id of a request that is refused for what is in its params. `null` for what is no JSON-RPC request: "If there was an
 * error in detecting the id in the Request object […], it MUST be Null" (JSON-RPC 2.0, section 5).
 */
export function idOfInvalid(value: unknown): RequestId | null {
  const isRequestObject = isObject(value) && value['jsonrpc'] === '2.0' && isObject(value['params']);
  return isRequestObject && typeof value['method'] === 'string' ? requestIdIn(value) : null;
}

/** The id of an invalid member of a batch, so that its client can relate the error to it. */
function requestIdIn(member: unknown): RequestId | null {
  if (!isObject(member) || !('method' in member)) return null;
  return isRequestId(member['id']) ? member['id'] : null;
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
