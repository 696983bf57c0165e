import { join } from 'node:path';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import libraries from '#libraries';
import { ConfigurationError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import type { JsonSchema } from '../protocol/mcp.js';
import { LIBRARY_OPTIONS } from './conversion/library-options.js';
import { withoutNoJson } from './conversion/no-json.js';
import type { Side } from './json-schema-of.js';

interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** What every schema of Zod 4 has, also those of `zod/mini` and of `zod/v4` in Zod 3.25. */
interface ZodSchema extends StandardSchemaV1 {
  readonly _zod: { readonly version?: Version };
  readonly meta?: unknown;
}

/** What is needed of `zod/v4/core`. */
interface ZodCore {
  readonly version: Version;
  readonly globalRegistry: { get(schema: unknown): object | undefined };
  readonly $ZodObject: new (definition: object) => ZodSchema;
  toJSONSchema(schema: unknown, options: object): JsonSchema;
}

/**
 * Whether `zod/v4/core` can write it. Not all of these write themselves: those of Zod before 4.2 and of `zod/mini` do not.
 */
export function isZod4(schema: StandardSchemaV1): schema is ZodSchema {
  return '_zod' in schema && isObject(schema._zod);
}

/** @throws ConfigurationError naming `what` when no zod is installed; what zod throws when there is no JSON Schema for it. */
export function zodJsonSchema(schema: ZodSchema, what: string, side: Side): JsonSchema {
  const core = coreFor(schema);
  if (core !== undefined) return converted(core, schema, side);
  throw new ConfigurationError(
    `${what} is a Zod 4 schema that cannot write itself as JSON Schema; install zod beside mcp-express`,
  );
}

/** What `z.object(shape)` gives. `undefined` when the shape is not of Zod 4 alone, or cannot be written as a whole. */
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
    return withoutNoJson(json, 'shape');
  } catch {
    // Written one by one, the property that cannot be written is named.
    return undefined;
  }
}

function converted(core: ZodCore, schema: ZodSchema, side: Side): JsonSchema {
  const metadata = { get: (part: unknown) => ownMetadata(part) ?? core.globalRegistry.get(part) };
  return core.toJSONSchema(schema, { target: 'draft-2020-12', io: side, metadata, ...LIBRARY_OPTIONS['zod']?.(side) });
}

/** Before 4.1, each copy of Zod has a registry of its own, where that of another copy finds no description. */
function ownMetadata(schema: unknown): unknown {
  const meta = isObject(schema) || typeof schema === 'function' ? (schema as { meta?: unknown }).meta : undefined;
  return typeof meta === 'function' ? meta.call(schema) : undefined;
}

/** Where zod is looked for: where the program is, where it was started, and beside this package or in its bundle. */
function loaders(): readonly (() => unknown)[] {
  const program = process.argv[1];
  const places = [...(program === undefined ? [] : [program]), join(process.cwd(), 'package.json')];
  // Not imported: bundlers that see the call take the place for one of theirs.
  const { createRequire } = process.getBuiltinModule('node:module');
  return [...places.map((place) => () => createRequire(place)('zod/v4/core') as unknown), libraries.zodCore];
}

let cores: readonly ZodCore[] | undefined;

/** That of the version of the schema, or else the newest: what an older Zod writes of a newer one's schemas lacks bounds. */
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
