import { isObject } from '../protocol/json-rpc.js';
import type { JsonSchema } from '../protocol/mcp.js';
import { mapSubschemas } from './schema-keywords.js';

/** Where clients expect `true` and `false`, because most schemas have them there, and some clients nothing else. */
const BOOLEAN_IS_USUAL = 'additionalProperties';

/**
 * A schema as it is listed: where `true` and `false` stand for a schema, the objects that mean the same stand instead.
 * The official SDK 1.x takes objects only for properties, and drops a whole list for one tool that has a boolean there;
 * programs that turn schemas into types of their own expect objects for items too. The same object when there is nothing to
 * change.
 */
export function listedSchema(schema: JsonSchema): JsonSchema {
  return mapSubschemas(schema, (part, keyword) => {
    if (isObject(part)) return listedSchema(part);
    if (typeof part !== 'boolean' || keyword === BOOLEAN_IS_USUAL) return part;
    return part ? {} : { not: {} };
  });
}
