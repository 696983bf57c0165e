import { McpError } from '../protocol/errors.js';
import { handleDelete } from './delete.js';
import { type HttpDeps, type MethodHandlers, refusalOf } from './deps.js';
import { handleGet } from './get.js';
import { namesModernRevision } from './headers.js';
import type { HttpRequest } from './http-request.js';
import type { HttpResponse } from './http-response.js';
import { handlePost } from './post.js';

/**
 * The handlers of the supported HTTP methods. GET is for streams only.
 *
 * @param jsonOnly streams are disabled.
 */
export function methodHandlers(jsonOnly: boolean): MethodHandlers {
  const always = { POST: handlePost, DELETE: handleDelete };
  return jsonOnly ? always : { GET: handleGet, ...always };
}

/** Answers one request. Never rejects: every error becomes a response. */
export async function handle(request: HttpRequest, deps: HttpDeps): Promise<HttpResponse> {
  try {
    deps.hostGuard.check(request);
    const handler = deps.methods[request.method];
    if (handler === undefined) throw notAllowed(request.method, Object.keys(deps.methods));
    // Stateless requests use POST only (MCP 2026-07-28, "Earlier Streamable HTTP Revisions").
    if (handler !== handlePost && namesModernRevision(request.headers)) throw notAllowed(request.method, ['POST']);
    if (deps.isClosing()) throw shuttingDown(deps.retryMs);
    return await handler(request, deps);
  } catch (thrown) {
    return refusalOf(thrown, deps, { id: null, era: namesModernRevision(request.headers) ? 'modern' : 'legacy' });
  }
}

/** A 405 lists the allowed methods (RFC 9110, section 15.5.6). */
function notAllowed(method: string, allowed: readonly string[]): McpError {
  const headers = { Allow: allowed.join(', ') };
  return new McpError('method-not-allowed', `Method not allowed: ${method}`, { headers });
}

function shuttingDown(retryMs: number): McpError {
  return new McpError('shutting-down', 'The server is shutting down', {
    headers: { 'Retry-After': String(Math.max(1, Math.ceil(retryMs / 1000))) },
  });
}
