import type { StandardSchemaV1 } from '@standard-schema/spec';
import { isObject } from '../protocol/json-rpc.js';

type CanWrite = (part: StandardSchemaV1) => boolean;

/**
 * Where in a schema the part is that has no JSON Schema, such as `orders[].date`; empty for the schema itself, or where
 * the library does not show its parts. Zod and Valibot do.
 *
 * @param canWrite whether a schema can be written as JSON Schema.
 */
export function unwritablePart(schema: StandardSchemaV1, canWrite: CanWrite): string {
  return (pathTo(schema, canWrite, new Set()) ?? []).reduce(
    (path, step) => (path === '' || step.startsWith('[') ? path + step : `${path}.${step}`),
    '',
  );
}

/** The steps to the first part that cannot be written although all parts of it can; `undefined` when that is elsewhere. */
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
  /** How values are reached in a value of the whole: a name, `[]` for elements, nothing for the value itself. */
  readonly step: string;
  readonly schema: StandardSchemaV1;
}

/** Members of the definitions of lists, sets and records that describe their elements. */
const ELEMENTS: ReadonlySet<string> = new Set(['element', 'item', 'items', 'rest', 'valueType', 'value']);

/** Members that Zod has functions in: shapes of Zod 3, and what a recursive schema stands for. */
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

/** That of Zod 4, of Zod 3, and of Valibot, whose schemas are their own. */
function definitionOf(schema: object): object {
  const { _zod, _def } = schema as { readonly _zod?: { readonly def?: unknown }; readonly _def?: unknown };
  const definition = _zod?.def ?? _def ?? schema;
  return isObject(definition) ? definition : {};
}

function isSchema(value: unknown): value is StandardSchemaV1 {
  return isObject(value) && '~standard' in value;
}
