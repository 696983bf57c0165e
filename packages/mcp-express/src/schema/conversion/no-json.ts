import { ConfigurationError } from '../../protocol/errors.js';
import { isObject } from '../../protocol/json-rpc.js';
import type { JsonSchema } from '../../protocol/mcp.js';
import { mapSubschemas } from '../schema-keywords.js';

/** A member, and not a symbol, because libraries copy schemas as JSON. */
const MARK = 'x-mcp-express-no-json';

/** Keywords whose schemas are of elements, which have no names. */
const ELEMENTS: ReadonlySet<string> = new Set(['additionalProperties', 'items', 'patternProperties', 'prefixItems']);

interface Mark {
  readonly kind: string;
  /** Whether the part takes values of one kind that JSON lacks. Of others it is not known what they take. */
  readonly impossible: boolean;
  /** The property that makes an alternative impossible. */
  readonly path?: string;
}

/** How schema libraries call what JSON Schema cannot say, and what stands for it in error messages. */
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

/** How a Date looks once it was written as JSON. */
export const DATE_TEXT: JsonSchema = { type: 'string', format: 'date-time' };

/** What a converter writes for a part whose values JSON does not have, such as those of a `Map`. */
export function noJson(kind: string): JsonSchema {
  return { [MARK]: { kind: KINDS[kind] ?? kind, impossible: true } satisfies Mark };
}

/** What a converter writes for a part of which the library cannot say which values it takes. */
export function unknownJson(reason: string): JsonSchema {
  return { [MARK]: { kind: reason, impossible: false } satisfies Mark };
}

export function isNoJsonKind(kind: string): boolean {
  return Object.hasOwn(KINDS, kind);
}

/** Takes the mark away from a part of which only what comes out is described, such as that of a `z.preprocess`. */
export function unmark(schema: Record<string, unknown>): void {
  delete schema[MARK];
}

function markOf(schema: unknown): Mark | undefined {
  return isObject(schema) ? (schema[MARK] as Mark | undefined) : undefined;
}

/**
 * A converted schema without the alternatives that no JSON value can match.
 *
 * @throws ConfigurationError naming `what` and the property where no other alternative is left.
 */
export function withoutNoJson(schema: JsonSchema, what: string): JsonSchema {
  // Most schemas have none.
  if (!JSON.stringify(schema).includes(`"${MARK}"`)) return schema;
  return new Cleaning(schema, what).done();
}

class Cleaning {
  readonly #root: JsonSchema;
  readonly #what: string;
  readonly #definitions = new Map<string, unknown>();
  readonly #failures = new WeakMap<ConfigurationError, Mark>();

  constructor(root: JsonSchema, what: string) {
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

  /** The part without its impossible alternatives; a mark where nothing is left. */
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

  /** An object with a property that JSON cannot have is an alternative that no JSON matches. */
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
      // A property that may only be undefined is one that is left out.
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
    // A definition that refers to itself meets what it was.
    this.#definitions.set(name, definition);
    const cleaned = this.#clean(definition, path);
    this.#definitions.set(name, cleaned);
    return cleaned;
  }

  #fail(mark: Mark, at: string): never {
    const { kind, impossible, path = at } = mark;
    const where = path === '' ? this.#what : `${this.#what}: "${path}"`;
    const why = impossible ? noSuchValue(kind) : kind;
    const failure = new ConfigurationError(`${where} cannot be written as JSON Schema: ${why}`);
    this.#failures.set(failure, { ...mark, path });
    throw failure;
  }
}

function noSuchValue(kind: string): string {
  if (kind === 'undefined') return 'JSON has no undefined. Make the property one that may be left out';
  if (kind === 'Date')
    return 'JSON has no dates: take a string, such as z.iso.datetime(), and convert it in the schema or the handler';
  return `JSON has no ${kind}. Describe what is sent instead, such as a string, and convert it in the schema or the handler`;
}

/** Of the alternatives those that are possible, and instead of a single one the alternative itself. */
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
    // An object that may be null is not meant to be null always.
    const lost = list.find((part) => markOf(part)?.path !== undefined);
    if (lost !== undefined && possible.every((part) => isObject(part) && part['type'] === 'null')) return lost;
    const { [keyword]: _all, ...beside } = kept;
    kept = possible.length === 1 ? { ...possible[0], ...beside } : { ...beside, [keyword]: possible };
  }
  return kept;
}
