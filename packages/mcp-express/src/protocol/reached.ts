import { McpError } from '../ground/errors.js';

/**
 * What a store answers. One that cannot answer is no reason to believe that something is not there, and none to blame
 * the client: try again soon.
 *
 * @throws McpError `store-unavailable`, or what the store itself says is wrong with the request.
 */
export function reached<T>(answer: Promise<T>): Promise<T> {
  return answer.catch(unreachable);
}

/** What a store's failure is to the client. */
export function unreachable(cause: unknown): never {
  if (McpError.is(cause)) throw cause;
  throw new McpError('store-unavailable', 'The store of sessions cannot be reached', { cause });
}
