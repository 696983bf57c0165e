/** From a raw answer to a value or a FloatApiError. Pure. Nothing is parsed that does not look like JSON. */
import { FloatApiError, type FloatErrorCode, type FloatErrorParts } from './errors.js';
import type { RawAnswer } from './transport.js';

/** After a burst that was too fast (no header describes it), the next second is a new one. */
const BURST_WINDOW_MS = 1_000;
/** A proxy's HTML page is of no use to a reader. */
const MAX_SAID = 300;

export interface AnswerContext {
  readonly endpoint: string;
  /** Team setting without which the resource answers 403. */
  readonly feature?: string | undefined;
  readonly now: number;
}

/** The error an answer stands for, or undefined for a 2xx. */
export function errorOf(raw: RawAnswer, context: AnswerContext): FloatApiError | undefined {
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

function partsOf(raw: RawAnswer, body: unknown, context: AnswerContext): FloatErrorParts {
  const details = body === undefined ? {} : detailsOf(body);
  const said = Object.keys(details).length > 0 ? undefined : messageOf(body);
  const waitMs = waitOf(raw, context.now);
  return {
    endpoint: context.endpoint,
    status: raw.status,
    details,
    ...(said === undefined ? {} : { said }),
    ...(waitMs === undefined ? {} : { waitMs }),
  };
}

/** The cases where the status alone would send a person the wrong way. */
function summaryOf(status: number, body: unknown, context: AnswerContext): { summary?: string } {
  if (status === 403 && body === undefined) {
    return {
      summary: 'no Authorization header reached Float: a proxy in between removes it, or the base URL is wrong',
    };
  }
  if (status === 403 && context.feature !== undefined) {
    // Nothing known of the answer tells these two apart.
    return { summary: `${context.feature} is switched off for the Float team, or the API key has no right to it` };
  }
  if (status === 404 && messageOf(body) === 'Page not found.') {
    return { summary: 'Float has no such address: check the base URL' };
  }
  return {};
}

/** 422 comes in two shapes: a list of {field, message}, or one object whose message (or errors) says it all. */
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
  const said = body['message'] ?? body['name'];
  return typeof said === 'string' ? said.slice(0, MAX_SAID) : undefined;
}

/** How long Float wants us to stay away; undefined when it does not say. */
export function waitOf(raw: RawAnswer, now: number): number | undefined {
  const after = raw.header('retry-after');
  if (after !== undefined) {
    const seconds = Number(after);
    const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(after) - now;
    if (Number.isFinite(ms)) return Math.max(0, ms);
  }
  if (raw.status !== 429) return undefined;
  return Number(raw.header('ratelimit-remaining') ?? 0) > 0 ? BURST_WINDOW_MS : resetOf(raw);
}

/** Milliseconds until the minute window starts anew. */
export function resetOf(raw: RawAnswer): number | undefined {
  const reset = Number(raw.header('ratelimit-reset') ?? Number.NaN);
  return Number.isFinite(reset) ? Math.max(0, reset * 1_000) : undefined;
}

/** The JSON value of a 2xx; undefined for an empty body (204). */
export function jsonValue(raw: RawAnswer, endpoint: string): unknown {
  if (raw.text === '') return undefined;
  const value = jsonBody(raw);
  if (value !== undefined) return value;
  const kind = raw.header('content-type') ?? 'an unnamed type';
  throw new FloatApiError('bad-answer', { endpoint, status: raw.status, said: `expected JSON, got ${kind}` });
}

function jsonBody(raw: RawAnswer): unknown {
  if (!/json/i.test(raw.header('content-type') ?? '')) return undefined;
  try {
    return JSON.parse(raw.text);
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
