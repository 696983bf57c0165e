import { canonicalText } from '../protocol/canonical-json.js';
import { isObject } from '../protocol/json-rpc.js';
import type { JsonSchema } from '../protocol/mcp.js';

/** The properties that an object schema describes. */
export interface Fields {
  readonly properties: ReadonlyMap<string, unknown>;
  readonly required: ReadonlySet<string>;
  /**
   * The schema of all other properties.
   * @default any value
   */
  readonly additional?: unknown;
  /**
   * The combinations of properties that are valid, as text.
   * @default all of them
   */
  readonly forms?: string | undefined;
}

/** The properties that a schema names itself, without references and compositions. */
export function ownFields(schema: JsonSchema): Fields {
  const { properties, required, additionalProperties } = schema;
  return {
    properties: new Map(Object.entries(isObject(properties) ? properties : {})),
    required: new Set(Array.isArray(required) ? (required as string[]) : []),
    additional: isAnything(additionalProperties) ? undefined : additionalProperties,
  };
}

function isAnything(schema: unknown): boolean {
  return schema === true || (isObject(schema) && Object.keys(schema).length === 0);
}

function isNothing(schema: unknown): boolean {
  return schema === false || (isObject(schema) && isAnything(schema['not']));
}

/** The properties of an object that must match all parts. */
export function intersectionOf(parts: readonly Fields[]): Fields {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const properties = new Map<string, unknown>();
  for (const [name, schema] of parts.flatMap((part) => [...part.properties])) {
    const other = properties.get(name);
    properties.set(name, other === undefined || isSame(other, schema) ? schema : { allOf: [other, schema] });
  }
  return {
    properties,
    required: new Set(parts.flatMap(({ required }) => [...required])),
    forms: parts.find(({ forms }) => forms !== undefined)?.forms,
  };
}

/** The properties of an object that must match one of the parts. Accepts all values that a part accepts, and more. */
export function unionOf(parts: readonly Fields[]): Fields {
  const names = new Set(parts.flatMap(({ properties }) => [...properties.keys()]));
  const properties = [...names].map((name) => {
    const schemas = parts.map((part) => (part.properties.has(name) ? part.properties.get(name) : part.additional));
    // An alternative that does not mention other properties accepts them only by accident.
    const possible = schemas.filter((schema) => schema !== undefined && !isNothing(schema));
    return [name, possible.length === 0 ? { not: {} } : anyOf(possible)] as const;
  });
  const others = parts.map(({ additional }) => additional ?? true);
  return {
    properties: new Map(properties),
    required: new Set([...names].filter((name) => parts.every(({ required }) => required.has(name)))),
    additional: others.includes(true) ? undefined : anyOf(others),
    forms: formsText(parts),
  };
}

function anyOf(schemas: readonly unknown[]): unknown {
  const distinct = [...new Map(schemas.map((schema) => [canonicalText(schema), schema])).values()];
  if (distinct.length === 1) return distinct[0];
  const values = distinct.map(valuesOf);
  if (values.some((list) => list === undefined)) return { anyOf: distinct.filter((schema) => !isNothing(schema)) };
  const all = [...new Set(values.flat())];
  return all.every((value) => typeof value === 'string') ? { type: 'string', enum: all } : { enum: all };
}

/** The only values that a schema accepts, if it lists them. */
function valuesOf(schema: unknown): readonly unknown[] | undefined {
  if (!isObject(schema)) return undefined;
  const { type: _type, const: value, enum: values, ...beside } = schema;
  if (Object.keys(beside).length > 0) return undefined;
  const list = Array.isArray(values) ? (values as unknown[]) : value === undefined ? undefined : [value];
  return list?.some(isObject) ? undefined : list;
}

function isSame(one: unknown, other: unknown): boolean {
  return canonicalText(one) === canonicalText(other);
}

/** Longest description of combinations, in characters. Longer ones do not help a model. */
const MAX_FORMS_TEXT = 1_000;

function formsText(parts: readonly Fields[]): string | undefined {
  if (parts.length < 2) return undefined;
  const text = `One of: ${[...new Set(parts.map(formText))].join(' or ')}`;
  return text.length > MAX_FORMS_TEXT ? undefined : text;
}

function formText({ properties, required, additional }: Fields): string {
  const names = [...properties].map(([name, schema]) => {
    const [value, ...others] = valuesOf(schema) ?? [];
    const only = value === undefined || others.length > 0 ? '' : `: ${JSON.stringify(value)}`;
    return `${name}${required.has(name) ? '' : '?'}${only}`;
  });
  if (additional !== undefined && additional !== false) names.push('…');
  return names.length === 0 ? '{}' : `{ ${names.join(', ')} }`;
}
