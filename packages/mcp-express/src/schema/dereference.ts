import { isObject } from '../protocol/json-rpc.js';
import type { JsonSchema } from '../protocol/mcp.js';

/**
 * Resolves the reference of a property to a definition of the same document, which libraries write for schemas with a
 * name. Other properties, and references that cannot be resolved, are returned unchanged.
 */
export function dereference(property: unknown, document: JsonSchema): unknown {
  if (!isObject(property) || typeof property['$ref'] !== 'string' || !property['$ref'].startsWith('#/')) {
    return property;
  }
  const { $ref, ...beside } = property as { $ref: string };
  const definition = at($ref.slice(2).split('/'), document);
  return isObject(definition) ? { ...definition, ...beside } : property;
}

function at(pointer: readonly string[], document: JsonSchema): unknown {
  let value: unknown = document;
  for (const token of pointer) {
    const name = decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~');
    value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value;
}
