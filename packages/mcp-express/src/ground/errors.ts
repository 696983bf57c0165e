/** For what is likely to be over in a moment. Seconds (RFC 9110, section 10.2.3). */
const SOON = { 'Retry-After': '1' };

interface ErrorRow {
  readonly status: number;
  readonly rpc: number;
  /** HTTP headers of a refusal, where the error itself brings none. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Every refusal and failure a client can be told about: its stable code, the HTTP status and headers it has when it
 * refuses a whole HTTP request, and its JSON-RPC error code.
 *
 * JSON-RPC codes: -32700 to -32603 are JSON-RPC 2.0's own; -32000 and -32001 are what MCP clients already know from the
 * official SDK for "refused by the transport" and "session not found".
 */
export const ERRORS = {
  'parse-error': { status: 400, rpc: -32700 },
  'invalid-request': { status: 400, rpc: -32600 },
  'batch-not-allowed': { status: 400, rpc: -32600 },
  'method-not-found': { status: 200, rpc: -32601 },
  'invalid-params': { status: 200, rpc: -32602 },
  'resource-not-found': { status: 200, rpc: -32002 },
  'deadline-exceeded': { status: 200, rpc: -32000 },
  'capability-missing': { status: 200, rpc: -32000 },
  'no-channel': { status: 200, rpc: -32000 },
  'client-timeout': { status: 200, rpc: -32000 },
  'client-error': { status: 200, rpc: -32000 },
  'client-answer-invalid': { status: 200, rpc: -32000 },
  'too-many-subscriptions': { status: 200, rpc: -32000 },
  'internal-error': { status: 500, rpc: -32603 },
  unauthorized: { status: 401, rpc: -32000, headers: { 'WWW-Authenticate': 'Bearer' } },
  'host-not-allowed': { status: 403, rpc: -32000 },
  'origin-not-allowed': { status: 403, rpc: -32000 },
  'cross-site': { status: 403, rpc: -32000 },
  'insufficient-scope': {
    status: 403,
    rpc: -32000,
    headers: { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' },
  },
  'session-required': { status: 400, rpc: -32000 },
  'session-header-malformed': { status: 400, rpc: -32000 },
  'session-not-found': { status: 404, rpc: -32001 },
  'unsupported-revision': { status: 400, rpc: -32000 },
  'event-not-found': { status: 400, rpc: -32000 },
  'method-not-allowed': { status: 405, rpc: -32000 },
  'not-acceptable': { status: 406, rpc: -32000 },
  'body-too-large': { status: 413, rpc: -32000 },
  'body-unreadable': { status: 400, rpc: -32000 },
  'unsupported-media-type': { status: 415, rpc: -32000 },
  'unsupported-encoding': { status: 415, rpc: -32000 },
  'rate-limited': { status: 429, rpc: -32000, headers: SOON },
  'too-many-calls': { status: 429, rpc: -32000, headers: SOON },
  'session-ended': { status: 404, rpc: -32001 },
  'too-many-sessions': { status: 503, rpc: -32000 },
  'too-many-streams': { status: 503, rpc: -32000, headers: SOON },
  'store-unavailable': { status: 503, rpc: -32000, headers: SOON },
  'shutting-down': { status: 503, rpc: -32000, headers: SOON },
} as const satisfies Record<string, ErrorRow>;

/** The stable name of an error. It is also sent to the client, as `error.data.reason`. */
export type ErrorCode = keyof typeof ERRORS;

export interface McpErrorOptions {
  /** Members added to `error.data` beside `reason`. Must be JSON. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** HTTP headers of the answer when the error refuses a whole HTTP request, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What really happened. Reported to `observe`, never sent to the client. */
  readonly cause?: unknown;
}

/**
 * The one error class of this package. Its message is meant for the client; everything else stays in `cause`.
 *
 * A handler may throw one to answer with a JSON-RPC error instead of a tool result with `isError`.
 */
export class McpError extends Error {
  override readonly name = 'McpError';
  readonly data: Readonly<Record<string, unknown>> | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: McpErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.data = options.data;
    const row: ErrorRow = ERRORS[code];
    this.headers = options.headers ?? row.headers;
  }

  /** Any thrown thing as an `McpError`: an unknown one reaches the client only as "Internal error". */
  static from(thrown: unknown): McpError {
    return McpError.is(thrown) ? thrown : new McpError('internal-error', 'Internal error', { cause: thrown });
  }

  /** Never throws, whatever was thrown: even asking a revoked proxy what it is does. */
  static is(thrown: unknown): thrown is McpError {
    try {
      return thrown instanceof McpError;
    } catch {
      return false;
    }
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get rpcCode(): number {
    return ERRORS[this.code].rpc;
  }
}

/** Wrong options or a wrong registration: thrown at start, and names what is wrong. Never caused by a client. */
export class ConfigurationError extends TypeError {
  override readonly name = 'ConfigurationError';
}

/** @throws ConfigurationError naming the first option that `what` does not have, and those it has. */
export function assertKnown(options: object, known: readonly string[], what: string): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new ConfigurationError(`${what} has no option "${unknown}". It has: ${known.join(', ')}.`);
}
