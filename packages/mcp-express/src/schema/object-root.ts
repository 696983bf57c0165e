import { isObject } from '../protocol/json-rpc.js';
import type { JsonSchema } from '../protocol/mcp.js';
import { dereference } from './dereference.js';
import { type Fields, intersectionOf, ownFields, unionOf } from './object-fields.js';

const UNIONS = ['anyOf', 'oneOf'] as const;

/** Keywords that apply to objects only. */
const OBJECT_KEYWORDS = ['properties', 'required', 'additionalProperties', 'patternProperties', 'propertyNames'];

/** Keywords of the original schema that a flat schema keeps: those that do not constrain the value. */
const KEPT = ['$schema', '$id', '$defs', 'definitions', 'title', 'default', 'examples', 'deprecated'];

/** Longest chain of references. A longer one is circular. */
const MAX_REFERENCES = 20;

/** Whether a schema is a union of alternatives. */
export function isUnion(schema: JsonSchema): boolean {
  return UNIONS.some((keyword) => keyword in schema);
}

/**
 * The schema with a reference at its root resolved: recursive modules of ArkType and classes of Effect start with one.
 * Unchanged if the reference leads outside the document.
 */
export function resolvedRoot(schema: JsonSchema): JsonSchema {
  let root = schema;
  for (let count = 0; typeof root['$ref'] === 'string' && count < MAX_REFERENCES; count++) {
    const next = dereference(root, schema) as JsonSchema;
    if (next === root) return schema;
    root = withoutUnused(next, root['$ref']);
  }
  return typeof root['$ref'] === 'string' ? schema : root;
}

function withoutUnused(schema: JsonSchema, reference: string): JsonSchema {
  const name = /^#\/\$defs\/([^/]+)$/.exec(reference)?.[1];
  const definitions = schema['$defs'];
  if (name === undefined || !isObject(definitions) || JSON.stringify(schema).includes(`"${reference}"`)) return schema;
  const { [name]: _unused, ...others } = definitions;
  const { $defs: _all, ...rest } = schema;
  return Object.keys(others).length === 0 ? rest : { ...rest, $defs: others };
}

interface ObjectQuery {
  /** The document that contains the referenced definitions. */
  readonly document: JsonSchema;
  /** Whether null may match as well. */
  readonly orNull: boolean;
}

/** Whether all matching values are certainly objects. */
export function describesObject(schema: unknown, question: ObjectQuery, depth = 0): boolean {
  if (depth > MAX_REFERENCES) return false;
  const { document, orNull } = question;
  const part = isObject(schema) ? (dereference(schema, document) as JsonSchema) : {};
  const sure = (each: unknown): boolean => describesObject(each, question, depth + 1);
  const { type, allOf } = part;
  if (type !== undefined) return type === 'object' || (orNull && isObjectOrNull(type));
  if (OBJECT_KEYWORDS.some((keyword) => keyword in part)) return true;
  if (typeof part['$ref'] === 'string') return part !== schema && sure(part);
  if (Array.isArray(allOf) && allOf.some(sure)) return true;
  return UNIONS.some((keyword) => {
    const alternatives = listOf(part, keyword).filter((each) => !orNull || !isNull(each));
    return alternatives.length > 0 && alternatives.every(sure);
  });
}

function isObjectOrNull(type: unknown): boolean {
  return Array.isArray(type) && type.includes('object') && type.every((name) => name === 'object' || name === 'null');
}

function isNull(schema: unknown): boolean {
  return isObject(schema) && schema['type'] === 'null';
}

function listOf(schema: JsonSchema, keyword: 'anyOf' | 'oneOf'): readonly unknown[] {
  const list = schema[keyword];
  return Array.isArray(list) ? list : [];
}

/**
 * An object schema without `anyOf`, `oneOf` and `allOf` at its root, because clients do not accept them there: the APIs
 * of Anthropic and OpenAI refuse requests with such a tool, and Claude Code omits the tool. It lists the properties of
 * all alternatives and requires those that all of them require. The description names the valid combinations, and the
 * server validates them.
 */
export function flatRoot(given: JsonSchema): JsonSchema {
  const root = withAlternativesKept(given);
  const { properties, required, additional, forms } = fieldsOf(root, root, 0);
  const kept = Object.entries(root).filter(([keyword]) => KEPT.includes(keyword));
  const description = [root['description'], forms].filter((text) => text !== undefined).join('\n');
  return {
    ...Object.fromEntries(kept),
    type: 'object',
    ...(description === '' ? {} : { description }),
    properties: Object.fromEntries(properties),
    ...(required.size === 0 ? {} : { required: [...required] }),
    ...(additional === undefined ? {} : { additionalProperties: additional }),
  };
}

const INTO_ALTERNATIVES = /"\$ref":"#\/(?=(?:allOf|anyOf|oneOf)\/)/g;

/**
 * Moves the targets of references into alternatives to the definitions, because the root no longer has the
 * alternatives.
 */
function withAlternativesKept(root: JsonSchema): JsonSchema {
  const text = JSON.stringify(root);
  if (text.search(INTO_ALTERNATIVES) < 0) return root;
  let name = 'Alternatives';
  while (isObject(root['$defs']) && name in root['$defs']) name = `${name}_`;
  const moved = JSON.parse(text.replaceAll(INTO_ALTERNATIVES, `"$ref":"#/$defs/${name}/`)) as JsonSchema;
  const { $defs, ...alternatives } = moved;
  return { ...moved, $defs: { ...(isObject($defs) ? $defs : {}), [name]: alternatives } };
}

function fieldsOf(schema: unknown, document: JsonSchema, depth: number): Fields {
  const part = isObject(schema) ? (dereference(schema, document) as JsonSchema) : {};
  // Alternatives that contain themselves add no values.
  if (depth > MAX_REFERENCES) return ownFields(part);
  const inner = (each: unknown): Fields => fieldsOf(each, document, depth + 1);
  if (typeof part['$ref'] === 'string' && part !== schema) return inner(part);
  const { allOf } = part;
  const unions = UNIONS.map((keyword) => alternativesOf(part, keyword, document)).filter((list) => list.length > 0);
  const composed = [
    ...(Array.isArray(allOf) ? allOf.map(inner) : []),
    ...unions.map((list) => unionOf(list.map(inner))),
  ];
  return hasOwnFields(part) || composed.length === 0
    ? intersectionOf([ownFields(part), ...composed])
    : intersectionOf(composed);
}

function hasOwnFields(schema: JsonSchema): boolean {
  return OBJECT_KEYWORDS.some((keyword) => keyword in schema);
}

/** The alternatives of a union, with those of nested unions. */
function alternativesOf(schema: JsonSchema, keyword: 'anyOf' | 'oneOf', document: JsonSchema): readonly unknown[] {
  return listOf(schema, keyword).flatMap((each) => {
    if (isNull(each)) return [];
    const part = isObject(each) ? (dereference(each, document) as JsonSchema) : {};
    const isOnlyUnion = part === each && isUnion(part) && !hasOwnFields(part) && !('allOf' in part);
    return isOnlyUnion ? UNIONS.flatMap((inner) => alternativesOf(part, inner, document)) : [each];
  });
}
