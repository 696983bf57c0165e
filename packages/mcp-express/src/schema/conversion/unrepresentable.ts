import { ConfigurationError } from '../../protocol/errors.js';
import { isObject } from '../../protocol/json-rpc.js';
import type { JsonSchema } from '../../protocol/mcp.js';
import { mapSubschemas } from '../schema-keywords.js';

/** A string key instead of a symbol, because libraries copy schemas as JSON. */
const MARK = 'x-mcp-express-no-json';

/** Keywords for elements, which have no property name. */
const ELEMENTS: ReadonlySet<string> = new Set(['additionalProperties', 'items', 'patternProperties', 'prefixItems']);

interface Mark {
  readonly kind: string;
  /** Whether no JSON value can match. False if the accepted values are unknown. */
  readonly impossible: boolean;
  /** The property that makes an alternative impossible. */
  readonly path?: string;
}

/** Names of types without a JSON form in schema libraries, and in error messages. */
const KINDS: Readonly<Record<string, string>> = {
  bigint: 'BigInt',
  blob: 'Blob',
  date: 'Date',
  file: 'File',
  function: 'function',
  map: 'Map',
  nan: 'NaN',
  set: 'Set',
  symbol: 'symbol',
  undefined: 'undefined',
  void: 'undefined',
};

/** The schema of a Date after serialisation. */
export const DATE_TEXT: JsonSchema = { type: 'string', format: 'date-time' };

/** The mark for a part whose values have no JSON form, such as a `Map`. */
export function unrepresentable(kind: string): JsonSchema {
  return { [MARK]: { kind: KINDS[kind] ?? kind, impossible: true } satisfies Mark };
}

/**
 * The mark for a part whose accepted values are unknown.
 * @param reason for the error message
 */
export function unknownRepresentation(reason: string): JsonSchema {
  return { [MARK]: { kind: reason, impossible: false } satisfies Mark };
}

/** Whether libraries use this name for a type without a JSON form. */
export function isUnrepresentable(kind: string): boolean {
  return Object.hasOwn(KINDS, kind);
}

/** Removes the mark of a part of which only the output is described, such as a `z.preprocess`. */
export function unmark(schema: Record<string, unknown>): void {
  delete schema[MARK];
}

function markOf(schema: unknown): Mark | undefined {
  return isObject(schema) ? (schema[MARK] as Mark | undefined) : undefined;
}

/**
 * Removes the alternatives that no JSON value can match.
 * @param what subject of the error message
 * @param dateText how the library of the schema describes a date string, for error messages
 * @throws ConfigurationError naming a property for which no alternative remains
 */
export function withoutUnrepresentable(schema: JsonSchema, what: string, dateText?: string): JsonSchema {
  // Fast path: most schemas have no marks.
  if (!JSON.stringify(schema).includes(`"${MARK}"`)) return schema;
  return new Cleaning(schema, what, dateText).done();
}

class Cleaning {
  readonly #root: JsonSchema;
  readonly #what: string;
  readonly #definitions = new Map<string, unknown>();
  readonly #failures = new WeakMap<ConfigurationError, Mark>();

  constructor(
    root: JsonSchema,
    what: string,
    private readonly dateText: string | undefined,
  ) {
    this.#root = root;
    this.#what = what;
  }

  done(): JsonSchema {
    const { $defs, ...rest } = this.#root;
    const cleaned = this.#possible(rest, '');
    for (const name of Object.keys(isObject($defs) ? $defs : {})) this.#definition(name, name);
    const kept = [...this.#definitions].filter(([, definition]) => markOf(definition) === undefined);
    return { ...(cleaned as JsonSchema), ...(kept.length === 0 ? {} : { $defs: Object.fromEntries(kept) }) };
  }

  /** The part without impossible alternatives, or a mark if none remains. */
  #clean(schema: unknown, path: string): unknown {
    if (!isObject(schema) || markOf(schema) !== undefined) return schema;
    const referred = /^#\/\$defs\/(.+)$/.exec(String(schema['$ref']))?.[1];
    const definition = referred === undefined ? undefined : this.#definition(referred, path);
    if (markOf(definition) !== undefined) return definition;
    const { properties, ...rest } = schema;
    const cleaned = mapSubschemas(rest, (part, keyword) => {
      if (keyword === 'anyOf' || keyword === 'oneOf') return this.#alternative(part, path);
      return this.#possible(part, ELEMENTS.has(keyword) ? `${path}[]` : path);
    });
    const named = isObject(properties) ? { properties: this.#properties(schema, properties, path) } : {};
    return withoutMarked({ ...cleaned, ...named });
  }

  /** An object with an impossible property is an alternative that no JSON value matches. */
  #alternative(part: unknown, path: string): unknown {
    try {
      return this.#clean(part, path);
    } catch (error) {
      const mark = error instanceof ConfigurationError ? this.#failures.get(error) : undefined;
      if (mark?.impossible !== true) throw error;
      return { [MARK]: mark };
    }
  }

  #properties(schema: JsonSchema, properties: JsonSchema, path: string): JsonSchema {
    const required: readonly unknown[] = Array.isArray(schema['required']) ? schema['required'] : [];
    const entries = Object.entries(properties).map(([name, property]) => {
      const inner = path === '' ? name : `${path}.${name}`;
      const cleaned = this.#clean(property, inner);
      const mark = markOf(cleaned);
      // A property that can only be undefined is an absent property.
      if (mark?.kind === 'undefined' && !required.includes(name)) return [name, { not: {} }];
      if (mark !== undefined) this.#fail(mark, inner);
      return [name, cleaned];
    });
    return Object.fromEntries(entries);
  }

  #possible(schema: unknown, path: string): unknown {
    const cleaned = this.#clean(schema, path);
    const mark = markOf(cleaned);
    if (mark !== undefined) this.#fail(mark, path);
    return cleaned;
  }

  #definition(token: string, path: string): unknown {
    const name = decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~');
    if (this.#definitions.has(name)) return this.#definitions.get(name);
    const definition = (this.#root['$defs'] as JsonSchema | undefined)?.[name];
    // A recursive definition finds its original while it is being processed.
    this.#definitions.set(name, definition);
    const cleaned = this.#clean(definition, path);
    this.#definitions.set(name, cleaned);
    return cleaned;
  }

  #fail(mark: Mark, at: string): never {
    const { kind, impossible, path = at } = mark;
    const where = path === '' ? this.#what : `${this.#what}: "${path}"`;
    const why = impossible ? noSuchValue(kind, this.dateText) : kind;
    const failure = new ConfigurationError(`${where} cannot be written as JSON Schema: ${why}`);
    this.#failures.set(failure, { ...mark, path });
    throw failure;
  }
}

function noSuchValue(kind: string, dateText = 'one with the format date-time'): string {
  if (kind === 'undefined') return 'JSON has no undefined. Make the property optional';
  if (kind === 'Date') return `JSON has no dates: take a string, such as ${dateText}`;
  return `JSON has no ${kind}. Describe a JSON type instead, such as a string, and convert it in the schema or the handler`;
}

/** Removes marked alternatives. A single remaining alternative replaces the union. */
function withoutMarked(schema: JsonSchema): unknown {
  let kept: JsonSchema = schema;
  for (const keyword of ['anyOf', 'oneOf']) {
    const list = schema[keyword];
    if (!Array.isArray(list)) continue;
    const marked = list.find((part) => markOf(part) !== undefined);
    if (marked === undefined) continue;
    const unknown = list.find((part) => markOf(part)?.impossible === false);
    const possible = list.filter((part) => markOf(part) === undefined);
    if (unknown !== undefined || possible.length === 0) return unknown ?? marked;
    // A nullable object is not reduced to null: without the object the property is impossible.
    const lost = list.find((part) => markOf(part)?.path !== undefined);
    if (lost !== undefined && possible.every((part) => isObject(part) && part['type'] === 'null')) return lost;
    const { [keyword]: _all, ...beside } = kept;
    kept = possible.length === 1 ? { ...possible[0], ...beside } : { ...beside, [keyword]: possible };
  }
  return kept;
}
