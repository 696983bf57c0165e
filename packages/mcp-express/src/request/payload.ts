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

/** Messages in one batch: more than any client needs, and few enough to validate before the first one runs. */
const MAX_BATCH = 100;

/** The body of a POST, or a line of stdio: one message, or a batch. */
export interface Payload {
  readonly messages: readonly JsonRpcMessage[];
  readonly batch: boolean;
  /** For batches: errors, as JSON text, for members that are not valid messages. */
  readonly refusals?: readonly string[];
}

/** Whether a message is an `initialize` request, which opens a session. */
export function isInitialize(message: JsonRpcMessage): boolean {
  return isRequest(message) && message.method === 'initialize';
}

/** The JSON value of a text. @param what names the text in the error. @throws McpError `parse-error` */
export function parseJson(text: string, what = 'The body'): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new McpError('parse-error', `${what} is not JSON`, { cause });
  }
}

/**
 * Reads a JSON value as one JSON-RPC message or a batch. Invalid members of a batch become error responses.
 *
 * @throws McpError `invalid-request` if it is no JSON-RPC message, or an empty or too large batch.
 */
export function readPayload(value: unknown): Payload {
  if (!Array.isArray(value)) return { messages: [readMessage(value)], batch: false };
  if (value.length === 0) throw new McpError('invalid-request', 'A JSON-RPC batch must not be empty');
  if (value.length > MAX_BATCH) {
    throw new McpError('invalid-request', `A JSON-RPC batch may hold ${MAX_BATCH} messages at most`);
  }
  return readBatch(value);
}

/**
 * An invalid member gets an error response of its own, and the others are processed: "The Server should respond with an
 * Array containing the corresponding Response objects" (JSON-RPC 2.0, section 6, and its examples).
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
 * The id for the error about an invalid message: that of a JSON-RPC request with invalid params, otherwise `null`: "If
 * there was an error in detecting the id in the Request object […], it MUST be Null" (JSON-RPC 2.0, section 5).
 */
export function idOfInvalid(value: unknown): RequestId | null {
  const isRequestObject = isObject(value) && value['jsonrpc'] === '2.0' && isObject(value['params']);
  return isRequestObject && typeof value['method'] === 'string' ? requestIdIn(value) : null;
}

/** The id of an invalid member of a batch, if it has a valid one, so that its client can match the error. */
function requestIdIn(member: unknown): RequestId | null {
  if (!isObject(member) || !('method' in member)) return null;
  return isRequestId(member['id']) ? member['id'] : null;
}

/** The request id for an error about the whole payload: that of a single request, otherwise `null`. */
export function idOf({ messages, batch }: Payload): RequestId | null {
  const [message] = messages;
  return !batch && message !== undefined && isRequest(message) ? message.id : null;
}
