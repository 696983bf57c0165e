import { isObject } from '../../protocol/json-rpc.js';
import type { JsonSchema } from '../../protocol/mcp.js';
import type { Side } from '../json-schema-of.js';
import { DATE_TEXT, isNoJsonKind, noJson, unknownJson, unmark } from './no-json.js';

/**
 * What a library is told about values that JSON does not have: to mark them, where by default it throws without a name of
 * the field (Zod, Valibot) or lists what its validator refuses (ArkType, and Zod for files).
 */
export const LIBRARY_OPTIONS: Readonly<Record<string, (side: Side) => Record<string, unknown>>> = {
  arktype: arktypeOptions,
  valibot: valibotOptions,
  zod: zodOptions,
};

/** What comes out of a schema is written by `JSON.stringify`, which writes a Date as text. */
function marked(kind: string, side: Side): JsonSchema {
  return kind === 'date' && side === 'output' ? DATE_TEXT : noJson(kind);
}

interface ArkContext {
  readonly base: JsonSchema;
  readonly unit?: unknown;
  readonly domain?: string;
  readonly proto?: { readonly name?: string };
}

/** https://arktype.io/docs/configuration#tojsonschema */
function arktypeOptions(side: Side): Record<string, unknown> {
  return {
    fallback: {
      date: () => marked('date', side),
      domain: ({ domain = 'value' }: ArkContext) => noJson(domain),
      proto: ({ proto }: ArkContext) => noJson(proto?.name ?? 'instance of a class'),
      unit: ({ unit }: ArkContext) => noJson(unit === undefined ? 'undefined' : kindOfValue(unit)),
    },
  };
}

interface ValibotPart {
  readonly valibotSchema: { readonly type: string; readonly literal?: unknown; readonly class?: { name?: string } };
  readonly errors?: readonly string[] | null;
}

/** Called after each schema was written, with what is wrong with it. */
function valibotOptions(side: Side): Record<string, unknown> {
  return {
    overrideSchema: ({ valibotSchema, errors }: ValibotPart) => {
      if (!Array.isArray(errors) || errors.length === 0) return undefined;
      const { type } = valibotSchema;
      if (isNoJsonKind(type)) return marked(type, side);
      if (type === 'literal') return noJson(kindOfValue(valibotSchema.literal));
      if (type === 'instance') return noJson(valibotSchema.class?.name ?? 'instance of a class');
      return unknownJson(String(errors[0]));
    },
    // Checks and changes of a value narrow or tidy it: the schema without them takes all that they take. What a change to
    // another kind of value gives is not known.
    overrideAction: ({ valibotAction, jsonSchema, errors }: ValibotAction) => {
      const isOther = side === 'output' && TO_OTHER_KINDS.test(valibotAction.type);
      return errors === undefined || errors.length === 0 || isOther ? undefined : jsonSchema;
    },
  };
}

interface ValibotAction {
  readonly valibotAction: { readonly type: string };
  readonly jsonSchema: JsonSchema;
  readonly errors: readonly string[] | undefined;
}

const TO_OTHER_KINDS = /^(?:transform|raw_transform|to_|parse_json|find_item|reduce_items|map_items)/;

interface ZodPart {
  readonly zodSchema: {
    readonly _zod: {
      readonly def: {
        readonly type: string;
        readonly coerce?: boolean;
        readonly values?: readonly unknown[];
        readonly in?: ZodPart['zodSchema'];
      };
      readonly bag?: { readonly Class?: { readonly name?: string } };
    };
  };
  readonly jsonSchema: Record<string, unknown>;
}

/** https://zod.dev/json-schema?id=unrepresentable */
function zodOptions(side: Side): Record<string, unknown> {
  return {
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }: ZodPart) => {
      if (side === 'input' && isPreprocessed(zodSchema)) return unmark(jsonSchema);
      const written = zodPart(zodSchema, side);
      if (written === undefined) return;
      for (const keyword of ['type', 'format', 'contentEncoding', 'contentMediaType', 'anyOf', 'const', 'enum']) {
        delete jsonSchema[keyword];
      }
      Object.assign(jsonSchema, written);
    },
  };
}

/** What goes in is for the function to say. */
function isPreprocessed({ _zod: { def } }: ZodPart['zodSchema']): boolean {
  return def.type === 'pipe' && def.in?._zod.def.type === 'transform';
}

function zodPart({ _zod: { def, bag } }: ZodPart['zodSchema'], side: Side): JsonSchema | undefined {
  const { type } = def;
  if (type === 'literal') return literalPart(def.values ?? []);
  if (def.coerce === true && side === 'input' && type === 'date') return DATE_TEXT;
  if (def.coerce === true && side === 'input' && type === 'bigint') return { type: 'integer' };
  if (isNoJsonKind(type)) return marked(type, side);
  if (type === 'custom') {
    if (bag?.Class !== undefined) return noJson(bag.Class.name ?? 'instance of a class');
    return unknownJson('a custom check says nothing of the values it takes. Use another schema with refine');
  }
  if (type !== 'transform') return undefined;
  return unknownJson('nothing is known of what a transform gives. Add .pipe() with a schema of it');
}

/** The values of a literal that are JSON, where some are not. */
function literalPart(values: readonly unknown[]): JsonSchema | undefined {
  const json = values.filter((value) => value !== undefined && typeof value !== 'bigint');
  if (json.length === values.length) return undefined;
  return json.length === 0 ? noJson(kindOfValue(values[0])) : { enum: json };
}

function kindOfValue(value: unknown): string {
  if (Number.isNaN(value)) return 'NaN';
  return isObject(value) ? (value.constructor?.name ?? 'object') : typeof value;
}
