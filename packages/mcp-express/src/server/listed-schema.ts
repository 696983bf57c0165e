import { isObject } from '../ground/json-rpc.js';
import type { JsonSchema } from '../ground/mcp.js';
import { mapSubschemas } from './schema-keywords.js';

/** Keywords where clients expect `true` and `false`, because most schemas have them there. */
const BOOLEAN_IS_USUAL: ReadonlySet<string> = new Set([
  'additionalItems',
  'additionalProperties',
  'items',
  'unevaluatedItems',
  'unevaluatedProperties',
]);

/**
 * A schema as it is listed: where `true` and `false` stand for a schema, the objects that mean the same stand instead.
 * The official SDK 1.x takes objects only for properties, and drops a whole list for one tool that has a boolean there.
 * The same object when there is nothing to change.
 */
export function listedSchema(schema: JsonSchema): JsonSchema {
  return mapSubschemas(schema, (part, keyword) => {
    if (isObject(part)) return listedSchema(part);
    if (typeof part !== 'boolean' || BOOLEAN_IS_USUAL.has(keyword)) return part;
    return part ? {} : { not: {} };
  });
}
