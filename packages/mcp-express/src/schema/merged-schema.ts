import { isObject } from '../protocol/json-rpc.js';
import type { JsonSchema } from '../protocol/mcp.js';
import { mapSubschemas } from './schema-keywords.js';

/** A property of an object schema, and its schema as a document of its own. */
export interface Part {
  readonly name: string;
  readonly json: JsonSchema;
  readonly required: boolean;
}

/**
 * One object schema of schemas that were written one by one. A reference in such a document starts at the document, and
 * documents use the same names for other definitions, so references and names are changed to those of the whole.
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
  // References in a schema with an identifier start at that schema, wherever it is.
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

/** Where a document is in the whole, and the names of its definitions there. */
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

/** RFC 6901, section 6: a name as a part of a JSON pointer in a fragment. */
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
