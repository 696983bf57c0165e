import { closestName } from '../util/closest-name.js';

import { shortened } from '../util/shortened.js';

/** A refused request. */
const REFUSED = { rpc: -32600 };

/** A failed call for which JSON-RPC has no specific code. */
const FAILED = { rpc: -32603 };

/** For conditions that usually last moments only. Seconds (RFC 9110, section 10.2.3). */
const SOON = { 'Retry-After': '1' };

interface ErrorRow {
  /** HTTP status when the error refuses a whole HTTP request. */
  readonly status: number;
  readonly rpc: number;
  /**
   * Overrides for stateless requests (MCP 2026-07-28): the JSON-RPC code, and the HTTP status of the answer to a
   * request that was accepted.
   * @default status 200
   */
  readonly modern?: { readonly status?: number; readonly rpc?: number };
  /** HTTP headers of a refusal, unless the error has its own. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * All errors that clients can get: the stable code, the HTTP status and headers when the error refuses a whole HTTP
 * request, and the JSON-RPC code.
 *
 * JSON-RPC codes: -32700 to -32603 come from JSON-RPC 2.0; -32020 to -32022 from MCP (2026-07-28, Error Codes). Clients
 * of earlier revisions know -32000 and -32001 from the official SDK, as "refused by the transport" and "session not
 * found". MCP 2026-07-28 discourages such codes, so its calls fail with those of JSON-RPC.
 */
export const ERRORS = {
  'parse-error': { status: 400, rpc: -32700 },
  'invalid-request': { status: 400, rpc: -32600 },
  'batch-not-allowed': { status: 400, rpc: -32600 },
  'method-not-found': { status: 404, rpc: -32601, modern: { status: 404 } },
  'invalid-params': { status: 200, rpc: -32602 },
  'invalid-meta': { status: 400, rpc: -32602 },
  'header-mismatch': { status: 400, rpc: -32020 },
  'state-refused': { status: 400, rpc: -32602, modern: { status: 400 } },
  'resource-not-found': { status: 200, rpc: -32002, modern: { rpc: -32602 } },
  'cancelled-by-operator': { status: 200, rpc: -32000, modern: FAILED },
  'deadline-exceeded': { status: 200, rpc: -32000, modern: FAILED },
  'capability-missing': { status: 400, rpc: -32000, modern: { status: 400, rpc: -32021 } },
  'no-channel': { status: 200, rpc: -32000, modern: FAILED },
  /** 2025-11-25, Elicitation, "Error Handling". Does not exist in 2026-07-28. */
  'url-elicitation-required': { status: 200, rpc: -32042, modern: FAILED },
  'client-timeout': { status: 200, rpc: -32000, modern: FAILED },
  'client-error': { status: 200, rpc: -32000, modern: FAILED },
  'client-answer-invalid': { status: 200, rpc: -32000, modern: { rpc: -32602 } },
  'too-many-subscriptions': { status: 200, rpc: -32000, modern: FAILED },
  'hosted-error': { status: 200, rpc: -32603 },
  'internal-error': { status: 500, rpc: -32603 },
  unauthorized: { status: 401, rpc: -32000, modern: REFUSED, headers: { 'WWW-Authenticate': 'Bearer' } },
  'host-not-allowed': { status: 403, rpc: -32000, modern: REFUSED },
  'target-not-allowed': { status: 400, rpc: -32000, modern: REFUSED },
  'origin-not-allowed': { status: 403, rpc: -32000, modern: REFUSED },
  'endpoint-missed': { status: 404, rpc: -32000, modern: REFUSED },
  'cross-site': { status: 403, rpc: -32000, modern: REFUSED },
  'insufficient-scope': {
    status: 403,
    rpc: -32000,
    modern: { ...REFUSED, status: 403 },
    headers: { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' },
  },
  'session-required': { status: 400, rpc: -32000, modern: REFUSED },
  'session-header-malformed': { status: 400, rpc: -32000, modern: REFUSED },
  'session-not-found': { status: 404, rpc: -32001, modern: REFUSED },
  'unsupported-revision': { status: 400, rpc: -32022 },
  'stream-ended': { status: 405, rpc: -32000, modern: REFUSED, headers: { Allow: 'POST' } },
  'stream-taken': { status: 409, rpc: -32000, modern: REFUSED, headers: { 'Retry-After': '10' } },
  'event-not-found': { status: 400, rpc: -32000, modern: REFUSED },
  'method-not-allowed': { status: 405, rpc: -32000, modern: REFUSED },
  'not-acceptable': { status: 406, rpc: -32000, modern: REFUSED },
  'body-too-large': { status: 413, rpc: -32000, modern: REFUSED },
  'body-unreadable': { status: 400, rpc: -32000, modern: REFUSED },
  'unsupported-media-type': { status: 415, rpc: -32000, modern: REFUSED },
  'unsupported-encoding': { status: 415, rpc: -32000, modern: REFUSED },
  'rate-limited': { status: 429, rpc: -32000, modern: REFUSED, headers: SOON },
  'too-many-calls': { status: 429, rpc: -32000, modern: FAILED, headers: SOON },
  'too-many-bytes': { status: 429, rpc: -32000, modern: REFUSED, headers: SOON },
  overloaded: { status: 503, rpc: -32000, modern: FAILED, headers: SOON },
  'call-interrupted': { status: 200, rpc: -32000, modern: FAILED },
  'response-dropped': { status: 200, rpc: -32000, modern: FAILED },
  'session-ended': { status: 404, rpc: -32001, modern: REFUSED },
  'too-many-sessions': { status: 503, rpc: -32000, modern: REFUSED },
  'too-many-streams': { status: 429, rpc: -32000, modern: { ...FAILED, status: 429 }, headers: SOON },
  'idempotency-key-reused': { status: 409, rpc: -32602, modern: { status: 409 } },
  'too-many-keyed-calls': { status: 429, rpc: -32000, modern: { ...FAILED, status: 429 }, headers: SOON },
  'answer-not-kept': { status: 200, rpc: -32000, modern: FAILED },
  'too-many-tasks': { status: 429, rpc: -32000, modern: { ...FAILED, status: 429 }, headers: SOON },
  'store-unavailable': { status: 503, rpc: -32000, modern: FAILED, headers: SOON },
  'shutting-down': { status: 503, rpc: -32000, modern: FAILED, headers: SOON },
} as const satisfies Record<string, ErrorRow>;

/** The stable name of an error, which clients get as `error.data.reason`. */
export type ErrorCode = keyof typeof ERRORS;

/** Most characters of a message, because some repeat a name from the client. */
const MAX_MESSAGE = 4_000;

/** Options of `McpError`. */
export interface McpErrorOptions {
  /** Further members of `error.data`, beside `reason`. JSON only. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** HTTP headers when the error refuses a whole HTTP request, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The underlying error. Passed to `observe`, never sent to the client. */
  readonly cause?: unknown;
}

/**
 * The error class of this package. The client gets its message; internals belong in `cause`.
 *
 * A handler may throw one to answer with a JSON-RPC error instead of a tool result with `isError`.
 */
export class McpError extends Error {
  override readonly name = 'McpError';
  readonly data: Readonly<Record<string, unknown>> | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** The whole `error` member of a response, if a hosted server has written it. */
  readonly wire: object | undefined = undefined;

  constructor(
    readonly code: ErrorCode,
    message?: string,
    options: McpErrorOptions = {},
  ) {
    // Handlers in JavaScript may pass any value. They must get this error rather than a `TypeError`.
    const text = shortened(String(message ?? ''), MAX_MESSAGE);
    super(
      text === '' ? defaultMessage(code) : text,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    if (!Object.hasOwn(ERRORS, code)) throw unknownCode(code);
    this.data = options.data;
    const row: ErrorRow = ERRORS[code];
    this.headers = options.headers ?? row.headers;
  }

  /** Any thrown value as an `McpError`. Unknown errors become `internal-error`, with their details in `cause` only. */
  static from(thrown: unknown): McpError {
    return McpError.is(thrown) ? thrown : new McpError('internal-error', 'Internal error', { cause: causeOf(thrown) });
  }

  /** Never throws, even for a revoked proxy, where `instanceof` does. */
  static is(thrown: unknown): thrown is McpError {
    try {
      return thrown instanceof McpError;
    } catch {
      return false;
    }
  }

  /** The HTTP status when the error refuses a whole request. */
  get status(): number {
    return ERRORS[this.code].status;
  }

  /** The JSON-RPC code in sessions. */
  get rpcCode(): number {
    return ERRORS[this.code].rpc;
  }

  /** The JSON-RPC code for stateless requests. */
  get modernRpcCode(): number {
    const row: ErrorRow = ERRORS[this.code];
    return row.modern?.rpc ?? row.rpc;
  }

  /** The HTTP status of the answer when a stateless request was accepted and then failed. */
  get answerStatus(): number {
    const row: ErrorRow = ERRORS[this.code];
    return row.modern?.status ?? 200;
  }
}

/** The words of a code, such as `Invalid params`. */
function defaultMessage(code: unknown): string {
  const words = String(code).replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function unknownCode(code: unknown): ConfigurationError {
  const ofNumber = Object.entries(ERRORS).find(([, { rpc }]) => rpc === code)?.[0];
  const meant = ofNumber ?? closestName(String(code), Object.keys(ERRORS));
  const hint = meant === undefined ? `It is one of ${Object.keys(ERRORS).join(', ')}` : `Did you mean "${meant}"?`;
  return new ConfigurationError(`McpError has no code ${JSON.stringify(code) ?? String(code)}. ${hint}`);
}

/** The thrown value as a loggable cause, even if it is `undefined` or `null`. */
export function causeOf(thrown: unknown): unknown {
  return thrown ?? new TypeError(`${thrown} was thrown`);
}

/** Invalid options or an invalid registration. Thrown at startup, never caused by a client. */
export class ConfigurationError extends TypeError {
  override readonly name = 'ConfigurationError';
}

/** @throws ConfigurationError for the first unknown option, with a suggestion and the known ones */
export function assertKnown(options: unknown, known: readonly string[], what: string): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ConfigurationError(`${what} takes an object with ${known.join(', ')}; it was given ${kindOf(options)}`);
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const meant = closestName(unknown, known);
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  throw new ConfigurationError(`${what} has no option "${unknown}".${hint} It has: ${known.join(', ')}.`);
}

/**
 * Describes the type of a value for error messages. Never throws. Strings are not shown, because they may be secrets.
 */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'number' || typeof value === 'boolean') return `the ${typeof value} ${value}`;
  if (typeof value === 'bigint') return 'a BigInt';
  if (typeof value !== 'object') return `a ${typeof value}`;
  try {
    return kindOfObject(value);
  } catch {
    return 'an object that cannot be read';
  }
}

function kindOfObject(value: object): string {
  if (Array.isArray(value)) return 'an array';
  if ('then' in value && typeof value.then === 'function') return 'a promise: await it';
  const made: unknown = (Object.getPrototypeOf(value) as object | null)?.constructor ?? Object;
  if (made === Object || typeof made !== 'function' || made.name === '') return 'an object';
  return COMMON.has(made) ? `a ${made.name}` : `an instance of ${shortened(made.name, MAX_CLASS_NAME)}`;
}

/** Classes that are often passed where JSON is expected. */
const COMMON: ReadonlySet<unknown> = new Set([Date, Map, RegExp, Set, WeakMap, WeakSet]);

const MAX_CLASS_NAME = 100;
