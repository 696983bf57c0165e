import type { Discovery } from '../features/discovery/server-capabilities.js';
import type { KeyedCalls } from '../features/idempotency/keyed-calls.js';
import type { McpServer } from '../features/mcp-server.js';
import type { ScopeGate } from '../features/scope-gate.js';
import type { Listeners } from '../features/subscriptions/listeners.js';
import type { Tasks } from '../features/tasks/tasks.js';
import { McpError } from '../protocol/errors.js';
import { isObject, type JsonRpcRequest, type Params } from '../protocol/json-rpc.js';
import { assertLength, MAX_LENGTH } from '../protocol/lengths.js';
import type { SessionStore, Subscriptions } from '../store/store.js';
import type { Call } from './call.js';

/** Limits on the resource subscriptions of one session. */
export interface SessionSubscriptionLimits {
  readonly count: number;
  /** Total characters of the URIs, for a session of a principal. */
  readonly ownedBytes: number;
  /** The same for an anonymous session. */
  readonly anonymousBytes: number;
}

/** The parts of a node that methods need, besides the call. */
export interface MethodParts {
  readonly server: McpServer;
  readonly sessions: SessionStore;
  readonly subscriptions: Subscriptions;
  readonly subscriptionLimits: SessionSubscriptionLimits;
  /** Milliseconds. 0 disables the limit. */
  readonly callTimeoutMs: number;
  /** The open `subscriptions/listen` requests. */
  readonly listeners: Listeners;
  readonly tasks: Tasks;
  readonly keyed: KeyedCalls;
  readonly discovery: Discovery;
  readonly scopes: ScopeGate;
}

/**
 * Answers a request with its result as JSON text, or with `undefined` if the call has ended otherwise. Errors that it
 * throws become JSON-RPC errors.
 */
export type Method = (call: Call, parts: MethodParts) => string | Promise<string | undefined>;

/** The error for an unknown or unavailable method. */
export function methodNotFound(method: string): McpError {
  return new McpError('method-not-found', `Method not found: ${method}`);
}

/**
 * The `cursor` of a list request.
 * @throws McpError `invalid-params`
 */
export function cursorOf({ params, method }: JsonRpcRequest): string | undefined {
  return params?.['cursor'] === undefined ? undefined : textParam({ params, method }, 'cursor', MAX_LENGTH.cursor);
}

type Request = { readonly method: string; readonly params?: Params | undefined };

/**
 * A required string param.
 * @throws McpError `invalid-params` when it is not a string, or longer than `most` characters
 */
export function textParam({ method, params }: Request, name: string, most: number = MAX_LENGTH.name): string {
  const value = params?.[name];
  if (typeof value === 'string') {
    assertLength(value, most, `"${name}" of ${method}`);
    return value;
  }
  throw new McpError('invalid-params', `${method} needs a string "${name}"`);
}

/**
 * An optional object param.
 * @throws McpError `invalid-params` when it is not an object
 */
export function objectParam({ method, params }: Request, name: string): Record<string, unknown> | undefined {
  const value = params?.[name];
  if (value === undefined || isObject(value)) return value;
  throw new McpError('invalid-params', `"${name}" of ${method} must be an object`);
}
