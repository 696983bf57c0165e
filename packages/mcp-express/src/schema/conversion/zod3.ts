import { isObject } from '../../protocol/json-rpc.js';
import type { JsonSchema } from '../../protocol/mcp.js';
import type { Side } from '../json-schema-of.js';
import { unrepresentable } from './unrepresentable.js';

/** The package `zod-to-json-schema`. */
export interface ZodToJsonSchema {
  readonly ignoreOverride: symbol;
  zodToJsonSchema(schema: unknown, options: object): JsonSchema;
}

interface Definition {
  readonly typeName?: string;
  readonly coerce?: boolean;
  readonly innerType?: unknown;
  readonly options?: readonly unknown[] | ReadonlyMap<unknown, unknown>;
  readonly schema?: unknown;
  readonly effect?: { readonly type: string; refinement?(value: unknown, context: object): unknown };
  readonly value?: unknown;
}

const KINDS: Readonly<Record<string, string>> = {
  ZodBigInt: 'bigint',
  ZodDate: 'date',
  ZodFunction: 'function',
  ZodMap: 'map',
  ZodNaN: 'nan',
  ZodSet: 'set',
  ZodSymbol: 'symbol',
  ZodUndefined: 'undefined',
  ZodVoid: 'undefined',
};

/**
 * The JSON Schema of a Zod 3 schema. Parts whose JSON Schema would list values that their validator refuses are marked.
 */
export function zod3JsonSchema(companion: ZodToJsonSchema, schema: unknown, side: Side): JsonSchema {
  const convert = (part: unknown): JsonSchema =>
    companion.zodToJsonSchema(part, { $refStrategy: 'none', pipeStrategy: side, override });
  const override = (definition: Definition): unknown => partOf(definition, side, convert) ?? companion.ignoreOverride;
  return convert(required(schema));
}

function partOf(definition: Definition, side: Side, convert: (part: unknown) => JsonSchema): JsonSchema | undefined {
  const { typeName = '', coerce, innerType, options } = definition;
  // The package writes both correctly: as a string with the format "date-time", and as an integer.
  if (coerce === true && side === 'input') return undefined;
  if (typeName === 'ZodDate' && side === 'output') return undefined;
  if (Object.hasOwn(KINDS, typeName)) return unrepresentable(KINDS[typeName] as string);
  if (typeName === 'ZodLiteral') return literalPart(definition.value);
  if (typeName === 'ZodEffects') return instancePart(definition);
  // The package writes these without calling the override for their parts.
  if (typeName === 'ZodNullable' && isBigInt(innerType)) return { anyOf: [convert(innerType), { type: 'null' }] };
  if (typeName === 'ZodUnion' && Array.isArray(options) && options.some(isBigInt))
    return { anyOf: options.map(convert) };
  return undefined;
}

/**
 * Unwraps an optional root, which the package would write as "not nothing". The caller determines optional properties
 * itself.
 */
function required(schema: unknown): unknown {
  const { typeName, innerType } = definitionOf(schema);
  return typeName === 'ZodOptional' ? required(innerType) : schema;
}

function definitionOf(schema: unknown): Definition {
  return isObject(schema) && isObject(schema['_def']) ? schema['_def'] : {};
}

function isBigInt(schema: unknown): boolean {
  const { typeName, coerce } = definitionOf(schema);
  return typeName === 'ZodBigInt' && coerce !== true;
}

function literalPart(value: unknown): JsonSchema | undefined {
  const kind = typeof value;
  return kind === 'bigint' || kind === 'symbol' || kind === 'undefined' ? unrepresentable(kind) : undefined;
}

/** `z.instanceof(Class)` is any value with a check, whose message names the class. */
function instancePart({ schema, effect }: Definition): JsonSchema | undefined {
  if (definitionOf(schema).typeName !== 'ZodAny' || effect?.type !== 'refinement') return undefined;
  let kind: string | undefined;
  const addIssue = ({ message }: { message?: string }): void => {
    kind ??= /^Input not instance of (.+)$/.exec(message ?? '')?.[1];
  };
  try {
    effect.refinement?.(undefined, { addIssue, path: [] });
  } catch {
    // A check of the application that throws for undefined.
  }
  return kind === undefined ? undefined : unrepresentable(kind);
}
