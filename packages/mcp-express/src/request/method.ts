import { McpError } from '../protocol/errors.js';
import { isObject, MAX_LENGTH, type Params } from '../protocol/json-rpc.js';
import type { Call } from './call.js';

/**
 * Answers a request with its result as JSON text, or with `undefined` if the call has ended otherwise. Errors that it
 * throws become JSON-RPC errors.
 */
export type Method = (call: Call) => string | Promise<string | undefined>;

/** Methods by name. */
export interface MethodTable<T> {
  /** The methods of MCP itself, which do not change. */
  readonly core: ReadonlyMap<string, T>;
  /** The method of an extension, for a name that MCP does not have. Extensions may change at any time. */
  extension(name: string): T | undefined;
}

/** The error for an unknown or unavailable method. */
export function methodNotFound(method: string): McpError {
  return new McpError('method-not-found', `Method not found: ${method}`);
}

/** The error for params that a method does not accept. */
export function invalidParams(message: string): McpError {
  return new McpError('invalid-params', message);
}

/**
 * The `cursor` of a list request.
 * @throws McpError `invalid-params`
 */
export function cursorOf({ params, method }: Request): string | undefined {
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

/**
 * @param what subject of the error message
 * @throws McpError `invalid-params` when the text is longer than `most`
 */
export function assertLength(text: string, most: number, what: string): void {
  if (text.length <= most) return;
  throw new McpError('invalid-params', `${what} may have ${most} characters at most; it has ${text.length}`);
}
