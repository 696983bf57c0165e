/** Converts a raw response to a value or a `FloatApiError`. Pure; only JSON content types are parsed. */
import { FloatApiError, type FloatErrorCode, type FloatErrorParts } from './errors.js';
import type { RawResponse } from './transport.js';

/** Milliseconds to wait after exceeding a burst limit, which no header describes: the next second is a new window. */
const BURST_WINDOW_MS = 1_000;
/** Characters of Float's message that an error quotes. A proxy's HTML page is of no use to a reader. */
const MAX_MESSAGE_CHARS = 300;

/** The request a response belongs to. */
export interface ResponseContext {
  readonly endpoint: string;
  /** Team setting without which the resource answers 403. */
  readonly feature?: string | undefined;
  readonly now: number;
}

/** The error that a response stands for; undefined for a 2xx. */
export function errorOf(raw: RawResponse, context: ResponseContext): FloatApiError | undefined {
  if (raw.status >= 200 && raw.status < 300) return undefined;
  const body = jsonBody(raw);
  const code = codeOf(raw.status, body !== undefined, context.feature);
  return new FloatApiError(code, { ...partsOf(raw, body, context), ...summaryOf(raw.status, body, context) });
}

function codeOf(status: number, isJson: boolean, feature: string | undefined): FloatErrorCode {
  if (status === 401) return 'unauthorized';
  if (status === 403) return isJson && feature !== undefined ? 'feature-off' : 'forbidden';
  if (status === 404) return 'not-found';
  if (status === 400 || status === 422) return 'invalid';
  if (status === 429) return 'rate-limited';
  return status >= 500 ? 'unavailable' : 'bad-answer';
}

function partsOf(raw: RawResponse, body: unknown, context: ResponseContext): FloatErrorParts {
  const details = body === undefined ? {} : detailsOf(body);
  const reason = Object.keys(details).length > 0 ? undefined : messageOf(body);
  const waitMs = waitOf(raw, context.now);
  return {
    endpoint: context.endpoint,
    status: raw.status,
    details,
    ...(reason === undefined ? {} : { reason }),
    ...(waitMs === undefined ? {} : { waitMs }),
  };
}

/** Summaries for responses whose status alone is misleading. */
function summaryOf(status: number, body: unknown, context: ResponseContext): { summary?: string } {
  if (status === 403 && body === undefined) {
    return {
      summary: 'no Authorization header reached Float: a proxy in between removes it, or the base URL is wrong',
    };
  }
  if (status === 403 && context.feature !== undefined) {
    // Float's responses for the two causes are the same.
    return { summary: `${context.feature} is switched off for the Float team, or the API key has no right to it` };
  }
  if (status === 404 && messageOf(body) === 'Page not found.') {
    return { summary: 'Float has no such address: check the base URL' };
  }
  return {};
}

/** Reads the two forms of a 422: a list of `{field, message}`, or one object with a message or a list of errors. */
function detailsOf(body: unknown): Record<string, string> {
  const list = Array.isArray(body) ? body : isObject(body) && Array.isArray(body['errors']) ? body['errors'] : [];
  const details: Record<string, string> = {};
  for (const entry of list) {
    if (!isObject(entry) || typeof entry['field'] !== 'string') continue;
    const message = String(entry['message'] ?? 'not accepted');
    const earlier = details[entry['field']];
    details[entry['field']] = earlier === undefined ? message : `${earlier} ${message}`;
  }
  return details;
}

function messageOf(body: unknown): string | undefined {
  if (!isObject(body)) return undefined;
  const message = body['message'] ?? body['name'];
  return typeof message === 'string' ? message.slice(0, MAX_MESSAGE_CHARS) : undefined;
}

/** Milliseconds that Float asks to wait; undefined if it states none. */
export function waitOf(raw: RawResponse, now: number): number | undefined {
  const after = raw.header('retry-after');
  if (after !== undefined) {
    const seconds = Number(after);
    const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(after) - now;
    if (Number.isFinite(ms)) return Math.max(0, ms);
  }
  if (raw.status !== 429) return undefined;
  return Number(raw.header('ratelimit-remaining') ?? 0) > 0 ? BURST_WINDOW_MS : resetOf(raw);
}

/** Milliseconds until the next window of a minute begins. */
export function resetOf(raw: RawResponse): number | undefined {
  const reset = Number(raw.header('ratelimit-reset') ?? Number.NaN);
  return Number.isFinite(reset) ? Math.max(0, reset * 1_000) : undefined;
}

/** Parses the body of a 2xx; undefined for an empty one (204). */
export function jsonValue(raw: RawResponse, endpoint: string): unknown {
  if (raw.text === '') return undefined;
  const value = jsonBody(raw);
  if (value !== undefined) return value;
  const kind = raw.header('content-type') ?? 'an unnamed type';
  throw new FloatApiError('bad-answer', { endpoint, status: raw.status, reason: `expected JSON, got ${kind}` });
}

function jsonBody(raw: RawResponse): unknown {
  if (!/json/i.test(raw.header('content-type') ?? '')) return undefined;
  try {
    return JSON.parse(raw.text);
  } catch {
    return undefined;
  }
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
