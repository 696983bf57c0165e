import { describe, expect, jest, test } from '@jest/globals';
import type { JsonSchema } from '../protocol/mcp.js';
import { compileSchema } from './schema.js';

const OF = {
  'draft-04': 'http://json-schema.org/draft-04/schema#',
  'draft-06': 'http://json-schema.org/draft-06/schema#',
  'draft-07': 'http://json-schema.org/draft-07/schema#',
  '2019-09': 'https://json-schema.org/draft/2019-09/schema',
  '2020-12': 'https://json-schema.org/draft/2020-12/schema',
};

/** Parsed from text, because an object literal with `then` looks like a promise. */
const A_NEEDS_B = JSON.parse('{ "if": { "required": ["a"] }, "then": { "required": ["b"] } }') as JsonSchema;

async function takes(schema: JsonSchema, value: object): Promise<boolean> {
  return 'value' in (await compileSchema({ type: 'object', ...schema }, 'inputSchema', 'input').check(value));
}

describe('a schema with $schema is validated in its dialect (R39)', () => {
  test.each(Object.entries(OF))('%s: in any spelling of the name', async (dialect, $schema) => {
    const bare = $schema.replace(/#$/, '').replace(/^https/, 'http');
    for (const spelling of [$schema, bare, `${bare}#`, bare.replace('http:', 'https:')]) {
      const schema = { $schema: spelling, required: ['a'], properties: { a: { type: 'string' } } };
      expect([dialect, await takes(schema, { a: 'x' }), await takes(schema, { a: 1 })]).toEqual([dialect, true, false]);
    }
  });

  test.each<[string, JsonSchema, object, object]>([
    [
      'draft-04',
      { properties: { n: { type: 'number', minimum: 1, exclusiveMinimum: true } }, id: 'http://example.com/a' },
      { n: 2 },
      { n: 1 },
    ],
    [
      'draft-06',
      { properties: { n: { exclusiveMinimum: 1, const: 2 } }, $id: 'http://example.com/a' },
      { n: 2 },
      { n: 1 },
    ],
    ['draft-06', { propertyNames: { maxLength: 1 }, ...A_NEEDS_B }, { a: 1 }, { long: 1 }],
    ['draft-07', { ...A_NEEDS_B }, { a: 1, b: 1 }, { a: 1 }],
    [
      'draft-07',
      { properties: { pair: { items: [{ type: 'string' }], additionalItems: false } } },
      { pair: ['x'] },
      { pair: ['x', 1] },
    ],
    ['draft-07', { dependencies: { a: ['b'] } }, { a: 1, b: 1 }, { a: 1 }],
    [
      'draft-07',
      { definitions: { x: { type: 'string' } }, properties: { a: { $ref: '#/definitions/x' } } },
      { a: '' },
      { a: 1 },
    ],
    [
      '2019-09',
      { properties: { a: { $recursiveRef: '#' } }, $recursiveAnchor: true, unevaluatedProperties: false },
      { a: { a: {} } },
      { a: { b: 1 } },
    ],
    [
      '2019-09',
      { properties: { pair: { items: [{ type: 'string' }] } }, dependentRequired: { x: ['y'] } },
      { pair: ['x'] },
      { x: 1 },
    ],
    [
      '2020-12',
      { properties: { pair: { prefixItems: [{ type: 'string' }], items: false } } },
      { pair: ['x'] },
      { pair: ['x', 1] },
    ],
  ])('%s: %j', async (dialect, schema, good, bad) => {
    const declared = { $schema: OF[dialect as keyof typeof OF], ...schema };
    expect([await takes(declared, good), await takes(declared, bad)]).toEqual([true, false]);
  });

  test.each(Object.entries(OF))(
    '%s: is listed as given, and its formats and unique items are checked',
    async (_d, $schema) => {
      const schema = {
        $schema,
        type: 'object',
        properties: { day: { type: 'string', format: 'date' }, list: { type: 'array', uniqueItems: true } },
      };
      const { json, check } = compileSchema(schema, 'inputSchema', 'input');
      expect(json).toBe(schema);
      const result = await check({ day: 'soon', list: [{ a: 1 }, { a: 1 }] });
      expect('issues' in result && result.issues.map(({ path }) => path)).toEqual(['day', 'list']);
    },
  );

  test.each(Object.entries(OF))('%s: an invalid schema is refused with the name of the dialect', (dialect, $schema) => {
    const schema = { $schema, type: 'object', properties: { n: { type: 'number', maximum: 'ten' } } };
    expect(() => compileSchema(schema, 'inputSchema', 'input')).toThrow(`is not valid JSON Schema ${dialect}`);
  });

  test.each(['https://example.com/mine', 'http://json-schema.org/draft-03/schema#', 7])('%s is refused', ($schema) => {
    expect(() => compileSchema({ $schema, type: 'object' }, 'inputSchema', 'input')).toThrow(
      `unknown dialect of JSON Schema: ${$schema}`,
    );
  });
});

describe('a schema that refers to itself as "#" (R39)', () => {
  test.each(Object.entries(OF))('%s: is accepted each time it is registered', async (_dialect, $schema) => {
    const recursive = (x: string): JsonSchema => ({
      $schema,
      properties: { kids: { type: 'array', items: { $ref: '#' } }, x: { type: x } },
    });
    for (const [type, right, wrong] of [
      ['string', 's', 1],
      ['number', 1, 's'],
    ] as const) {
      expect(await takes(recursive(type), { kids: [{ kids: [{ x: right }] }] })).toBe(true);
      expect(await takes(recursive(type), { kids: [{ kids: [{ x: wrong }] }] })).toBe(false);
    }
  });
});

describe('formats that are not known', () => {
  const properties = {
    at: { type: 'string', format: 'datetime' },
    b: { items: { format: 'x' } },
    c: { format: 'email' },
  };

  test.each(['2020-12', 'draft-07'] as const)(
    'are warned of once, with their places, and not on the console (%s)',
    async (dialect) => {
      const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
      const written = (['log', 'warn', 'error'] as const).map((method) => jest.spyOn(console, method));
      const schema = { $schema: OF[dialect], type: 'object', properties };
      for (let time = 0; time < 2; time += 1) {
        const { check } = compileSchema(schema, `inputSchema of tool "${dialect}"`, 'input');
        expect(await check({ at: 'any text', c: 5 })).toHaveProperty('value');
        expect(await check({ at: 1, c: 'x' })).toHaveProperty('issues');
      }
      expect(warned.mock.calls).toEqual([
        [
          `inputSchema of tool "${dialect}" has formats that are not known, and are not checked: "datetime" at #/properties/at, "x" at #/properties/b/items`,
          { type: 'McpExpressWarning', code: 'MCP_EXPRESS_UNKNOWN_FORMAT' },
        ],
      ]);
      for (const spy of written) expect(spy).not.toHaveBeenCalled();
      jest.restoreAllMocks();
    },
  );
});

describe('boolean schemas', () => {
  const schema = {
    type: 'object',
    properties: {
      any: true,
      none: false,
      deep: { properties: { any: true }, items: true, additionalProperties: false },
      pair: { prefixItems: [true], items: false, unevaluatedItems: true },
      either: { anyOf: [true, { type: 'string' }], not: false },
      data: { const: { properties: { a: true } }, default: { not: true } },
    },
    $defs: { any: true },
    required: ['any'],
    additionalProperties: true,
    unevaluatedProperties: false,
  };

  test('are listed as equivalent objects, at every level', async () => {
    const { json, check } = compileSchema(schema, 'inputSchema', 'input');
    expect(json).toEqual({
      ...schema,
      properties: {
        any: {},
        none: { not: {} },
        deep: { properties: { any: {} }, items: {}, additionalProperties: false },
        pair: { prefixItems: [{}], items: { not: {} }, unevaluatedItems: {} },
        either: { anyOf: [{}, { type: 'string' }], not: { not: {} } },
        data: schema.properties.data,
      },
      $defs: { any: {} },
      unevaluatedProperties: { not: {} },
    });
    expect(await check({ any: 1, pair: [1] })).toHaveProperty('value');
    expect(await check({ any: 1, pair: [1, 2] })).toHaveProperty('issues');
    expect(await check({ any: 1, none: 1 })).toHaveProperty('issues');
  });

  test('are replaced in the schemas of libraries too', () => {
    const standard = {
      version: 1,
      vendor: 'own',
      validate: (value: unknown) => ({ value }),
      jsonSchema: { input: () => schema, output: () => schema },
    };
    const { json } = compileSchema({ '~standard': standard } as never, 'inputSchema', 'input');
    expect(json['properties']).toMatchObject({ any: {}, none: { not: {} } });
  });
});
