import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type } from 'arktype';
import * as Schema from 'effect/Schema';
import * as v from 'valibot';
import { z } from 'zod';
import { z as z3 } from 'zod3';
import { effect, libraries, type Row } from '../../test/support/schema-libraries.js';
import { ConfigurationError } from '../protocol/errors.js';
import { compileSchema, type SchemaSource } from './schema.js';

/** Each row has either the error of the registration, or values that the tool accepts and refuses. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  date: /"f" cannot be written as JSON Schema: JSON has no dates: take a string, such as \S/,
  bigint: /"f" .*JSON has no BigInt/,
  map: /"f" .*JSON has no (?:Readonly)?Map/,
  set: /"f" .*JSON has no (?:Readonly)?Set/,
  symbol: /"f" .*JSON has no symbol/,
  undefined: /"f(?:\.f\[\])?" .*JSON has no undefined\. Make the property optional/,
  nan: /"f" .*JSON has no NaN/,
  file: /"f" .*JSON has no File/,
  function: /"f" .*JSON has no [fF]unction/,
  instance: /"f" .*JSON has no (?:URL|instance of a class)/,
  'a date in a list': /"f\[\]" .*JSON has no dates/,
  'an optional date': /"f" .*JSON has no dates/,
  'object or text': /must describe an object.*Each alternative of a union must be an object/,
};

const TAGGED = { type: 'object', properties: { k: { enum: ['a', 'b'] } }, required: ['k'] };

const SERVED: Readonly<Record<string, { good: readonly object[]; bad: readonly object[]; listed: object }>> = {
  'date or text': { good: [{ f: 'x' }], bad: [{ f: 1 }], listed: { properties: { f: { type: 'string' } } } },
  'bigint or text': { good: [{ f: 'x' }], bad: [{ f: 1 }], listed: { properties: { f: { type: 'string' } } } },
  'coerced date': { good: [{ f: '2026-11-30T12:00:00Z' }], bad: [{ f: {} }], listed: {} },
  'transformed text': {
    good: [{ f: '2026-11-30T12:00:00.000Z' }],
    bad: [{ f: 1 }],
    listed: { properties: { f: { type: 'string' } } },
  },
  union: {
    good: [{ f: 'x' }, { g: 1 }],
    bad: [{ f: 1 }, { g: 'x' }],
    listed: { properties: { f: { type: 'string' }, g: { type: 'number' } } },
  },
  tagged: {
    good: [
      { k: 'a', f: 'x' },
      { k: 'b', g: 1 },
    ],
    bad: [{ k: 'c' }, { f: 'x' }],
    listed: TAGGED,
  },
  both: { good: [{ f: 'x', g: 1 }], bad: [{ f: 'x' }, { g: 1 }], listed: { required: ['f', 'g'] } },
  reference: { good: [{ f: 'x' }], bad: [{ f: 1 }, {}], listed: { properties: { f: { type: 'string' } } } },
};

const CASES = Object.entries(libraries()).flatMap(([library, row]) =>
  Object.entries(row).map(([name, schema]) => [library, name, schema] as const),
);

const input = (schema: unknown) => compileSchema(schema as SchemaSource, 'inputSchema of tool "t"', 'input');

describe('each schema of each library works, or is refused with an explanation (R39)', () => {
  test.each(CASES.filter(([, name]) => name in REFUSED))('%s: %s is refused', (_library, name, schema) => {
    expect(() => input(schema())).toThrow(ConfigurationError);
    expect(() => input(schema())).toThrow(REFUSED[name]);
    expect(() => input(schema())).toThrow(/^inputSchema of tool "t"/);
  });

  test.each(CASES.filter(([, name]) => name in SERVED))('%s: %s is served', async (_library, name, schema) => {
    const { json, check } = input(schema());
    const { good = [], bad = [], listed = {} } = SERVED[name] ?? {};
    expect(json).toMatchObject({ type: 'object', ...listed });
    for (const keyword of ['$ref', 'anyOf', 'oneOf', 'allOf']) expect(json).not.toHaveProperty(keyword);
    const client = new Ajv2020({ strict: false, formats: { 'date-time': true } }).compile(json);
    for (const value of good) {
      expect([client(value), 'value' in (await check(value))]).toEqual([true, true]);
    }
    // The library's validator also enforces rules that clients cannot see.
    for (const value of bad) expect('issues' in (await check(value))).toBe(true);
  });

  test('every row is either served or refused', () => {
    expect(CASES.filter(([, name]) => !(name in REFUSED) && !(name in SERVED))).toEqual([]);
  });
});

test.each([
  [
    'Zod 4',
    z.object({ due: z.date() }),
    'z.iso.datetime(), and convert it in the schema or the handler, or take z.coerce.date()',
  ],
  ['a default', z.object({ due: z.date().default(() => new Date()) }), 'z.iso.datetime()'],
  ['a shape', { due: z.date().optional() }, 'z.iso.datetime()'],
  ['Zod 3', z3.object({ due: z3.date() }), 'z.string().datetime(), and convert it'],
  ['Valibot', v.object({ due: v.date() }), 'v.pipe(v.string(), v.isoTimestamp())'],
  ['ArkType', type({ due: 'Date' }), '"string.date.iso", or "string.date.iso.parse"'],
  ['Effect', effect(Schema.Struct({ due: Schema.Date })), 'Schema.String'],
])('the advice for a date is in the words of its library: %s', (_library, schema, words) => {
  expect(() => input(schema)).toThrow(`JSON has no dates: take a string, such as ${words}`);
  expect(() => input(schema)).toThrow('"due"');
});

test.each<[string, unknown, object, object]>([
  ['"string.date.iso" of ArkType', type({ due: 'string.date.iso' }), { due: '2026-11-30T12:00:00Z' }, { due: 'x' }],
  ['"string.date.iso.parse" of ArkType', type({ due: 'string.date.iso.parse' }), { due: '2026-11-30' }, { due: 'x' }],
  [
    'isoTimestamp of Valibot',
    v.object({ due: v.pipe(v.string(), v.isoTimestamp()) }),
    { due: '2026-11-30T12:00:00.000Z' },
    { due: 'x' },
  ],
])('and works: %s', async (_what, schema, good, bad) => {
  const { check } = input(schema);
  expect(await check(good)).toHaveProperty('value');
  expect(await check(bad)).toHaveProperty('issues');
});

test('what nothing matches is listed as a schema that says so', () => {
  expect(input(type({ a: 'string', 'b?': 'never' })).json['properties']).toEqual({
    a: { type: 'string' },
    b: { not: {} },
  });
});

describe('a date in the output of a tool is a string in JSON', () => {
  test.each(CASES.filter(([, name]) => name === 'date'))('%s', async (_library, _name, schema) => {
    const { json, check } = compileSchema(schema() as SchemaSource, 'outputSchema', 'output');
    expect(json).toMatchObject({ properties: { f: { type: 'string', format: 'date-time' } } });
    expect('value' in (await check({ f: new Date(0) }))).toBe(true);
  });
});

describe('values that Effect lists for its codec but its validator refuses are not listed', () => {
  const number = { type: 'number' };
  test.each<[string, Schema.Top, object]>([
    ['NaN', Schema.Number, number],
    ['null for a property that may be left out', Schema.optional(Schema.String), { type: 'string' }],
    ['both', Schema.UndefinedOr(Schema.Number), number],
    ['both beside null', Schema.optional(Schema.NullOr(Schema.Number)), { anyOf: [number, { type: 'null' }] }],
    ['NaN in a list', Schema.Array(Schema.Number), { type: 'array', items: number }],
    ['NaN in a record', Schema.Record(Schema.String, Schema.Number), { type: 'object', additionalProperties: number }],
  ])('%s', (_name, schema, listed) => {
    expect(input(effect(Schema.Struct({ f: schema }))).json['properties']).toEqual({ f: listed });
  });

  test.each<[string, unknown, RegExp]>([
    ['as it is', Schema.Struct({ f: Schema.String }), /Schema\.toStandardSchemaV1\(Schema\.toStandardJSONSchemaV1/],
    ['as a raw shape', { f: Schema.String }, /Schema\.toStandardSchemaV1\(Schema\.toStandardJSONSchemaV1/],
    ['with one half', Schema.toStandardSchemaV1(Schema.Struct({ f: Schema.String })), /apply .*toStandardJSONSchemaV1/],
    [
      'with the other',
      Schema.toStandardJSONSchemaV1(Schema.Struct({ f: Schema.String })),
      /apply .*toStandardSchemaV1/,
    ],
    ['a function', () => 'no schema', /must be a schema: .*it is a function/],
  ])('a schema %s is refused with instructions', (_name, schema, message) => {
    expect(() => input(schema)).toThrow(message);
  });
});

describe('a root that is not an object itself', () => {
  test('its description names the alternatives', () => {
    const shape = z
      .discriminatedUnion('k', [
        z.object({ k: z.literal('a'), f: z.string() }),
        z.union([z.object({ k: z.literal('b'), g: z.number().optional() }), z.object({ k: z.literal('c') })]) as never,
      ])
      .describe('A shape');
    expect(input(shape).json['description']).toBe('A shape\nOne of: { k: "a", f } or { k: "b", g? } or { k: "c" }');
  });

  test('a property of two types keeps both', () => {
    const json = input(z.union([z.object({ f: z.string() }), z.object({ f: z.number(), g: z.string() })])).json;
    expect(json).toMatchObject({
      properties: { f: { anyOf: [{ type: 'string' }, { type: 'number' }] } },
      required: ['f'],
    });
  });

  test.each<[string, object, object]>([
    ['a reference', { $ref: '#/$defs/x', $defs: { x: { type: 'object', required: ['f'] } } }, { required: ['f'] }],
    ['a union', { anyOf: [{ properties: { f: { type: 'string' } } }, { type: 'null' }] }, { properties: { f: {} } }],
    ['no type', { properties: { f: { type: 'string' } } }, { properties: { f: { type: 'string' } } }],
    ['object or null', { type: ['object', 'null'], required: ['f'] }, { required: ['f'] }],
  ])('plain JSON Schema: %s', (_name, schema, listed) => {
    expect(input(schema).json).toMatchObject({ type: 'object', ...listed });
  });

  test('a reference into an alternative still resolves', async () => {
    const named = { type: 'object', properties: { f: { $ref: '#/anyOf/1/properties/g' } }, required: ['f'] };
    const other = { type: 'object', properties: { g: { type: 'string', maxLength: 3 } }, required: ['g'] };
    const { json, check } = input({ anyOf: [named, other] });
    const client = new Ajv2020({ strict: false }).compile(json);
    expect([client({ f: 'abc' }), client({ f: 'abcd' })]).toEqual([true, false]);
    expect(['value' in (await check({ f: 'abc' })), 'value' in (await check({ f: 'abcd' }))]).toEqual([true, false]);
  });

  test('plain JSON Schema with the type object is never changed', () => {
    const schema = { type: 'object', properties: { f: {} }, anyOf: [{ required: ['f'] }] };
    expect(input(schema).json).toBe(schema);
  });

  test('an output schema keeps its alternatives, and has a type if all of them are objects', () => {
    const output = (schema: unknown) => compileSchema(schema as SchemaSource, 'outputSchema', 'output').json;
    const row = libraries()['Effect'] as Row;
    expect(output(row['union']?.())).toMatchObject({ type: 'object', anyOf: [{}, {}] });
    expect(output(row['reference']?.())).toMatchObject({ type: 'object', required: ['f'] });
    expect(output(z.object({ f: z.string() }).nullable())).not.toHaveProperty('type');
    expect(output(z.union([z.object({}), z.string()]))).not.toHaveProperty('type');
  });
});

describe('Valibot actions that JSON Schema cannot express are left out', () => {
  test.each([
    ['trim', v.pipe(v.string(), v.trim(), v.minLength(1)), { type: 'string', minLength: 1 }],
    ['toLowerCase', v.pipe(v.string(), v.toLowerCase()), { type: 'string' }],
    [
      'check',
      v.pipe(
        v.number(),
        v.check((n) => n > 1),
      ),
      { type: 'number' },
    ],
    ['brand and readonly', v.pipe(v.string(), v.brand('Id'), v.readonly()), { type: 'string' }],
    ['a transform of the input', v.pipe(v.string(), v.transform(Number)), { type: 'string' }],
  ])('%s', (_what, schema, listed) => {
    const { json } = compileSchema(v.object({ a: schema }) as SchemaSource, 'x', 'input');
    expect(json).toMatchObject({ properties: { a: listed } });
  });

  test('the output of a transform is unknown', () => {
    const schema = v.object({ a: v.pipe(v.string(), v.transform(Number)) });
    expect(() => compileSchema(schema as SchemaSource, 'x', 'output')).toThrow(ConfigurationError);
  });
});

describe('alternatives that JSON can match are kept', () => {
  const json = (schema: unknown, side: 'input' | 'output' = 'input') =>
    compileSchema(schema as SchemaSource, 'x', side).json;

  test('an alternative with a date in it is left out', () => {
    const schema = z.object({ v: z.union([z.object({ d: z.date() }), z.object({ s: z.string() })]) });
    expect(json(schema)).toMatchObject({ properties: { v: { properties: { s: { type: 'string' } } } } });
    expect(JSON.stringify(json(schema))).not.toContain('"d"');
  });

  test('without any remaining alternative, the error names the first property', () => {
    const schema = z.object({ v: z.union([z.object({ d: z.date() }), z.object({ b: z.bigint() })]) });
    expect(() => json(schema)).toThrow(/x: "v\.d" cannot be written as JSON Schema: JSON has no dates/);
  });

  test('a date that a preprocess step creates from the input', () => {
    const schema = z.object({ when: z.preprocess((value) => new Date(String(value)), z.date()) });
    expect(json(schema)).toMatchObject({ properties: { when: {} } });
  });
});
