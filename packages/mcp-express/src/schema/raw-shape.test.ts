import { describe, expect, test } from '@jest/globals';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as v from 'valibot';
import { z } from 'zod';
import * as mini from 'zod/mini';
import * as z40 from 'zod-4.0';
import { jsonSchemaOf } from './json-schema-of.js';
import { mergedSchema } from './merged-schema.js';
import { compileSchema, type RawShape } from './schema.js';

const A = z.object({
  name: z.string(),
  get kids() {
    return z.array(A);
  },
});
const B = z.object({
  count: z.number(),
  get next() {
    return z.optional(B);
  },
});
const OldA = z40.object({
  name: z40.string(),
  get kids() {
    return z40.array(OldA);
  },
});
const MiniA = mini.object({
  name: mini.string(),
  get kids() {
    return mini.array(MiniA);
  },
});

interface Tree {
  readonly name: string;
  readonly kids: Tree[];
}
const valibotTree: v.GenericSchema<Tree> = v.object({ name: v.string(), kids: v.array(v.lazy(() => valibotTree)) });
interface Chain {
  readonly count: number;
  readonly next?: Chain | undefined;
}
const valibotChain: v.GenericSchema<Chain> = v.object({
  count: v.number(),
  next: v.optional(v.lazy(() => valibotChain)),
});

const named = z.object({ x: z.string() }).meta({ id: 'Point' });
const otherwiseNamed = z40.object({ y: z40.number() }).meta({ id: 'Point' });

const TREE = { name: 'a', kids: [{ name: 'b', kids: [] }] };
const NO_TREE = { name: 'a', kids: [{ name: 1, kids: [] }] };
const CHAIN = { count: 1, next: { count: 2 } };
const NO_CHAIN = { count: 1, next: { count: 'two' } };

/** A shape, a value that it accepts, and values that it does not. */
const SHAPES: readonly [string, RawShape, object, object[]][] = [
  [
    'two lists of recursive schemas',
    { a: z.array(A), b: z.array(B) },
    { a: [TREE], b: [CHAIN] },
    [
      { a: [NO_TREE], b: [] },
      { a: [], b: [NO_CHAIN] },
    ],
  ],
  ['a recursive property', { tree: A }, { tree: TREE }, [{ tree: NO_TREE }]],
  ['the same schema twice', { a: A, b: A }, { a: TREE, b: TREE }, [{ a: TREE, b: NO_TREE }]],
  ['Zod 4.0', { tree: OldA }, { tree: TREE }, [{ tree: NO_TREE }]],
  ['zod/mini', { tree: MiniA }, { tree: TREE }, [{ tree: NO_TREE }]],
  [
    'Valibot, which numbers its definitions',
    { a: v.array(valibotTree), 'b/~ c%': v.array(valibotChain) },
    { a: [TREE], 'b/~ c%': [CHAIN] },
    [
      { a: [NO_TREE], 'b/~ c%': [] },
      { a: [], 'b/~ c%': [NO_CHAIN] },
    ],
  ],
  [
    'several libraries',
    { a: A, 'b/~ c%': B, old: OldA, v: valibotTree },
    { a: TREE, 'b/~ c%': CHAIN, old: TREE, v: TREE },
    [
      { a: NO_TREE, 'b/~ c%': CHAIN, old: TREE, v: TREE },
      { a: TREE, 'b/~ c%': NO_CHAIN, old: TREE, v: TREE },
      { a: TREE, 'b/~ c%': CHAIN, old: NO_TREE, v: TREE },
      { a: TREE, 'b/~ c%': CHAIN, old: TREE, v: NO_TREE },
    ],
  ],
  [
    'different schemas with the same id',
    { one: named, other: otherwiseNamed, v: v.string() },
    { one: { x: 'x' }, other: { y: 1 }, v: '' },
    [
      { one: { y: 1 }, other: { y: 1 }, v: '' },
      { one: { x: 'x' }, other: { x: 'x' }, v: '' },
    ],
  ],
];

describe('a raw shape with references (R39)', () => {
  test.each(SHAPES)('%s: clients and the server accept the same values', async (_name, shape, good, bad) => {
    const { json, check } = compileSchema(shape, 'inputSchema', 'input');
    const listed = new Ajv2020({ strict: false }).compile(json);
    expect([listed(good), 'value' in (await check(good))]).toEqual([true, true]);
    for (const value of bad) expect([listed(value), 'value' in (await check(value))]).toEqual([false, false]);
  });

  test.each(['input', 'output'] as const)('of Zod is listed like z.object (%s)', (side) => {
    const shape = { a: z.array(A), b: B.optional(), named, limit: z.number().default(3), any: z.any() };
    const { $schema: _dialect, ...whole } = compileSchema(z.object(shape), 'whole', side).json;
    expect(compileSchema(shape, 'shape', side).json).toEqual(whole);
  });

  test('an error names the property without a JSON Schema', () => {
    expect(() => compileSchema({ ok: z.string(), big: z.bigint() }, 'inputSchema of tool "t"', 'input')).toThrow(
      /inputSchema of tool "t", property "big" cannot be written as JSON Schema/,
    );
  });

  test('data that looks like a reference and documents with an identifier are not changed', () => {
    const json = { type: 'object', default: { $ref: '#' }, properties: { $ref: { type: 'string' } } };
    const own = { $id: 'https://example.com/own', $defs: { x: {} }, $ref: '#/$defs/x' };
    const merged = mergedSchema([
      { name: 'a', json, required: false },
      { name: 'own', json: own, required: false },
    ]);
    expect(merged).toEqual({ type: 'object', properties: { a: json, own } });
  });

  test('separately written parts are merged into an equivalent schema', () => {
    const parts = Object.entries({ a: z.array(A), b: z.array(B) }).map(([name, schema]) => ({
      name,
      json: jsonSchemaOf(schema as StandardSchemaV1, name, 'input'),
      required: true,
    }));
    const listed = new Ajv2020({ strict: false }).compile(mergedSchema(parts));
    expect(listed({ a: [TREE], b: [CHAIN] })).toBe(true);
    expect(listed({ a: [NO_TREE], b: [CHAIN] })).toBe(false);
    expect(listed({ a: [TREE], b: [NO_CHAIN] })).toBe(false);
  });
});
