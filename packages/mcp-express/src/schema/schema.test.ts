import { describe, expect, test } from '@jest/globals';
import { type } from 'arktype';
import * as Schema from 'effect/Schema';
import * as v from 'valibot';
import { z } from 'zod';
import * as mini from 'zod/mini';
import { z as z3 } from 'zod3';
import { effect } from '../../test/support/schema-libraries.js';
import { issuesText } from './compiled-schema.js';
import { compileSchema, type SchemaSource } from './schema.js';

const PROPERTIES = { number: { type: 'string' }, count: { type: 'number' } };

/** The same object in every supported kind of schema: a string, and an optional number. */
const SOURCES: readonly [string, SchemaSource][] = [
  ['Zod 4', z.object({ number: z.string(), count: z.number().optional() })],
  ['zod/mini', mini.object({ number: mini.string(), count: mini.optional(mini.number()) })],
  ['Effect', effect(Schema.Struct({ number: Schema.String, count: Schema.optional(Schema.Number) }))],
  ['Zod 3.25', z3.object({ number: z3.string(), count: z3.number().optional() })],
  ['Valibot', v.object({ number: v.string(), count: v.optional(v.number()) })],
  ['ArkType', type({ number: 'string', 'count?': 'number' })],
  ['a raw shape of Zod 4', { number: z.string(), count: z.number().optional() }],
  ['a raw shape of Zod 3.25', { number: z3.string(), count: z3.number().optional() }],
  ['a raw shape of several libraries', { number: v.string(), count: z.number().optional() }],
  ['plain JSON Schema', { type: 'object', properties: PROPERTIES, required: ['number'] }],
];

async function checked(source: SchemaSource, value: unknown) {
  return compileSchema(source, 'the schema', 'input').check(value);
}

describe('a schema by any library (R39)', () => {
  test.each(SOURCES)('%s is listed as the same JSON Schema', (_name, source) => {
    const { json } = compileSchema(source, 'the schema', 'input');
    expect(json).toMatchObject({ type: 'object', required: ['number'] });
    expect(json['properties']).toMatchObject(PROPERTIES);
  });

  test.each(SOURCES)('%s accepts valid values and passes them on', async (_name, source) => {
    expect(await checked(source, { number: 'A-1', count: 2 })).toEqual({ value: { number: 'A-1', count: 2 } });
    expect(await checked(source, { number: 'A-1' })).toEqual({ value: { number: 'A-1' } });
  });

  test.each(SOURCES)('%s names each invalid field', async (_name, source) => {
    const result = await checked(source, { number: 7, count: 'x' });
    if (!('issues' in result)) throw new Error('it was taken');
    expect(result.issues.map(({ path }) => path).sort()).toEqual(['count', 'number']);
    expect(await checked(source, {})).toHaveProperty('issues');
    expect(await checked(source, 'not an object')).toHaveProperty('issues');
  });

  test('transforms and defaults reach the handler', async () => {
    const source = { day: z.string().transform((text) => new Date(text)), limit: z.number().default(10) };
    const { json, check } = compileSchema(source, 'the schema', 'input');
    expect(json['required']).toEqual(['day']);
    expect(await check({ day: '2026-01-02' })).toEqual({ value: { day: new Date('2026-01-02'), limit: 10 } });
  });

  test('plain JSON Schema is listed unchanged', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      'x-own': { any: 'thing' },
    };
    expect(compileSchema(schema, 'the schema', 'input').json).toBe(schema);
  });

  test('the same JSON Schema may be used twice, with the same $id', () => {
    const schema = () => ({ $id: 'https://example.com/order', type: 'object' });
    compileSchema(schema(), 'one', 'input');
    expect(() => compileSchema(schema(), 'another', 'input')).not.toThrow();
  });

  test('paths of nested issues are readable', async () => {
    const nested = { people: z.array(z.object({ name: z.string() })) };
    const result = await checked(nested, { people: [{ name: 'a' }, { name: 1 }] });
    expect('issues' in result && issuesText(result)).toMatch(/^people\.1\.name: /);
  });
});

describe('an unusable schema fails the registration, and the error names it', () => {
  test.each<[string, SchemaSource, RegExp]>([
    ['not an object', z.string(), /inputSchema of tool "t" must describe an object/],
    ['invalid JSON Schema', { type: 'object', required: 'name' }, /inputSchema of tool "t" is not valid JSON Schema/],
    [
      'a type without a JSON form',
      z.object({ big: z.bigint() }),
      /inputSchema of tool "t": "big" cannot be written as JSON Schema/,
    ],
    [
      'an unknown library',
      { '~standard': { version: 1, vendor: 'unheard-of', validate: (value: unknown) => ({ value }) } } as SchemaSource,
      /unheard-of schema that cannot be written as JSON Schema/,
    ],
  ])('%s', (_name, source, message) => {
    expect(() => compileSchema(source, 'inputSchema of tool "t"', 'input')).toThrow(message);
  });
});
