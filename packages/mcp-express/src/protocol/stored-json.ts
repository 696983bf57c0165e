import { McpError } from '../ground/errors.js';

/**
 * What stands in a record as JSON text, which this server wrote or another version of it.
 *
 * @throws McpError `store-unavailable` when it is none.
 */
export function storedJson(text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new McpError('store-unavailable', 'The store holds a result that this version of the server cannot read', {
      cause,
    });
  }
}
