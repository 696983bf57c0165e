import { McpError } from '../protocol/errors.js';
import { handleDelete } from './delete.js';
import { handleGet } from './get.js';
import { namesModernRevision } from './headers.js';
import type { Inbound } from './inbound.js';
import type { Outbound } from './outbound.js';
import { type HttpParts, type MethodHandlers, refused } from './parts.js';
import { handlePost } from './post.js';

/** What is served of HTTP's methods. Without streams there is nothing to GET. */
export function methodHandlers(jsonOnly: boolean): MethodHandlers {
  const always = { POST: handlePost, DELETE: handleDelete };
  return jsonOnly ? always : { GET: handleGet, ...always };
}

/** One request in, its answer out. Never rejects: whatever goes wrong is an answer too. */
export async function handle(inbound: Inbound, parts: HttpParts): Promise<Outbound> {
  try {
    parts.hostGuard.check(inbound);
    const handler = parts.methods[inbound.method];
    if (handler === undefined) throw notAllowed(inbound.method, Object.keys(parts.methods));
    // There is nothing but POST where requests stand alone (MCP 2026-07-28, "Earlier Streamable HTTP Revisions").
    if (handler !== handlePost && namesModernRevision(inbound.headers)) throw notAllowed(inbound.method, ['POST']);
    if (parts.isClosing()) throw shuttingDown(parts.retryMs);
    return await handler(inbound, parts);
  } catch (thrown) {
    return refused(thrown, parts, { id: null, era: namesModernRevision(inbound.headers) ? 'modern' : 'legacy' });
  }
}

/** RFC 9110, section 15.5.6: a 405 lists what is allowed. */
function notAllowed(method: string, allowed: readonly string[]): McpError {
  const headers = { Allow: allowed.join(', ') };
  return new McpError('method-not-allowed', `Method not allowed: ${method}`, { headers });
}

function shuttingDown(retryMs: number): McpError {
  return new McpError('shutting-down', 'The server is shutting down', {
    headers: { 'Retry-After': String(Math.max(1, Math.ceil(retryMs / 1000))) },
  });
}
