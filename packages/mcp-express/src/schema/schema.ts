import { types } from 'node:util';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { ConfigurationError, kindOf } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import type { JsonSchema } from '../protocol/mcp.js';
import { boundedCheck } from './bounded-check.js';
import {
  type CompiledSchema,
  type ValidationFailure,
  type ValidationResult,
  validationFailure,
} from './compiled-schema.js';
import { compileJsonSchema } from './json-schema.js';
import { jsonSchemaOf, type Side, shapeJsonSchemaOf } from './json-schema-of.js';
import { listedSchema } from './listed-schema.js';
import { describesObject, flatRoot, isUnion, resolvedRoot } from './object-root.js';
import { hasKeyword } from './schema-keywords.js';

/** Standard Schemas by property name, like the raw Zod shape of the official SDK v1. */
export type RawShape = Readonly<Record<string, StandardSchemaV1>>;

/**
 * The schema of an input or output: a Standard Schema (Zod, Valibot, ArkType, ...), a raw shape of Standard Schemas, or
 * plain JSON Schema, which is listed unchanged. Its dialect is 2020-12 unless `$schema` names another.
 */
export type SchemaSource = StandardSchemaV1 | RawShape | JsonSchema;

/** The type of values that match a schema. Unknown for plain JSON Schema. */
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

/** Compiles an optional schema. */
export function compileOptional(
  source: SchemaSource | undefined,
  what: string,
  side: Side,
): CompiledSchema | undefined {
  return source === undefined ? undefined : compileSchema(source, what, side);
}

/**
 * @param what subject of error messages
 * @throws ConfigurationError when the schema is unusable, or an input schema does not describe an object
 */
export function compileSchema(source: SchemaSource, what: string, side: Side): CompiledSchema {
  assertSource(source, what);
  const { json, check } = written(source, what, side);
  const listed = listedSchema(json);
  const isAsGiven = listed['type'] === 'object' && isPlainJsonSchema(source);
  const root = isAsGiven ? listed : resolvedRoot(listed);
  // Outputs may be any JSON value, but inputs are named arguments.
  if (side === 'output') {
    const isTyped = root['type'] !== undefined || !describesObject(root, { document: root, orNull: false });
    return { json: isTyped ? root : { type: 'object', ...root }, check };
  }
  if (!describesObject(root, { document: root, orNull: true })) throw new ConfigurationError(noObject(root, what));
  const isComposed = isUnion(root) || 'allOf' in root;
  const flat = isAsGiven ? root : isComposed ? flatRoot(root) : { ...root, type: 'object' };
  return { json: flat, check: (value) => boundedCheck(value, check), isUnion: isUnion(root) };
}

function written(source: SchemaSource, what: string, side: Side): CompiledSchema {
  if (isStandard(source)) return compileStandard(source, what, side);
  return isRawShape(source) ? compileShape(source, what, side) : compileJsonSchema(source, what);
}

function noObject(root: JsonSchema, what: string): string {
  const how = isUnion(root)
    ? 'Each alternative of a union must be an object: leave out the others, or put the union under a name, as in { value: … }'
    : 'Put the value under a name, as in { value: … }';
  return `${what} must describe an object (its JSON Schema must have "type": "object"), because clients send one. ${how}`;
}

/** Other objects have no properties, and would count as an empty shape. */
function assertSource(source: unknown, what: string): void {
  if (types.isPromise(source) || types.isMap(source) || types.isSet(source)) {
    throw new ConfigurationError(`${what} must be a schema or a shape of schemas; it was given ${kindOf(source)}`);
  }
  if (isEffect(source) || (isObject(source) && Object.values(source).some(isEffect))) {
    throw new ConfigurationError(`${what} must be a Standard Schema: ${EFFECT}`);
  }
  if (!isObject(source) && !isStandard(source)) {
    throw new ConfigurationError(
      `${what} must be a schema: a Standard Schema such as z.object({ … }), a shape of such, or JSON Schema; it is ${kindOf(source)}`,
    );
  }
  if (isStandard(source)) return;
  const parts = Object.entries(source);
  const wrong = parts.find(([, part]) => !isStandard(part));
  if (wrong === undefined || (!parts.some(([, part]) => isStandard(part)) && hasKeyword(source))) return;
  const [name, part] = wrong;
  if (isObject(part)) {
    throw new ConfigurationError(
      `${what} has no keyword of JSON Schema. Its properties belong into "properties": { type: 'object', properties: { ${name}: … } }`,
    );
  }
  throw new ConfigurationError(
    `${what}, property "${name}" must be a Standard Schema, such as z.string(); it is ${kindOf(part)}`,
  );
}

/** Whether a source is JSON Schema, and not a Standard Schema or a raw shape. */
export function isPlainJsonSchema(source: SchemaSource): source is JsonSchema {
  return !isStandard(source) && !isRawShape(source);
}

function isStandard(source: unknown): source is StandardSchemaV1 {
  // ArkType schemas are functions.
  return (isObject(source) || typeof source === 'function') && '~standard' in source;
}

function isRawShape(source: SchemaSource): source is RawShape {
  return Object.values(source).every(isStandard);
}

const EFFECT =
  'of a schema of Effect make one by Schema.toStandardSchemaV1(Schema.toStandardJSONSchemaV1(Schema.Struct({ … })))';

/** Whether a value is an Effect schema that was not converted to a Standard Schema. */
function isEffect(source: unknown): boolean {
  return (isObject(source) || typeof source === 'function') && '~effect/Schema/Schema' in source && !isStandard(source);
}

function compileStandard(schema: StandardSchemaV1, what: string, side: Side): CompiledSchema {
  if (typeof schema['~standard'].validate !== 'function') {
    throw new ConfigurationError(
      `${what} can write JSON Schema, but not check values: its "~standard" has no "validate" (of Effect, apply Schema.toStandardSchemaV1 too)`,
    );
  }
  return {
    json: jsonSchemaOf(schema, what, side),
    check: (value) => {
      const result = schema['~standard'].validate(value);
      return result instanceof Promise ? result.then(checkedOf) : checkedOf(result);
    },
  };
}

/** Converts a result of a Standard Schema. */
export function checkedOf(result: Result): ValidationResult {
  if (result.issues === undefined) return { value: result.value };
  return validationFailure(result.issues, (issue) => ({ path: pathOf(issue), message: issue.message }));
}

function pathOf(issue: StandardSchemaV1.Issue): string {
  return (issue.path ?? []).map((part) => String(isObject(part) ? part['key'] : part)).join('.');
}

type Field = readonly [string, StandardSchemaV1];
type Result = StandardSchemaV1.Result<unknown>;

/** Compiles a raw shape: each property is validated by its own schema. */
function compileShape(shape: RawShape, what: string, side: Side): CompiledSchema {
  const fields = Object.entries(shape);
  return { json: shapeJsonSchemaOf(shape, what, side), check: (value) => checkFields(fields, value) };
}

/** All fields start before any is awaited, so that the time limit covers all synchronous work. */
function checkFields(fields: readonly Field[], value: unknown): ValidationResult | Promise<ValidationResult> {
  if (!isObject(value)) return { issues: [{ path: '', message: 'expected an object' }], more: 0 };
  const results = fields.map(([name, schema]) => {
    const result = schema['~standard'].validate(value[name]);
    // Another field may throw before these promises are awaited.
    if (result instanceof Promise) result.catch(() => {});
    return result;
  });
  return results.some((result) => result instanceof Promise)
    ? Promise.all(results).then((settled) => checkedFields(fields, settled))
    : checkedFields(fields, results as Result[]);
}

function checkedFields(fields: readonly Field[], results: readonly Result[]): ValidationResult {
  const output: Record<string, unknown> = {};
  const found: ValidationFailure[] = [];
  for (const [at, [name]] of fields.entries()) {
    const checked = checkedOf(results[at] as Result);
    if (!('value' in checked)) found.push(within(name, checked));
    else if (checked.value !== undefined) output[name] = checked.value;
  }
  return found.length === 0 ? { value: output } : together(found);
}

function within(name: string, { issues, more }: ValidationFailure): ValidationFailure {
  return { issues: issues.map(({ path, message }) => ({ path: joined(name, path), message })), more };
}

function together(found: readonly ValidationFailure[]): ValidationFailure {
  const all = validationFailure(
    found.flatMap(({ issues }) => issues),
    (fault) => fault,
  );
  return { ...all, more: found.reduce((sum, { more }) => sum + more, all.more) };
}

function joined(name: string, path: string): string {
  return path === '' ? name : `${name}.${path}`;
}
