import { errors, Pool } from 'undici';
import { FloatApiError } from './errors.js';

/** Float limits reads to 10 a second, so more connections would stay idle. */
const CONNECTIONS = 10;

/** Limit of a response body. 200 records with notes of 64 KiB stay below it. */
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;

/** A request to Float. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path below the base URL, with a leading slash and without a query. */
  readonly path: string;
  /** Encoded query without "?". */
  readonly query?: string;
  /** JSON text. */
  readonly body?: string;
}

/** A response before parsing, since it may be HTML or empty. */
export interface RawResponse {
  readonly status: number;
  readonly text: string;
  header(name: string): string | undefined;
}

/**
 * Runs around each HTTP request, retries included, for tracing. `send` sends it with further headers, such as `traceparent`.
 */
export type TraceRequest = (
  request: Pick<HttpRequest, 'method' | 'path'> & { readonly host: string },
  send: (headers: Readonly<Record<string, string>>) => Promise<RawResponse>,
) => Promise<RawResponse>;

/** Sends requests over HTTP. */
export interface Transport {
  send(call: HttpRequest, signal?: AbortSignal): Promise<RawResponse>;
  close(): Promise<void>;
}

/** Options of a transport. */
export interface TransportOptions {
  readonly baseUrl: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Removed from error responses, which may echo it. */
  readonly secret: string;
  readonly timeoutMs: number;
  readonly traceRequest?: TraceRequest | undefined;
}

/** Method and path of a request, for messages. */
export function endpointOf(call: HttpRequest): string {
  return `${call.method} ${call.path}`;
}

/** Creates the transport, the only module that opens connections. It throws only `FloatApiError`. */
export function createTransport({
  baseUrl,
  headers,
  secret,
  timeoutMs,
  traceRequest = (_request, send) => send({}),
}: TransportOptions): Transport {
  const pool = new Pool(baseUrl.origin, { connections: CONNECTIONS, maxResponseSize: MAX_RESPONSE_BYTES });
  const prefix = baseUrl.pathname.replace(/\/+$/, '');

  async function exchange(
    call: HttpRequest,
    signal: AbortSignal,
    traceHeaders: Readonly<Record<string, string>>,
  ): Promise<RawResponse> {
    const path = `${prefix}${call.path}${call.query ? `?${call.query}` : ''}`;
    const contentType = call.body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await pool.request({
      method: call.method,
      path,
      headers: { ...traceHeaders, ...headers, ...contentType },
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
        const { method, path } = call;
        const request = { method, path, host: baseUrl.hostname };
        return await traceRequest(request, (more) => exchange(call, deadline.signal, more));
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
  /** The reason of the abort, if any. */
  readonly fired: () => 'timeout' | 'aborted' | undefined;
  readonly clear: () => void;
}

/**
 * One signal for timeout and cancellation. `clear` removes the listener from the caller's signal, which may live long.
 */
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

function failure(call: HttpRequest, deadline: Deadline, cause: unknown): FloatApiError {
  const endpoint = endpointOf(call);
  const why = deadline.fired();
  if (why === 'aborted') return new FloatApiError('aborted', { endpoint, cause });
  if (why === 'timeout') return new FloatApiError('timeout', { endpoint, cause });
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof errors.ResponseExceededMaxSizeError)
    return new FloatApiError('bad-answer', { endpoint, reason });
  return new FloatApiError('unavailable', { endpoint, cause, reason });
}

function only(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
