/** Every way a call to Float can fail, with the sentence a person reads first. */
export const FLOAT_ERRORS = {
  unauthorized: 'Float refused the API key: it is wrong, or it was regenerated in Float (Team settings, Integrations)',
  'no-token': 'this server has no Float token for whoever asks',
  forbidden: 'Float refused the request',
  'feature-off': 'this feature is switched off for the Float team, or the API key has no right to it',
  'not-found': 'Float has no such record',
  invalid: 'Float did not accept the values',
  'rate-limited': "Float's rate limit for the company is used up",
  unavailable: 'Float could not be reached or answered with a server error',
  timeout: 'Float did not answer in time',
  'bad-answer': 'Float answered something this client cannot read',
  aborted: 'the call was cancelled',
  unstable: 'the list changed each time it was read: ask again in a moment, or for a part of it',
  'too-many': 'more records than can be read in one go: ask for a shorter range or a narrower filter',
  unsent: 'the call was not sent, because whatever shares out the rate limit failed',
} as const;

export type FloatErrorCode = keyof typeof FLOAT_ERRORS;

export interface FloatErrorParts {
  /** "GET /people/12": method and path, never the query or a header. */
  readonly endpoint: string;
  readonly status?: number;
  /** Replaces the code's own sentence where more is known. */
  readonly summary?: string;
  /** What Float said. */
  readonly said?: string;
  /** Field to message, from a 422. */
  readonly details?: Readonly<Record<string, string>>;
  /** How long Float asks to wait. */
  readonly waitMs?: number;
  readonly cause?: unknown;
}

/** The only error the client throws. The API key is in none of its parts. */
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
  const said = [...(parts.said ? [parts.said] : []), ...fields].join('; ');
  return `${parts.summary ?? FLOAT_ERRORS[code]} (${where})${said === '' ? '' : `: ${said}`}${doubt(code, parts)}`;
}

/** After these a write may have been carried out, and whoever repeats it blindly may do it twice. */
const UNCERTAIN: ReadonlySet<FloatErrorCode> = new Set(['unavailable', 'timeout', 'bad-answer', 'aborted']);

function doubt(code: FloatErrorCode, { endpoint }: FloatErrorParts): string {
  if (endpoint.startsWith('GET ') || !UNCERTAIN.has(code)) return '';
  return '. The change may have been made: look before sending it again';
}
