import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import libraries from '#libraries';
import { ConfigurationError } from '../protocol/errors.js';
import type { JsonSchema } from '../protocol/mcp.js';
import { effectJsonSchema } from './conversion/effect.js';
import { LIBRARY_OPTIONS } from './conversion/library-options.js';
import { withoutUnrepresentable } from './conversion/unrepresentable.js';
import { type ZodToJsonSchema, zod3JsonSchema } from './conversion/zod3.js';
import { mergedSchema } from './merged-schema.js';
import { unrepresentablePart } from './unrepresentable-part.js';
import { isZod4, zodJsonSchema, zodShapeJsonSchema } from './zod-schema.js';

/** The direction of a schema: `input` is before defaults and transforms, `output` is after. */
export type Side = 'input' | 'output';

type Converter = (schema: StandardSchemaV1, side: Side) => JsonSchema;

interface ConverterModule extends ZodToJsonSchema {
  readonly toJsonSchema: (schema: unknown, options: object) => JsonSchema;
}

interface Companion {
  readonly name: string;
  readonly load: () => unknown;
  readonly convert: (module: ConverterModule) => Converter;
}

/**
 * Libraries that need a companion package to write JSON Schema (of Zod, only version 3). Companions are optional peer
 * dependencies, loaded when the first such schema is registered.
 */
const COMPANIONS: Readonly<Record<string, Companion>> = {
  zod: {
    name: 'zod-to-json-schema',
    load: libraries.zodToJsonSchema,
    convert: (module) => (schema, side) => zod3JsonSchema(module, schema, side),
  },
  valibot: {
    name: '@valibot/to-json-schema',
    load: libraries.valibotToJsonSchema,
    convert:
      ({ toJsonSchema }) =>
      (schema, side) =>
        toJsonSchema(schema, { target: 'draft-2020-12', typeMode: side, ...optionsFor('valibot', side) }),
  },
};

function optionsFor(vendor: string, side: Side): Record<string, unknown> | undefined {
  return Object.hasOwn(LIBRARY_OPTIONS, vendor) ? LIBRARY_OPTIONS[vendor]?.(side) : undefined;
}

/** How each library describes a date that is text, for error messages. */
const DATE_TEXTS: Readonly<Record<string, string>> = {
  arktype: '"string.date.iso", or "string.date.iso.parse", which converts it',
  effect: 'Schema.String, and convert it in the handler',
  valibot: 'v.pipe(v.string(), v.isoTimestamp()), and convert it in the schema or the handler',
};

function dateTextOf(schema: StandardSchemaV1): string | undefined {
  const { vendor } = schema['~standard'];
  if (vendor !== 'zod') return Object.hasOwn(DATE_TEXTS, vendor) ? DATE_TEXTS[vendor] : undefined;
  const text = isZod4(schema) ? 'z.iso.datetime()' : 'z.string().datetime()';
  return `${text}, and convert it in the schema or the handler, or take z.coerce.date()`;
}

const converters = new Map<string, Converter>();

/**
 * The JSON Schema of a schema.
 * @param what subject of the error message
 * @throws ConfigurationError when the schema has no JSON Schema, or accepts values that JSON cannot carry
 */
export function jsonSchemaOf(schema: StandardSchemaV1, what: string, side: Side): JsonSchema {
  try {
    return writtenBy(schema, what, side);
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    const part = unrepresentablePart(schema, (inner) => isWritable(inner, what, side));
    const where = part === '' ? what : `${what}: "${part}"`;
    const why = String(cause).replace(/\.$/, '');
    throw new ConfigurationError(`${where} cannot be written as JSON Schema: ${why}`, { cause });
  }
}

function writtenBy(schema: StandardSchemaV1, what: string, side: Side): JsonSchema {
  return withoutUnrepresentable(converted(schema, what, side), what, dateTextOf(schema));
}

function isWritable(schema: StandardSchemaV1, what: string, side: Side): boolean {
  try {
    writtenBy(schema, what, side);
    return true;
  } catch {
    return false;
  }
}

function converted(schema: StandardSchemaV1, what: string, side: Side): JsonSchema {
  const standard = schema['~standard'] as StandardSchemaV1['~standard'] & Partial<StandardJSONSchemaV1['~standard']>;
  const { vendor, jsonSchema } = standard;
  if (jsonSchema === undefined) {
    return isZod4(schema) ? zodJsonSchema(schema, what, side) : inOurDialect(converterOf(vendor, what)(schema, side));
  }
  const libraryOptions = optionsFor(vendor, side);
  const json = jsonSchema[side]({ target: 'draft-2020-12', ...(libraryOptions && { libraryOptions }) });
  return vendor === 'effect' ? effectJsonSchema(schema, json, side) : json;
}

/**
 * The JSON Schema of an object with these properties.
 * @throws ConfigurationError naming the property that has no JSON Schema
 */
export function shapeJsonSchemaOf(
  shape: Readonly<Record<string, StandardSchemaV1>>,
  what: string,
  side: Side,
): JsonSchema {
  const whole = zodShapeJsonSchema(shape, side);
  if (whole !== undefined) return whole;
  const parts = Object.entries(shape).map(([name, schema]) => ({
    name,
    json: jsonSchemaOf(schema, `${what}, property "${name}"`, side),
    required: !acceptsNothing(schema),
  }));
  return mergedSchema(parts);
}

function acceptsNothing(schema: StandardSchemaV1): boolean {
  const result = schema['~standard'].validate(undefined);
  return !(result instanceof Promise) && result.issues === undefined;
}

/** Companions write schemas that are equivalent in 2020-12, but may label them draft 7. */
function inOurDialect(json: JsonSchema): JsonSchema {
  const { $schema: _dialect, ...rest } = json;
  return rest;
}

function converterOf(vendor: string, what: string): Converter {
  const known = converters.get(vendor);
  if (known !== undefined) return known;
  const companion = COMPANIONS[vendor];
  if (companion === undefined) {
    throw new ConfigurationError(
      `${what} is a ${vendor} schema that cannot be written as JSON Schema: use one that implements Standard JSON Schema${
        vendor === 'effect' ? ' (apply Schema.toStandardJSONSchemaV1 to it too)' : ''
      }`,
    );
  }
  const converter = companion.convert(loadCompanion(companion, vendor, what));
  converters.set(vendor, converter);
  return converter;
}

function loadCompanion({ name, load }: Companion, vendor: string, what: string): ConverterModule {
  try {
    return load() as ConverterModule;
  } catch (cause) {
    throw new ConfigurationError(`${what} is a ${vendor} schema; install ${name} so that it can be listed to clients`, {
      cause,
    });
  }
}
