import { McpError } from './errors.js';
import { withoutNullsInMessage } from './null-members.js';

/**
 * Longest texts from clients, in UTF-16 code units. Well above real values, and short enough for texts that are stored,
 * repeated in answers or sent to other nodes.
 */
export const MAX_LENGTH = {
  /** Request ids, also in `notifications/cancelled`. */
  id: 256,
  method: 256,
  progressToken: 256,
  /** Names of tools, prompts and arguments; task ids; log levels. */
  name: 1_024,
  /** URIs of resources and templates. */
  uri: 8_192,
  cursor: 16_384,
} as const;

/** The id of a request. MCP narrows JSON-RPC 2.0: ids are strings or integers, never `null`. */
export type RequestId = string | number;
/** The params of a message. MCP allows objects only. */
export type Params = Readonly<Record<string, unknown>>;

/** A JSON-RPC request. */
export interface JsonRpcRequest {
  readonly jsonrpc: '2.0';
  readonly id: RequestId;
  readonly method: string;
  readonly params?: Params;
}

/** A JSON-RPC notification. */
export interface JsonRpcNotification {
  readonly jsonrpc: '2.0';
  readonly method: string;
  readonly params?: Params;
}

/** The `error` member of a response. */
export interface JsonRpcErrorObject {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** A JSON-RPC response, with either `result` or `error`. */
export interface JsonRpcResponse {
  readonly jsonrpc: '2.0';
  readonly id: RequestId;
  readonly result?: Params;
  readonly error?: JsonRpcErrorObject;
}

/** Any JSON-RPC message of MCP. */
export type JsonRpcMessage = JsonRpcRequest | JsonRpcNotification | JsonRpcResponse;

/** Whether a message is a request. */
export function isRequest(message: JsonRpcMessage): message is JsonRpcRequest {
  return 'method' in message && 'id' in message;
}

/** Whether a message is a notification. */
export function isNotification(message: JsonRpcMessage): message is JsonRpcNotification {
  return 'method' in message && !('id' in message);
}

/**
 * Validates a JSON-RPC message. Returns it without optional members that are `null`.
 * @throws McpError `invalid-request` when the value is not a message that MCP allows
 */
export function readMessage(value: unknown): JsonRpcMessage {
  const message = isObject(value) ? withoutNullsInMessage(value) : value;
  const fault = messageIssue(message);
  if (fault !== undefined) throw new McpError('invalid-request', `Invalid JSON-RPC message: ${fault}`);
  return message as JsonRpcMessage;
}

/** Whether a value is an object, and neither `null` nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Whether a value is a valid request id. Integers beyond 53 bits are refused, because the answer would carry a rounded
 * id.
 */
export function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'string' ? value.length <= MAX_LENGTH.id : Number.isSafeInteger(value);
}

function messageIssue(value: unknown): string | undefined {
  if (!isObject(value)) return 'it must be an object';
  const { id } = value;
  if (typeof id === 'string' && id.length > MAX_LENGTH.id) return tooLong('"id"', MAX_LENGTH.id);
  if (value['jsonrpc'] !== '2.0') return '"jsonrpc" must be "2.0"';
  if ('id' in value && !isRequestId(value['id'])) return '"id" must be a string or an integer of at most 53 bits';
  return 'method' in value ? callIssue(value) : responseIssue(value);
}

function callIssue(value: Record<string, unknown>): string | undefined {
  const { method, params } = value;
  if (typeof method !== 'string') return '"method" must be a string';
  if (method.length > MAX_LENGTH.method) return tooLong('"method"', MAX_LENGTH.method);
  if (params === undefined) return undefined;
  if (!isObject(params)) return '"params" must be an object';
  const meta = params['_meta'];
  return isObject(meta) ? tokenIssue(meta['progressToken']) : undefined;
}

/**
 * Notifications repeat the token, so integers beyond 53 bits are refused: they would be rounded. Other values that are
 * no token count as absent (MCP, schema, ProgressToken: a string or an integer).
 */
function tokenIssue(token: unknown): string | undefined {
  if (typeof token === 'number' && Number.isInteger(token) && !Number.isSafeInteger(token))
    return '"_meta.progressToken" must be a string or an integer of at most 53 bits';
  if (typeof token !== 'string' || token.length <= MAX_LENGTH.progressToken) return undefined;
  return tooLong('"_meta.progressToken"', MAX_LENGTH.progressToken);
}

function tooLong(what: string, most: number): string {
  return `${what} may have ${most} characters at most`;
}

function responseIssue(value: Record<string, unknown>): string | undefined {
  const hasResult = 'result' in value;
  if (hasResult === 'error' in value) return 'it must have "method", or exactly one of "result" and "error"';
  if (!('id' in value)) return 'a response must have an "id"';
  if (hasResult) return isObject(value['result']) ? undefined : '"result" must be an object';
  const error = value['error'];
  const sound = isObject(error) && Number.isInteger(error['code']) && typeof error['message'] === 'string';
  return sound ? undefined : '"error" must have an integer "code" and a string "message"';
}

/** A successful response around a result that is already JSON text, without parsing or copying it. */
export function resultText(id: RequestId, resultJson: string): string {
  return `{"jsonrpc":"2.0","id":${idText(id)},"result":${resultJson}}`;
}

/**
 * An error response.
 * @param id `null` when the request could not be read (JSON-RPC 2.0, section 5)
 * @param code the code of the revision
 */
export function errorText(id: RequestId | null, error: McpError, code = error.rpcCode): string {
  return preparedErrorText(id, errorObjectText(error, code));
}

/** An error response around an `error` that is already JSON text. */
export function preparedErrorText(id: RequestId | null, errorJson: string): string {
  return `{"jsonrpc":"2.0","id":${id === null ? 'null' : idText(id)},"error":${errorJson}}`;
}

/** The `error` member of a response, as JSON text. */
export function errorObjectText({ message, code: reason, data, wire }: McpError, code: number): string {
  if (wire !== undefined) return JSON.stringify(wire);
  try {
    return JSON.stringify({ code, message: String(message), data: { reason, ...data } });
  } catch {
    // Data without a JSON form is left out, so that the client still gets the error.
    return JSON.stringify({ code, message: String(message), data: { reason } });
  }
}

/**
 * A notification as JSON text.
 * @throws TypeError when `params` has no JSON form
 */
export function notificationText(method: string, params?: Params): string {
  const head = `{"jsonrpc":"2.0","method":${JSON.stringify(method)}`;
  return params === undefined ? `${head}}` : `${head},"params":${JSON.stringify(params)}}`;
}

function idText(id: RequestId): string {
  return typeof id === 'number' ? String(id) : JSON.stringify(id);
}
