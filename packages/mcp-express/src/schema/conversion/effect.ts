import { isObject } from '../../protocol/json-rpc.js';
import type { JsonSchema } from '../../protocol/mcp.js';
import type { Side } from '../json-schema-of.js';
import { DATE_TEXT, unrepresentable } from './unrepresentable.js';

/** The required part of the syntax tree of an Effect 4 schema (`schema.ast`). */
interface Ast {
  readonly _tag: string;
  readonly encoding?: readonly { readonly to: Ast }[];
  readonly context?: { readonly isOptional?: boolean };
  readonly annotations?: Readonly<Record<string, unknown>>;
  readonly types?: readonly Ast[];
  readonly propertySignatures?: readonly { readonly name: PropertyKey; readonly type: Ast }[];
  readonly indexSignatures?: readonly { readonly type: Ast }[];
  readonly elements?: readonly Ast[];
  readonly rest?: readonly Ast[];
  thunk?(): Ast;
}

/**
 * The JSON Schema of the values that an Effect schema's validator accepts.
 *
 * Effect writes the JSON Schema of a codec: a string for a `Date`, null for `undefined`, "NaN" for a number. Its
 * validator accepts the values themselves. Those alternatives are therefore removed, and parts without another
 * alternative are marked.
 */
export function effectJsonSchema(schema: unknown, json: JsonSchema, side: Side): JsonSchema {
  const ast = (schema as { ast?: Ast }).ast;
  return ast === undefined ? json : new Walk(json, side).whole(ast);
}

/** Walks the syntax tree and its JSON Schema in parallel. */
class Walk {
  readonly #document: JsonSchema;
  readonly #side: Side;
  readonly #definitions = new Map<string, unknown>();

  constructor(document: JsonSchema, side: Side) {
    this.#document = document;
    this.#side = side;
  }

  whole(ast: Ast): JsonSchema {
    const { $defs, ...root } = this.#document;
    const json = this.#part(ast, root) as JsonSchema;
    const definitions = { ...(isObject($defs) ? $defs : {}), ...Object.fromEntries(this.#definitions) };
    return { ...json, ...(Object.keys(definitions).length === 0 ? {} : { $defs: definitions }) };
  }

  /** Inputs are validated on the encoded side. */
  #part(ast: Ast, json: unknown): unknown {
    if (this.#side === 'input') for (const { to } of [...(ast.encoding ?? [])].slice(-1)) return this.#part(to, json);
    if (ast._tag === 'Suspend' && ast.thunk !== undefined) return this.#part(ast.thunk(), json);
    if (!isObject(json)) return json;
    const name = /^#\/\$defs\/(.+)$/.exec(String(json['$ref']))?.[1];
    return name === undefined ? this.#inline(ast, json) : this.#referred(ast, json, decodeURIComponent(name));
  }

  #referred(ast: Ast, json: JsonSchema, token: string): JsonSchema {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (!this.#definitions.has(name)) {
      const definition = (this.#document['$defs'] as JsonSchema | undefined)?.[name];
      this.#definitions.set(name, definition);
      this.#definitions.set(name, this.#part(ast, definition));
    }
    return json;
  }

  #inline(ast: Ast, json: JsonSchema): JsonSchema {
    switch (ast._tag) {
      case 'BigInt':
        return unrepresentable('bigint');
      case 'Symbol':
      case 'UniqueSymbol':
        return unrepresentable('symbol');
      case 'Undefined':
        return unrepresentable('undefined');
      case 'Literal':
        return typeof (ast as { literal?: unknown }).literal === 'bigint' ? unrepresentable('bigint') : json;
      case 'Number':
        return withoutNonNumbers(json);
      case 'Declaration':
        return this.#declaration(ast, json);
      case 'Union':
        return this.#union(ast, json);
      case 'Objects':
        return this.#objects(ast, json);
      case 'Arrays':
        return this.#arrays(ast, json);
      default:
        return json;
    }
  }

  #declaration({ annotations, encoding = [] }: Ast, json: JsonSchema): JsonSchema {
    // A class has the schema of its fields.
    for (const { to } of encoding.slice(-1)) return this.#part(to, json) as JsonSchema;
    const kind = declaredKind(annotations);
    return kind === 'Date' && this.#side === 'output' ? { ...json, ...DATE_TEXT } : unrepresentable(kind);
  }

  #union({ types = [] }: Ast, json: JsonSchema): JsonSchema {
    const alternatives: readonly unknown[] = Array.isArray(json['anyOf']) ? json['anyOf'] : [];
    const parts = this.#alternatives(types, alternatives) ?? this.#alternatives(types.flatMap(leaves), alternatives);
    // Effect wrote the alternatives in another form, such as one enum of literals, all of which exist in JSON.
    return parts === undefined ? json : { ...json, anyOf: parts };
  }

  #alternatives(types: readonly Ast[], alternatives: readonly unknown[]): readonly unknown[] | undefined {
    let at = 0;
    const pairs: [Ast, unknown][] = [];
    for (const type of types) {
      pairs.push([type, alternatives[at]]);
      // A number occupies two alternatives of the union.
      at += isNonNumbers(alternatives[at + 1]) ? 2 : 1;
    }
    return at === alternatives.length ? pairs.map(([type, json]) => this.#part(type, json)) : undefined;
  }

  #objects({ propertySignatures = [], indexSignatures = [] }: Ast, json: JsonSchema): JsonSchema {
    const written = isObject(json['properties']) ? { ...json['properties'] } : {};
    for (const { name, type } of propertySignatures) {
      const key = String(name);
      if (Object.hasOwn(written, key)) written[key] = this.#part(type, written[key]);
    }
    const [index] = indexSignatures;
    const additional = json['additionalProperties'];
    return {
      ...json,
      ...(propertySignatures.length === 0 ? {} : { properties: written }),
      ...(index !== undefined && isObject(additional)
        ? { additionalProperties: this.#part(index.type, additional) }
        : {}),
    };
  }

  #arrays({ elements = [], rest = [] }: Ast, json: JsonSchema): JsonSchema {
    const { prefixItems, items } = json;
    const [first] = rest;
    return {
      ...json,
      ...(Array.isArray(prefixItems)
        ? {
            prefixItems: prefixItems.map((item, at) =>
              elements[at] === undefined ? item : this.#part(elements[at], item),
            ),
          }
        : {}),
      ...(first !== undefined && isObject(items) ? { items: this.#part(first, items) } : {}),
    };
  }
}

/** Effect flattens nested unions. */
function leaves(ast: Ast): readonly Ast[] {
  return ast._tag === 'Union' && ast.encoding === undefined ? (ast.types ?? []).flatMap(leaves) : [ast];
}

/** Removes the strings for numbers that JSON does not have. */
function withoutNonNumbers(json: JsonSchema): JsonSchema {
  const { anyOf, ...rest } = json;
  const [number, others] = Array.isArray(anyOf) ? (anyOf as unknown[]) : [];
  return isObject(number) && isNonNumbers(others) ? { ...number, ...rest } : json;
}

function isNonNumbers(schema: unknown): boolean {
  return isObject(schema) && Array.isArray(schema['enum']) && schema['enum'].includes('NaN');
}

/** The class of a declaration, if Effect names it, as in `effect/schema/Date`. */
function declaredKind({ representation, identifier }: Readonly<Record<string, unknown>> = {}): string {
  const id = isObject(representation) ? representation['id'] : identifier;
  return typeof id === 'string' ? (id.split('/').at(-1) as string) : 'instance of a class';
}
