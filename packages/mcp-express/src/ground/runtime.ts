/**
 * Whether this is Node itself. Bun and Deno offer its modules and not their insides: Bun 1.4 hands a server that is given
 * classes of requests and responses objects without a method or URL, and has no `close` of `node:net` for servers of
 * `node:http`.
 *
 * @param scope where a runtime has its own name.
 */
export function isNode(scope: object = globalThis): boolean {
  return !('Bun' in scope) && !('Deno' in scope);
}
