import { McpError } from '../../ground/errors.js';
import { isObject, type JsonRpcRequest, type Params } from '../../ground/json-rpc.js';
import { assertLength, MAX_LENGTH } from '../../ground/lengths.js';
import type { McpServer } from '../../server/mcp-server.js';
import type { SessionStore, Subscriptions } from '../../store/store.js';
import type { Call } from '../calls/call.js';
import type { Listeners } from '../exchanges/listeners.js';
import type { Discovery } from '../offer.js';
import type { KeyedCalls } from '../retries/keyed-calls.js';
import type { Tasks } from '../tasks/tasks.js';
import type { ScopeGate } from './scope-gate.js';

/** What one session may be subscribed to. */
export interface SessionSubscriptionLimits {
  readonly count: number;
  /** Of a session of a principal. */
  readonly ownedBytes: number;
  /** Of an anonymous session. */
  readonly anonymousBytes: number;
}

/** What methods may use beside the call. */
export interface MethodParts {
  readonly server: McpServer;
  readonly sessions: SessionStore;
  readonly subscriptions: Subscriptions;
  readonly subscriptionLimits: SessionSubscriptionLimits;
  /** Milliseconds; 0 for no limit. */
  readonly callTimeoutMs: number;
  /** Who listens for changes without a session. */
  readonly listeners: Listeners;
  readonly tasks: Tasks;
  readonly keyed: KeyedCalls;
  readonly discovery: Discovery;
  readonly scopes: ScopeGate;
}

/**
 * Answers one request with its result as JSON text, at once or later; `undefined` when the call came to its end otherwise.
 * What it throws becomes a JSON-RPC error.
 */
export type Method = (call: Call, parts: MethodParts) => string | Promise<string | undefined>;

export function methodNotFound(method: string): McpError {
  return new McpError('method-not-found', `Method not found: ${method}`);
}

export function cursorOf({ params, method }: JsonRpcRequest): string | undefined {
  return params?.['cursor'] === undefined ? undefined : textParam({ params, method }, 'cursor', MAX_LENGTH.cursor);
}

type Request = { readonly method: string; readonly params?: Params | undefined };

/** @throws McpError `invalid-params` when it is no text, or longer than `most` characters. */
export function textParam({ method, params }: Request, name: string, most: number = MAX_LENGTH.name): string {
  const value = params?.[name];
  if (typeof value === 'string') {
    assertLength(value, most, `"${name}" of ${method}`);
    return value;
  }
  throw new McpError('invalid-params', `${method} needs a string "${name}"`);
}

/** @throws McpError `invalid-params` */
export function objectParam({ method, params }: Request, name: string): Record<string, unknown> | undefined {
  const value = params?.[name];
  if (value === undefined || isObject(value)) return value;
  throw new McpError('invalid-params', `"${name}" of ${method} must be an object`);
}
