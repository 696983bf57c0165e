import type { StandardSchemaV1 } from '@standard-schema/spec';
import { isObject } from '../protocol/json-rpc.js';

type CanWrite = (part: StandardSchemaV1) => boolean;

/**
 * The path of the part of a schema that has no JSON Schema, such as `orders[].date`. Empty for the schema itself, or if
 * the library does not expose its parts. Zod and Valibot do.
 * @param canWrite whether a schema has a JSON Schema
 */
export function unrepresentablePart(schema: StandardSchemaV1, canWrite: CanWrite): string {
  return (pathTo(schema, canWrite, new Set()) ?? []).reduce(
    (path, step) => (path === '' || step.startsWith('[') ? path + step : `${path}.${step}`),
    '',
  );
}

/**
 * The path to the first part that has no JSON Schema although all its own parts have one. `undefined` if there is none
 * below `schema`.
 */
function pathTo(schema: StandardSchemaV1, canWrite: CanWrite, seen: Set<unknown>): readonly string[] | undefined {
  seen.add(schema);
  const unwritable = partsOf(schema).filter((part) => !canWrite(part.schema));
  for (const part of unwritable) {
    const rest = seen.has(part.schema) ? undefined : pathTo(part.schema, canWrite, seen);
    if (rest !== undefined) return part.step === '' ? rest : [part.step, ...rest];
  }
  return unwritable.length === 0 ? [] : undefined;
}

interface Part {
  /** A property name, `[]` for elements, or empty for the value itself. */
  readonly step: string;
  readonly schema: StandardSchemaV1;
}

/** Members of definitions that describe the elements of arrays, sets and records. */
const ELEMENTS: ReadonlySet<string> = new Set(['element', 'item', 'items', 'rest', 'valueType', 'value']);

/** Members of Zod definitions that are functions: shapes of Zod 3, and the targets of recursive schemas. */
const LATE: ReadonlySet<string> = new Set(['shape', 'getter']);

function partsOf(schema: StandardSchemaV1): readonly Part[] {
  return Object.entries(definitionOf(schema)).flatMap(([member, given]) => {
    const step = ELEMENTS.has(member) ? '[]' : '';
    const value: unknown = LATE.has(member) && typeof given === 'function' ? given() : given;
    if (isSchema(value)) return [{ step, schema: value }];
    if (Array.isArray(value)) return value.filter(isSchema).map((each) => ({ step, schema: each }));
    return Object.entries(isObject(value) ? value : {}).flatMap(([name, each]) =>
      isSchema(each) ? [{ step: name, schema: each }] : [],
    );
  });
}

/** The definition object of Zod 4 and Zod 3. Valibot schemas are their own definitions. */
function definitionOf(schema: object): object {
  const { _zod, _def } = schema as { readonly _zod?: { readonly def?: unknown }; readonly _def?: unknown };
  const definition = _zod?.def ?? _def ?? schema;
  return isObject(definition) ? definition : {};
}

function isSchema(value: unknown): value is StandardSchemaV1 {
  return isObject(value) && '~standard' in value;
}
