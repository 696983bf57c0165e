import { isObject } from '../../protocol/json-rpc.js';
import type { JsonSchema } from '../../protocol/mcp.js';
import type { Side } from '../json-schema-of.js';
import { DATE_TEXT, isUnrepresentable, unknownRepresentation, unmark, unrepresentable } from './unrepresentable.js';

/**
 * Options that make libraries mark values without a JSON form. By default they throw without naming the field (Zod,
 * Valibot), or list values that their validator refuses (ArkType, and Zod for files).
 */
export const LIBRARY_OPTIONS: Readonly<Record<string, (side: Side) => Record<string, unknown>>> = {
  arktype: arktypeOptions,
  valibot: valibotOptions,
  zod: zodOptions,
};

/** Outputs are serialised by `JSON.stringify`, which turns a Date into a string. */
function marked(kind: string, side: Side): JsonSchema {
  return kind === 'date' && side === 'output' ? DATE_TEXT : unrepresentable(kind);
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
      domain: ({ domain = 'value' }: ArkContext) => unrepresentable(domain),
      proto: ({ proto }: ArkContext) => unrepresentable(proto?.name ?? 'instance of a class'),
      unit: ({ unit }: ArkContext) => unrepresentable(unit === undefined ? 'undefined' : kindOfValue(unit)),
    },
  };
}

interface ValibotPart {
  readonly valibotSchema: { readonly type: string; readonly literal?: unknown; readonly class?: { name?: string } };
  readonly errors?: readonly string[] | null;
}

/** The overrides are called for each converted schema, with the errors of its conversion. */
function valibotOptions(side: Side): Record<string, unknown> {
  return {
    overrideSchema: ({ valibotSchema, errors }: ValibotPart) => {
      if (!Array.isArray(errors) || errors.length === 0) return undefined;
      const { type } = valibotSchema;
      if (isUnrepresentable(type)) return marked(type, side);
      if (type === 'literal') return unrepresentable(kindOfValue(valibotSchema.literal));
      if (type === 'instance') return unrepresentable(valibotSchema.class?.name ?? 'instance of a class');
      return unknownRepresentation(String(errors[0]));
    },
    // Actions narrow or normalise a value, so the schema without them accepts everything that they accept. The output
    // of an action that changes the type is unknown.
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

/** Only the preprocess function knows the accepted inputs. */
function isPreprocessed({ _zod: { def } }: ZodPart['zodSchema']): boolean {
  return def.type === 'pipe' && def.in?._zod.def.type === 'transform';
}

function zodPart({ _zod: { def, bag } }: ZodPart['zodSchema'], side: Side): JsonSchema | undefined {
  const { type } = def;
  if (type === 'literal') return literalPart(def.values ?? []);
  if (def.coerce === true && side === 'input' && type === 'date') return DATE_TEXT;
  if (def.coerce === true && side === 'input' && type === 'bigint') return { type: 'integer' };
  if (isUnrepresentable(type)) return marked(type, side);
  if (type === 'custom') {
    if (bag?.Class !== undefined) return unrepresentable(bag.Class.name ?? 'instance of a class');
    return unknownRepresentation('the values that a custom check accepts are unknown. Use another schema with refine');
  }
  if (type !== 'transform') return undefined;
  return unknownRepresentation('the output of a transform is unknown. Add .pipe() with its schema');
}

/** The JSON values of a literal, if some of its values have no JSON form. */
function literalPart(values: readonly unknown[]): JsonSchema | undefined {
  const json = values.filter((value) => value !== undefined && typeof value !== 'bigint');
  if (json.length === values.length) return undefined;
  return json.length === 0 ? unrepresentable(kindOfValue(values[0])) : { enum: json };
}

function kindOfValue(value: unknown): string {
  if (Number.isNaN(value)) return 'NaN';
  return isObject(value) ? (value.constructor?.name ?? 'object') : typeof value;
}
