import { McpError } from '../protocol/errors.js';

/**
 * Parses JSON text of a store record, which another version of this package may have written.
 * @throws McpError `store-unavailable` when the text is not JSON
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
