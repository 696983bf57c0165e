import { McpError } from './errors.js';
import { isObject } from './json-rpc.js';

/**
 * The same text for the same value: the order of members says nothing in JSON, and a client may write them in another one
 * the second time. Not JSON to be read again.
 *
 * @throws McpError `invalid-params` when the value is nested deeper than it can be walked.
 */
export function canonicalText(value: unknown): string {
  try {
    return JSON.stringify(sorted(value));
  } catch (cause) {
    throw new McpError('invalid-params', 'The arguments are nested too deeply', { cause });
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const pairs = Object.keys(value)
    .sort()
    .map((name) => [name, sorted(value[name])]);
  // In an object still, or it would be the same as a list of such pairs.
  return { pairs };
}
