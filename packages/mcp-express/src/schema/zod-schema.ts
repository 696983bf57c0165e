import { join } from 'node:path';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import libraries from '#libraries';
import { ConfigurationError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import type { JsonSchema } from '../protocol/mcp.js';
import { LIBRARY_OPTIONS } from './conversion/library-options.js';
import { withoutUnrepresentable } from './conversion/unrepresentable.js';
import type { Side } from './json-schema-of.js';

interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** The members of every Zod 4 schema, including those of `zod/mini` and of `zod/v4` in Zod 3.25. */
interface ZodSchema extends StandardSchemaV1 {
  readonly _zod: { readonly version?: Version };
  readonly meta?: unknown;
}

/** The required part of `zod/v4/core`. */
interface ZodCore {
  readonly version: Version;
  readonly globalRegistry: { get(schema: unknown): object | undefined };
  readonly $ZodObject: new (definition: object) => ZodSchema;
  toJSONSchema(schema: unknown, options: object): JsonSchema;
}

/**
 * Whether `zod/v4/core` can convert the schema. Not all of these convert themselves: those of Zod before 4.2 and of
 * `zod/mini` do not.
 */
export function isZod4(schema: StandardSchemaV1): schema is ZodSchema {
  return '_zod' in schema && isObject(schema._zod);
}

/**
 * @param what subject of the error message
 * @throws ConfigurationError when zod is not installed
 * @throws the error of zod when the schema has no JSON Schema
 */
export function zodJsonSchema(schema: ZodSchema, what: string, side: Side): JsonSchema {
  const core = coreFor(schema);
  if (core !== undefined) return converted(core, schema, side);
  throw new ConfigurationError(
    `${what} is a Zod 4 schema that cannot write itself as JSON Schema; install zod beside mcp-express`,
  );
}

/** The JSON Schema of `z.object(shape)`. `undefined` when a schema is not Zod 4, or the whole has no JSON Schema. */
export function zodShapeJsonSchema(
  shape: Readonly<Record<string, StandardSchemaV1>>,
  side: Side,
): JsonSchema | undefined {
  const schemas = Object.values(shape);
  const [first] = schemas;
  if (first === undefined || !schemas.every(isZod4)) return undefined;
  const core = coreFor(first as ZodSchema);
  if (core === undefined) return undefined;
  try {
    const { $schema: _dialect, ...json } = converted(core, new core.$ZodObject({ type: 'object', shape }), side);
    return withoutUnrepresentable(json, 'shape');
  } catch {
    // The schemas are then converted one by one, so that the error names the property.
    return undefined;
  }
}

function converted(core: ZodCore, schema: ZodSchema, side: Side): JsonSchema {
  const metadata = { get: (part: unknown) => ownMetadata(part) ?? core.globalRegistry.get(part) };
  return core.toJSONSchema(schema, { target: 'draft-2020-12', io: side, metadata, ...LIBRARY_OPTIONS['zod']?.(side) });
}

/**
 * The schema's own metadata. Before 4.1 each copy of Zod has its own registry, which does not contain descriptions of
 * other copies.
 */
function ownMetadata(schema: unknown): unknown {
  const meta = isObject(schema) || typeof schema === 'function' ? (schema as { meta?: unknown }).meta : undefined;
  return typeof meta === 'function' ? meta.call(schema) : undefined;
}

/** Locations of zod, in order: the program, the working directory, and this package or its bundle. */
function loaders(): readonly (() => unknown)[] {
  const program = process.argv[1];
  const places = [...(program === undefined ? [] : [program]), join(process.cwd(), 'package.json')];
  // `createRequire` is looked up at run time, because bundlers would resolve its argument themselves.
  const { createRequire } = process.getBuiltinModule('node:module');
  return [...places.map((place) => () => createRequire(place)('zod/v4/core') as unknown), libraries.zodCore];
}

let cores: readonly ZodCore[] | undefined;

/** The core of the schema's own version, or the newest: an older core omits constraints of newer schemas. */
function coreFor({ _zod: { version } }: ZodSchema): ZodCore | undefined {
  cores ??= loaders()
    .flatMap(coreFrom)
    .sort((one, other) => compared(other.version, one.version));
  return cores.find((core) => version !== undefined && compared(core.version, version) === 0) ?? cores[0];
}

function coreFrom(load: () => unknown): ZodCore[] {
  try {
    return [load() as ZodCore];
  } catch {
    return [];
  }
}

function compared(one: Version, other: Version): number {
  return one.major - other.major || one.minor - other.minor || one.patch - other.patch;
}
