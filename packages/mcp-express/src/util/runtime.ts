/**
 * Whether the runtime is Node itself. Bun and Deno provide its modules without the internals: Bun 1.4 passes objects
 * without method or URL to a server with custom request and response classes, and lacks `close` of `node:net` for
 * servers of `node:http`.
 * @param scope the global object, in which Bun and Deno define their names
 */
export function isNode(scope: object = globalThis): boolean {
  return !('Bun' in scope) && !('Deno' in scope);
}
