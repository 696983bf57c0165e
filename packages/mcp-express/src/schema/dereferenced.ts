import { isObject } from '../protocol/json-rpc.js';
import type { JsonSchema } from '../protocol/mcp.js';

/**
 * A property of a schema, with the definition that it refers to in place of the reference: libraries write a reference
 * where a schema has a name of its own. The property itself where it refers to nothing of the document.
 */
export function dereferenced(property: unknown, document: JsonSchema): unknown {
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
