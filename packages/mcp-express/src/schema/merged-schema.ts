import { isObject } from '../protocol/json-rpc.js';
import type { JsonSchema } from '../protocol/mcp.js';
import { mapSubschemas } from './schema-keywords.js';

/** A property of an object schema, with its schema as a separate document. */
export interface Part {
  readonly name: string;
  readonly json: JsonSchema;
  readonly required: boolean;
}

/**
 * Merges separate schemas of properties into one object schema. References start at their own document, and documents
 * may use the same name for different definitions, so references and names are rewritten.
 */
export function mergedSchema(parts: readonly Part[]): JsonSchema {
  const definitions = new Map<string, unknown>();
  const properties = parts.map(({ name, json }) => [name, embedded(name, json, definitions)] as const);
  const required = parts.filter((part) => part.required).map(({ name }) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length === 0 ? {} : { required }),
    ...(definitions.size === 0 ? {} : { $defs: Object.fromEntries(definitions) }),
  };
}

function embedded(property: string, { $schema: _dialect, ...json }: JsonSchema, all: Map<string, unknown>): JsonSchema {
  // References in a schema with an identifier resolve against that schema, regardless of its position.
  if (hasIdentifier(json)) return json;
  const { $defs, ...rest } = json;
  const own = Object.entries(isObject($defs) ? $defs : {});
  const renamed = new Map(own.map(([name]) => [name, unused(name, property, all)]));
  const moved = { root: `#/properties/${pointer(property)}`, renamed };
  for (const [name, definition] of own) all.set(renamed.get(name) ?? name, relocated(definition, moved));
  return relocated(rest, moved) as JsonSchema;
}

function unused(name: string, property: string, taken: ReadonlyMap<string, unknown>): string {
  let free = name;
  while (taken.has(free)) free = `${property}_${free}`;
  return free;
}

/** The position of a document in the merged schema, and the new names of its definitions. */
interface Moved {
  readonly root: string;
  readonly renamed: ReadonlyMap<string, string>;
}

function relocated(schema: unknown, moved: Moved): unknown {
  if (!isObject(schema) || hasIdentifier(schema)) return schema;
  const changed = mapSubschemas(schema, (part) => relocated(part, moved));
  const reference = changed['$ref'];
  return typeof reference === 'string' ? { ...changed, $ref: relocatedReference(reference, moved) } : changed;
}

function hasIdentifier(schema: JsonSchema): boolean {
  return typeof schema['$id'] === 'string' && !schema['$id'].startsWith('#');
}

const DEFINITION = /^#\/\$defs\/([^/]+)(.*)$/s;

function relocatedReference(reference: string, { root, renamed }: Moved): string {
  if (reference === '#') return root;
  const [, token = '', rest = ''] = DEFINITION.exec(reference) ?? [];
  const definition = renamed.get(unescaped(token));
  if (definition !== undefined) return `#/$defs/${pointer(definition)}${rest}`;
  return reference.startsWith('#/') ? `${root}${reference.slice(1)}` : reference;
}

/** Encodes a name for a JSON pointer in a URI fragment (RFC 6901, section 6). */
function pointer(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function unescaped(token: string): string {
  try {
    return decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return token;
  }
}
