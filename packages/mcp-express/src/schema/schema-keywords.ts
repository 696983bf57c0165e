import { isObject } from '../protocol/json-rpc.js';
import type { JsonSchema } from '../protocol/mcp.js';

/** Keywords whose value maps names of the user's choice to schemas. */
export const MAPS: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'dependencies',
]);

/** Keywords whose value is one schema, or (`items` before 2020-12) an array of schemas. */
const SINGLE: ReadonlySet<string> = new Set([
  'additionalItems',
  'additionalProperties',
  'contains',
  'contentSchema',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
]);

const LISTS: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'items', 'oneOf', 'prefixItems']);

/** Returns the replacement for a schema under a keyword. */
export type Change = (schema: unknown, keyword: string) => unknown;

/**
 * A schema with `change` applied to each direct subschema. Data, such as the values of `const` and `default`, is not
 * changed. Returns the same object when nothing changed.
 */
export function mapSubschemas(schema: JsonSchema, change: Change): JsonSchema {
  return mapped(schema, (value, keyword) => {
    if (MAPS.has(keyword) && isObject(value)) {
      return mapped(value, (part) => (Array.isArray(part) ? part : change(part, keyword)));
    }
    if (LISTS.has(keyword) && Array.isArray(value)) return mappedList(value, (part) => change(part, keyword));
    return SINGLE.has(keyword) && !Array.isArray(value) ? change(value, keyword) : value;
  });
}

function mapped(object: JsonSchema, change: Change): JsonSchema {
  let copy: [string, unknown][] | undefined;
  const entries = Object.entries(object);
  for (const [index, [name, value]] of entries.entries()) {
    const changed = change(value, name);
    if (changed === value) continue;
    copy ??= [...entries];
    copy[index] = [name, changed];
  }
  // Unlike an assignment, `fromEntries` creates an own member for "__proto__".
  return copy === undefined ? object : Object.fromEntries(copy);
}

function mappedList(list: readonly unknown[], change: (value: unknown) => unknown): readonly unknown[] {
  const copy = list.map(change);
  return copy.some((value, index) => value !== list[index]) ? copy : list;
}

/** Keywords of JSON Schema whose values are no schemas, in all dialects. */
const OTHERS: ReadonlySet<string> = new Set(
  `$anchor $comment $dynamicAnchor $dynamicRef $id $recursiveAnchor $recursiveRef $ref $schema $vocabulary const
  contentEncoding contentMediaType default dependentRequired deprecated description enum examples exclusiveMaximum
  exclusiveMinimum format id maxContains maxItems maxLength maxProperties maximum minContains minItems minLength
  minProperties minimum multipleOf nullable pattern readOnly required title type uniqueItems writeOnly`.split(/\s+/),
);

/** Whether an object has a member that a schema may have. `{}` is a schema too. */
export function hasKeyword(schema: object): boolean {
  const names = Object.keys(schema);
  return names.length === 0 || names.some(isKeyword);
}

function isKeyword(name: string): boolean {
  return OTHERS.has(name) || MAPS.has(name) || SINGLE.has(name) || LISTS.has(name);
}
