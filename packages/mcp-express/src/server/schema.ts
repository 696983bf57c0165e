import type { StandardSchemaV1 } from '@standard-schema/spec';
import { ConfigurationError, kindOf } from '../ground/errors.js';
import { isObject } from '../ground/json-rpc.js';
import type { JsonSchema } from '../ground/mcp.js';
import { boundedCheck } from './bounded-check.js';
import { type Checked, type CompiledSchema, type Invalid, invalid } from './compiled-schema.js';
import { compileJsonSchema } from './json-schema.js';
import { jsonSchemaOf, type Side, shapeJsonSchemaOf } from './json-schema-of.js';
import { listedSchema } from './listed-schema.js';

/** Properties by name, each a Standard Schema: the raw Zod shape of the official SDK v1. */
export type RawShape = Readonly<Record<string, StandardSchemaV1>>;

/**
 * How a tool describes what it takes or gives: a Standard Schema (Zod, Valibot, ArkType, ...), a raw shape of such, or
 * plain JSON Schema, of 2020-12 or of the dialect that its `$schema` names, which is listed to clients as given.
 */
export type SchemaSource = StandardSchemaV1 | RawShape | JsonSchema;

/** The value a handler gets for a schema. Plain JSON Schema says nothing to the compiler. */
export type Infer<S> = S extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<S>
  : S extends RawShape
    ? InferShape<S>
    : Record<string, unknown>;

type OptionalKeys<S extends RawShape> = {
  [K in keyof S]: undefined extends StandardSchemaV1.InferOutput<S[K]> ? K : never;
}[keyof S];

type InferShape<S extends RawShape> = {
  [K in Exclude<keyof S, OptionalKeys<S>>]: StandardSchemaV1.InferOutput<S[K]>;
} & { [K in OptionalKeys<S>]?: StandardSchemaV1.InferOutput<S[K]> };

/** The same where there need not be one. */
export function compileOptional(
  source: SchemaSource | undefined,
  what: string,
  side: Side,
): CompiledSchema | undefined {
  return source === undefined ? undefined : compileSchema(source, what, side);
}

/** @throws ConfigurationError naming `what` when the schema cannot be used, or describes an input that is no object. */
export function compileSchema(source: SchemaSource, what: string, side: Side): CompiledSchema {
  assertSource(source, what);
  const written = isStandard(source)
    ? compileStandard(source, what, side)
    : isRawShape(source)
      ? compileShape(source, what, side)
      : compileJsonSchema(source as JsonSchema, what);
  const compiled = { ...written, json: listedSchema(written.json) };
  // What a tool gives may be any JSON value; what it takes has names.
  if (side === 'output') return compiled;
  if (compiled.json['type'] === 'object') return { ...compiled, check: (value) => boundedCheck(value, compiled.check) };
  throw new ConfigurationError(`${what} must describe an object (its JSON Schema must have "type": "object")`);
}

/** Anything else has no properties, and would be taken for a shape without any. */
function assertSource(source: unknown, what: string): void {
  if (!isObject(source) && !isStandard(source)) {
    throw new ConfigurationError(
      `${what} must be a schema: a Standard Schema such as z.object({ … }), a shape of such, or JSON Schema; it is ${kindOf(source)}`,
    );
  }
  if (isStandard(source)) return;
  const parts = Object.entries(source);
  const wrong = parts.some(([, part]) => isStandard(part)) ? parts.find(([, part]) => !isStandard(part)) : undefined;
  if (wrong === undefined) return;
  throw new ConfigurationError(`${what}, property "${wrong[0]}" must be a Standard Schema; it is ${kindOf(wrong[1])}`);
}

export function isPlainJsonSchema(source: SchemaSource): source is JsonSchema {
  return !isStandard(source) && !isRawShape(source);
}

function isStandard(source: unknown): source is StandardSchemaV1 {
  // ArkType's schemas are functions.
  return (isObject(source) || typeof source === 'function') && '~standard' in source;
}

function isRawShape(source: SchemaSource): source is RawShape {
  return Object.values(source).every(isStandard);
}

function compileStandard(schema: StandardSchemaV1, what: string, side: Side): CompiledSchema {
  const json = jsonSchemaOf(schema, what, side);
  return {
    json: json['type'] === undefined && 'properties' in json ? { type: 'object', ...json } : json,
    check: (value) => {
      const result = schema['~standard'].validate(value);
      return result instanceof Promise ? result.then(checkedOf) : checkedOf(result);
    },
  };
}

export function checkedOf(result: Result): Checked {
  if (result.issues === undefined) return { value: result.value };
  return invalid(result.issues, (issue) => ({ path: pathOf(issue), message: issue.message }));
}

function pathOf(issue: StandardSchemaV1.Issue): string {
  return (issue.path ?? []).map((part) => String(isObject(part) ? part['key'] : part)).join('.');
}

type Field = readonly [string, StandardSchemaV1];
type Result = StandardSchemaV1.Result<unknown>;

/** A raw shape is an object schema without a vendor: each property is checked by its own schema. */
function compileShape(shape: RawShape, what: string, side: Side): CompiledSchema {
  const fields = Object.entries(shape);
  return { json: shapeJsonSchemaOf(shape, what, side), check: (value) => checkFields(fields, value) };
}

/** All fields at once, and not one after the other: what is synchronous can be stopped when it takes too long. */
function checkFields(fields: readonly Field[], value: unknown): Checked | Promise<Checked> {
  if (!isObject(value)) return { faults: [{ path: '', message: 'expected an object' }], more: 0 };
  const results = fields.map(([name, schema]) => {
    const result = schema['~standard'].validate(value[name]);
    // Another field may throw before these are waited for.
    if (result instanceof Promise) result.catch(() => {});
    return result;
  });
  return results.some((result) => result instanceof Promise)
    ? Promise.all(results).then((settled) => checkedFields(fields, settled))
    : checkedFields(fields, results as Result[]);
}

function checkedFields(fields: readonly Field[], results: readonly Result[]): Checked {
  const output: Record<string, unknown> = {};
  const found: Invalid[] = [];
  for (const [at, [name]] of fields.entries()) {
    const checked = checkedOf(results[at] as Result);
    if (!('value' in checked)) found.push(within(name, checked));
    else if (checked.value !== undefined) output[name] = checked.value;
  }
  return found.length === 0 ? { value: output } : together(found);
}

function within(name: string, { faults, more }: Invalid): Invalid {
  return { faults: faults.map(({ path, message }) => ({ path: joined(name, path), message })), more };
}

function together(found: readonly Invalid[]): Invalid {
  const all = invalid(
    found.flatMap(({ faults }) => faults),
    (fault) => fault,
  );
  return { ...all, more: found.reduce((sum, { more }) => sum + more, all.more) };
}

function joined(name: string, path: string): string {
  return path === '' ? name : `${name}.${path}`;
}
