import { McpError } from './errors.js';
import { isObject } from './json-rpc.js';

/**
 * A text that is equal for equal JSON values, regardless of the order of members. For comparison only: it is not the
 * JSON of the value.
 * @throws McpError `invalid-params` when the value is nested too deeply
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
  // Wrapped in an object, to differ from an array of such pairs.
  return { pairs };
}
