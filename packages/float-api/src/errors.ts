/** The ways in which a call to Float can fail, with the message of each. */
export const FLOAT_ERRORS = {
  unauthorized: 'Float refused the API key: it is wrong, or it was regenerated in Float (Team settings, Integrations)',
  'no-token': 'this server has no Float token for this user',
  forbidden: 'Float refused the request',
  'feature-off': 'this feature is switched off for the Float team, or the API key has no right to it',
  'not-found': 'Float has no such record',
  invalid: 'Float did not accept the values',
  'rate-limited': "Float's rate limit for the company is used up",
  unavailable: 'Float could not be reached or answered with a server error',
  timeout: 'Float did not answer in time',
  'bad-answer': 'Float sent a response that this client cannot read',
  aborted: 'the call was cancelled',
  unstable: 'the list changed each time it was read: ask again in a moment, or for a part of it',
  'too-many': 'more records than can be read in one go: ask for a shorter range or a narrower filter',
  unsent: 'the call was not sent, because the shared rate limiter failed',
} as const;

/** The code of a `FloatApiError`. */
export type FloatErrorCode = keyof typeof FLOAT_ERRORS;

/** The parts of a `FloatApiError`. */
export interface FloatErrorParts {
  /** Method and path such as "GET /people/12"; never the query or a header. */
  readonly endpoint: string;
  readonly status?: number;
  /** Replaces the message of the code by a more specific one. */
  readonly summary?: string;
  /** Float's own message, or a description of the failure. */
  readonly reason?: string;
  /** Messages by field, from a 422. */
  readonly details?: Readonly<Record<string, string>>;
  /** Milliseconds that Float asks to wait. */
  readonly waitMs?: number;
  readonly cause?: unknown;
}

/** The only error the client throws. No part of it contains the API key. */
export class FloatApiError extends Error {
  override readonly name = 'FloatApiError';
  readonly code: FloatErrorCode;
  readonly endpoint: string;
  readonly status: number | undefined;
  readonly details: Readonly<Record<string, string>>;
  readonly waitMs: number | undefined;

  constructor(code: FloatErrorCode, parts: FloatErrorParts) {
    super(sentence(code, parts), parts.cause === undefined ? undefined : { cause: parts.cause });
    this.code = code;
    this.endpoint = parts.endpoint;
    this.status = parts.status;
    this.details = parts.details ?? {};
    this.waitMs = parts.waitMs;
  }
}

function sentence(code: FloatErrorCode, parts: FloatErrorParts): string {
  const where = parts.status === undefined ? parts.endpoint : `${parts.endpoint} answered ${parts.status}`;
  const fields = Object.entries(parts.details ?? {}).map(([field, message]) => `${field}: ${message}`);
  const reasons = [...(parts.reason ? [parts.reason] : []), ...fields].join('; ');
  return `${parts.summary ?? FLOAT_ERRORS[code]} (${where})${reasons === '' ? '' : `: ${reasons}`}${uncertaintyText(code, parts)}`;
}

/** Codes after which a write may have been made, so that repeating it might make it twice. */
const UNCERTAIN: ReadonlySet<FloatErrorCode> = new Set(['unavailable', 'timeout', 'bad-answer', 'aborted']);

function uncertaintyText(code: FloatErrorCode, { endpoint }: FloatErrorParts): string {
  if (endpoint.startsWith('GET ') || !UNCERTAIN.has(code)) return '';
  return '. The change may have been made: check before sending it again';
}
