import { McpError } from '../ground/errors.js';
import type { Observer } from '../ground/observe.js';
import type { Sessions } from '../session/sessions.js';
import { handleDelete } from './delete.js';
import { handleGet } from './get.js';
import type { HostGuard } from './host-guard.js';
import type { Inbound } from './inbound.js';
import type { AcceptReader } from './negotiate.js';
import { type Outbound, refusal } from './outbound.js';
import { handlePost } from './post.js';

export interface HttpParts {
  readonly sessions: Sessions;
  readonly methods: MethodHandlers;
  readonly hostGuard: HostGuard;
  readonly accept: AcceptReader;
  /** What clients are told to wait before they come back for a stream that was closed. Milliseconds. */
  readonly retryMs: number;
  readonly observe: Observer | undefined;
  /** True once the router is closing: nothing new is begun. */
  isClosing(): boolean;
}

type MethodHandler = (inbound: Inbound, parts: HttpParts) => Promise<Outbound>;

export type MethodHandlers = Readonly<Record<string, MethodHandler>>;

/** What is served of HTTP's methods. Without streams there is nothing to GET. */
export function methodHandlers(jsonOnly: boolean): MethodHandlers {
  const always = { POST: handlePost, DELETE: handleDelete };
  return jsonOnly ? always : { GET: handleGet, ...always };
}

/** One request in, its answer out. Never rejects: whatever goes wrong is an answer too. */
export async function handle(inbound: Inbound, parts: HttpParts): Promise<Outbound> {
  try {
    parts.hostGuard.check(inbound.headers);
    const handler = parts.methods[inbound.method];
    if (handler === undefined) throw notAllowed(inbound.method, parts.methods);
    if (parts.isClosing()) throw shuttingDown(parts.retryMs);
    return await handler(inbound, parts);
  } catch (thrown) {
    return refused(thrown, parts);
  }
}

/** The answer to a request that was refused, told to whoever observes. */
export function refused(thrown: unknown, parts: HttpParts, id: string | number | null = null): Outbound {
  const error = McpError.from(thrown);
  const cause = error.cause === undefined ? {} : { cause: error.cause };
  parts.observe?.({ type: 'refused', error: error.code, status: error.status, ...cause });
  return refusal(error, id);
}

/** RFC 9110, section 15.5.6: a 405 lists what is allowed. */
function notAllowed(method: string, methods: MethodHandlers): McpError {
  const headers = { Allow: Object.keys(methods).join(', ') };
  return new McpError('method-not-allowed', `Method not allowed: ${method}`, { headers });
}

function shuttingDown(retryMs: number): McpError {
  return new McpError('shutting-down', 'The server is shutting down', {
    headers: { 'Retry-After': String(Math.max(1, Math.ceil(retryMs / 1000))) },
  });
}
