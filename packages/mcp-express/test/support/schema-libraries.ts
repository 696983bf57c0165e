import { scope, type } from 'arktype';
import * as Schema from 'effect/Schema';
import * as v from 'valibot';
import { z } from 'zod';
import * as mini from 'zod/mini';
import * as z40 from 'zod-4.0';
import { z as z3 } from 'zod3';

/** The schemas of one library by name, each for an object with a field `f`. Unsupported ones are absent. */
export type Row = Readonly<Record<string, () => unknown>>;

/** Wraps a schema of Effect as a Standard Schema with JSON Schema output. */
export const effect = (schema: Schema.Top) =>
  Schema.toStandardSchemaV1(Schema.toStandardJSONSchemaV1(schema as Schema.Decoder<unknown>));

/** The schemas of each library, by the name of the library. */
export function libraries(): Readonly<Record<string, Row>> {
  return {
    'Zod 4': zod(z),
    'Zod 4.0': zod(z40 as unknown as typeof z),
    'Zod mini': zodMini(),
    'Zod 3': zod3(),
    Valibot: valibot(),
    ArkType: arktype(),
    Effect: effects(),
  };
}

function zod(lib: typeof z): Row {
  const f = (schema: z.ZodType) => lib.object({ f: schema });
  return {
    date: () => f(lib.date()),
    bigint: () => f(lib.bigint()),
    map: () => f(lib.map(lib.string(), lib.string())),
    set: () => f(lib.set(lib.string())),
    symbol: () => f(lib.symbol()),
    undefined: () => f(lib.nullable(lib.object({ f: lib.array(lib.undefined()) }))),
    nan: () => f(lib.nan()),
    file: () => f(lib.file()),
    instance: () => f(lib.instanceof(URL)),
    'date or text': () => f(lib.union([lib.string(), lib.date()])),
    'a date in a list': () => f(lib.array(lib.date())),
    'an optional date': () => f(lib.date().optional()),
    'coerced date': () => f(lib.coerce.date()),
    'transformed text': () => f(lib.string().transform((text) => new Date(text))),
    union: () => lib.union([f(lib.string()), lib.object({ g: lib.number() })]),
    tagged: () =>
      lib.discriminatedUnion('k', [
        lib.object({ k: lib.literal('a'), f: lib.string() }),
        lib.object({ k: lib.literal('b'), g: lib.number() }),
      ]),
    both: () => lib.intersection(f(lib.string()), lib.object({ g: lib.number() })),
    'object or text': () => lib.union([f(lib.string()), lib.string()]),
  };
}

function zodMini(): Row {
  const f = (schema: mini.ZodMiniType) => mini.object({ f: schema });
  return {
    date: () => f(mini.date()),
    bigint: () => f(mini.bigint()),
    map: () => f(mini.map(mini.string(), mini.string())),
    set: () => f(mini.set(mini.string())),
    symbol: () => f(mini.symbol()),
    nan: () => f(mini.nan()),
    file: () => f(mini.file()),
    instance: () => f(mini.instanceof(URL)),
    'date or text': () => f(mini.union([mini.string(), mini.date()])),
    'a date in a list': () => f(mini.array(mini.date())),
    'an optional date': () => f(mini.optional(mini.date())),
    'coerced date': () => f(mini.coerce.date()),
    union: () => mini.union([f(mini.string()), mini.object({ g: mini.number() })]),
    both: () => mini.intersection(f(mini.string()), mini.object({ g: mini.number() })),
    'object or text': () => mini.union([f(mini.string()), mini.string()]),
  };
}

function zod3(): Row {
  const f = (schema: z3.ZodType) => z3.object({ f: schema });
  return {
    date: () => f(z3.date()),
    bigint: () => f(z3.bigint()),
    map: () => f(z3.map(z3.string(), z3.string())),
    set: () => f(z3.set(z3.string())),
    symbol: () => f(z3.symbol()),
    nan: () => f(z3.nan()),
    function: () => f(z3.function()),
    instance: () => f(z3.instanceof(URL)),
    'date or text': () => f(z3.union([z3.string(), z3.date()])),
    'bigint or text': () => f(z3.union([z3.string(), z3.bigint()])),
    'a date in a list': () => f(z3.array(z3.date())),
    'an optional date': () => f(z3.date().optional()),
    'coerced date': () => f(z3.coerce.date()),
    'transformed text': () => f(z3.string().transform((text) => new Date(text))),
    union: () => z3.union([f(z3.string()), z3.object({ g: z3.number() })]),
    tagged: () =>
      z3.discriminatedUnion('k', [
        z3.object({ k: z3.literal('a'), f: z3.string() }),
        z3.object({ k: z3.literal('b'), g: z3.number() }),
      ]),
    both: () => f(z3.string()).and(z3.object({ g: z3.number() })),
    'object or text': () => z3.union([f(z3.string()), z3.string()]),
  };
}

function valibot(): Row {
  const f = (schema: v.GenericSchema) => v.object({ f: schema });
  return {
    date: () => f(v.date()),
    bigint: () => f(v.bigint()),
    map: () => f(v.map(v.string(), v.string())),
    set: () => f(v.set(v.string())),
    symbol: () => f(v.symbol()),
    undefined: () => f(v.undefined()),
    nan: () => f(v.nan()),
    file: () => f(v.file()),
    function: () => f(v.function()),
    instance: () => f(v.instance(URL)),
    'date or text': () => f(v.union([v.string(), v.date()])),
    'a date in a list': () => f(v.array(v.date())),
    'an optional date': () => v.object({ f: v.optional(v.date()) }),
    union: () => v.union([f(v.string()), v.object({ g: v.number() })]),
    tagged: () =>
      v.variant('k', [v.object({ k: v.literal('a'), f: v.string() }), v.object({ k: v.literal('b'), g: v.number() })]),
    both: () => v.intersect([f(v.string()), v.object({ g: v.number() })]),
    reference: () => v.lazy(() => f(v.string())),
    'object or text': () => v.union([f(v.string()), v.string()]),
  };
}

function arktype(): Row {
  return {
    date: () => type({ f: 'Date' }),
    bigint: () => type({ f: 'bigint' }),
    map: () => type({ f: 'Map' }),
    set: () => type({ f: 'Set' }),
    symbol: () => type({ f: 'symbol' }),
    undefined: () => type({ f: 'undefined' }),
    nan: () => type({ f: 'number.NaN' }),
    file: () => type({ f: 'File' }),
    function: () => type({ f: 'Function' }),
    instance: () => type({ f: type.instanceOf(URL) }),
    'date or text': () => type({ f: 'Date | string' }),
    'a date in a list': () => type({ f: 'Date[]' }),
    'an optional date': () => type({ 'f?': 'Date' }),
    'transformed text': () => type({ f: 'string.date.parse' }),
    union: () => type({ f: 'string' }).or({ g: 'number' }),
    tagged: () => type({ k: "'a'", f: 'string' }).or({ k: "'b'", g: 'number' }),
    reference: () => scope({ tree: { f: 'string', 'kids?': 'tree[]' } }).export().tree,
    'object or text': () => type({ f: 'string' }).or('string'),
  };
}

function effects(): Row {
  const f = (schema: Schema.Top) => effect(Schema.Struct({ f: schema }));
  class Named extends Schema.Class<Named>('Named')({ f: Schema.String }) {}
  return {
    date: () => f(Schema.Date),
    bigint: () => f(Schema.BigInt),
    map: () => f(Schema.ReadonlyMap(Schema.String, Schema.String)),
    set: () => f(Schema.ReadonlySet(Schema.String)),
    symbol: () => f(Schema.Symbol),
    undefined: () => f(Schema.Undefined),
    file: () => f(Schema.File),
    instance: () => f(Schema.instanceOf(URL)),
    'date or text': () => f(Schema.Union([Schema.Date, Schema.String])),
    'a date in a list': () => f(Schema.Array(Schema.Date)),
    'an optional date': () => f(Schema.optional(Schema.Date)),
    'transformed text': () => f(Schema.DateFromString),
    union: () => effect(Schema.Union([Schema.Struct({ f: Schema.String }), Schema.Struct({ g: Schema.Number })])),
    tagged: () =>
      effect(
        Schema.Union([
          Schema.Struct({ k: Schema.Literal('a'), f: Schema.String }),
          Schema.Struct({ k: Schema.Literal('b'), g: Schema.Number }),
        ]),
      ),
    reference: () => effect(Named),
    'object or text': () => effect(Schema.Union([Schema.Struct({ f: Schema.String }), Schema.String])),
  };
}
