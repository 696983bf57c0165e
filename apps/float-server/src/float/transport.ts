import { errors, Pool } from 'undici';
import { FloatApiError } from './errors.js';

/** Float limits reads to 10 a second; more sockets than that would only stand idle. */
const CONNECTIONS = 10;

/** 200 records with notes of 64 KiB stay below it. Whatever is larger did not come from Float. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path below the base URL, with a leading slash and without a query. */
  readonly path: string;
  /** Encoded query without "?", or nothing. */
  readonly query?: string;
  /** JSON text. */
  readonly body?: string;
}

/** An answer as it came: nothing is parsed yet, for it may be HTML or empty. */
export interface RawAnswer {
  readonly status: number;
  readonly text: string;
  header(name: string): string | undefined;
}

export interface Transport {
  send(call: Call, signal?: AbortSignal): Promise<RawAnswer>;
  close(): Promise<void>;
}

export interface TransportOptions {
  readonly baseUrl: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Taken out of whatever an error answer may echo. */
  readonly secret: string;
  readonly timeoutMs: number;
}

export function endpointOf(call: Call): string {
  return `${call.method} ${call.path}`;
}

/** The only place that opens connections. Everything it throws is a FloatApiError. */
export function createTransport({ baseUrl, headers, secret, timeoutMs }: TransportOptions): Transport {
  const pool = new Pool(baseUrl.origin, { connections: CONNECTIONS, maxResponseSize: MAX_ANSWER_BYTES });
  const prefix = baseUrl.pathname.replace(/\/+$/, '');

  async function exchange(call: Call, signal: AbortSignal): Promise<RawAnswer> {
    const path = `${prefix}${call.path}${call.query ? `?${call.query}` : ''}`;
    const contentType = call.body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await pool.request({
      method: call.method,
      path,
      headers: { ...headers, ...contentType },
      body: call.body ?? null,
      signal,
    });
    const body = await answer.body.text();
    const text = answer.statusCode < 400 ? body : body.replaceAll(secret, '[API key]');
    return { status: answer.statusCode, text, header: (name) => only(answer.headers[name]) };
  }

  return {
    async send(call, signal) {
      const deadline = startDeadline(timeoutMs, signal);
      try {
        return await exchange(call, deadline.signal);
      } catch (cause) {
        throw failure(call, deadline, cause);
      } finally {
        deadline.clear();
      }
    },
    close: () => pool.close(),
  };
}

interface Deadline {
  readonly signal: AbortSignal;
  /** Why the signal fired, if it did. */
  readonly fired: () => 'timeout' | 'aborted' | undefined;
  readonly clear: () => void;
}

/** One signal for "too late" and "no longer wanted". Cleared by hand: a long-lived caller's signal keeps no listener. */
function startDeadline(timeoutMs: number, signal: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  let why: 'timeout' | 'aborted' | undefined;
  const fire = (reason: 'timeout' | 'aborted') => {
    why ??= reason;
    controller.abort();
  };
  const onAbort = () => fire('aborted');
  const timer = setTimeout(() => fire('timeout'), timeoutMs);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  return {
    signal: controller.signal,
    fired: () => why,
    clear() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

function failure(call: Call, deadline: Deadline, cause: unknown): FloatApiError {
  const endpoint = endpointOf(call);
  const why = deadline.fired();
  if (why === 'aborted') return new FloatApiError('aborted', { endpoint, cause });
  if (why === 'timeout') return new FloatApiError('timeout', { endpoint, cause });
  const said = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof errors.ResponseExceededMaxSizeError) return new FloatApiError('bad-answer', { endpoint, said });
  return new FloatApiError('unavailable', { endpoint, cause, said });
}

function only(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
