import { isObject } from '../protocol/json-rpc.js';
import type { JsonSchema } from '../protocol/mcp.js';
import { mapSubschemas } from './schema-keywords.js';

/** `{ enum: [] }`, which ArkType writes for `never`, is no valid schema in many validators. */
function withoutEmptyEnum(schema: JsonSchema): JsonSchema {
  if (!Array.isArray(schema['enum']) || schema['enum'].length > 0) return schema;
  const { enum: _none, ...rest } = schema;
  return { ...rest, not: {} };
}

/** The keyword whose value is usually a boolean. Some clients accept nothing else there. */
const BOOLEAN_IS_USUAL = 'additionalProperties';

/**
 * The schema for clients, with boolean schemas replaced by equivalent objects. The official SDK 1.x accepts only
 * objects as properties, and drops a whole list for one tool with a boolean. Generators of types expect objects as items
 * too. Returns the same object when there is nothing to replace.
 */
export function listedSchema(schema: JsonSchema): JsonSchema {
  return mapSubschemas(schema, (part, keyword) => {
    if (isObject(part)) return listedSchema(withoutEmptyEnum(part));
    if (typeof part !== 'boolean' || keyword === BOOLEAN_IS_USUAL) return part;
    return part ? {} : { not: {} };
  });
}
