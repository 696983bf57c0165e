import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ConfigurationError, type JsonSchema } from 'mcp-express';
import { z } from 'zod';
import type { JsonBody } from '../support/raw-client.js';
import { ask, open } from './client.js';
import { NEWEST_ONLY } from './requirement.js';
import { specServer } from './server.js';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** Keywords that earlier drafts do not have, or read otherwise. */
const OF_2020_12: JsonSchema = {
  type: 'object',
  properties: { pair: { type: 'array', prefixItems: [{ type: 'string' }, { $ref: '#/$defs/count' }], items: false } },
  required: ['pair'],
  dependentRequired: { a: ['b'] },
  allOf: [{ properties: { a: {}, b: {} } }],
  unevaluatedProperties: false,
  $defs: { count: { type: 'integer', minimum: 0 } },
};

const GOOD = [{ pair: ['x', 1] }, { pair: ['x', 1], a: 1, b: 2 }];
const BAD = [{ pair: [1, 'x'] }, { pair: ['x', 1, 2] }, { pair: ['x', 1], a: 1 }, { pair: ['x', 1], c: 1 }];

async function refusals(revision: string, inputSchema: JsonSchema, calls: readonly object[]): Promise<boolean[]> {
  const mcp = specServer();
  mcp.registerTool('checked', { inputSchema }, () => 'ran');
  const { session } = await open({ revision, mcp });
  const answers = await Promise.all(calls.map((args) => session.call('checked', args)));
  return answers.map(({ json }) => json.result.isError === true);
}

describe('JSON Schema', () => {
  test.each(NEWEST_ONLY)(
    '%s: a schema without a dialect is read as 2020-12 [basic.schema-2020-12, basic.schema-default-dialect]',
    async (revision) => {
      expect(await refusals(revision, OF_2020_12, [...GOOD, ...BAD])).toEqual([
        ...GOOD.map(() => false),
        ...BAD.map(() => true),
      ]);
    },
  );

  test.each(NEWEST_ONLY)(
    '%s: a schema that says it is of 2020-12 is read as such [basic.schema-declared-dialect]',
    async (revision) => {
      const declared = { $schema: DIALECT, ...OF_2020_12 };
      expect(await refusals(revision, declared, [...GOOD, ...BAD])).toEqual([
        ...GOOD.map(() => false),
        ...BAD.map(() => true),
      ]);
    },
  );

  test.each(['http://json-schema.org/draft-03/schema#', 'https://example.com/mine'])(
    'a schema of the dialect %s is read by it, or refused by its name [basic.schema-unsupported-dialect, basic.schema-declared-dialect]',
    async ($schema) => {
      const register = () => specServer().registerTool('old', { inputSchema: { $schema, type: 'object' } }, () => 'x');
      expect(register).toThrow(ConfigurationError);
      expect(register).toThrow($schema);
    },
  );

  test.each(NEWEST_ONLY)(
    '%s: a schema of draft-04 or draft-07 is read by it [basic.schema-declared-dialect]',
    async (revision) => {
      const above = { $schema: 'http://json-schema.org/draft-04/schema#', minimum: 1, exclusiveMinimum: true };
      const { $schema, ...n } = above;
      const old = { $schema, type: 'object', properties: { n } };
      expect(await refusals(revision, old, [{ n: 2 }, { n: 1 }])).toEqual([false, true]);
      const items = [{ type: 'string' }];
      const seven = {
        $schema: 'http://json-schema.org/draft-07/schema#',
        type: 'object',
        properties: { a: { items } },
      };
      expect(await refusals(revision, seven, [{ a: ['x'] }, { a: [1] }])).toEqual([false, true]);
    },
  );

  test.each<[string, JsonSchema]>([
    ['a type that is none', { type: 'object', properties: { a: { type: 'text' } } }],
    ['a reference to nothing', { type: 'object', properties: { a: { $ref: '#/$defs/none' } } }],
    ['required that is no list', { type: 'object', required: 'a' }],
    ['a pattern that is none', { type: 'object', properties: { a: { pattern: '(' } } }],
  ])('a schema with %s is refused when it is registered [basic.schema-valid]', (_what, inputSchema) => {
    expect(() => specServer().registerTool('wrong', { inputSchema }, () => 'x')).toThrow(ConfigurationError);
    expect(() => specServer().registerTool('wrong', { outputSchema: inputSchema }, () => ({}))).toThrow(
      ConfigurationError,
    );
  });

  test.each(NEWEST_ONLY)(
    '%s: every schema that is listed is a valid one, and of an object [basic.schema-valid, tools.input-schema]',
    async (revision) => {
      const mcp = specServer();
      const shape = { a: z.string().min(1), b: z.number().default(1), c: z.enum(['x', 'y']).optional() };
      mcp.registerTool('zod', { inputSchema: z.object(shape), outputSchema: z.object({ a: z.string() }) }, ({ a }) => ({
        a,
      }));
      mcp.registerTool('shape', { inputSchema: shape }, () => 'x');
      mcp.registerTool('plain', { inputSchema: OF_2020_12 }, () => 'x');
      const { session } = await open({ revision, mcp });
      const { tools } = (await ask(session, 'tools/list')).json.result;
      expect(tools.length).toBeGreaterThan(10);
      const ajv = new Ajv2020({ strict: false });
      for (const { inputSchema, outputSchema = { type: 'object' } } of tools as JsonBody[]) {
        for (const schema of [inputSchema, outputSchema]) {
          expect(schema).toMatchObject({ type: 'object' });
          expect([undefined, DIALECT]).toContain(schema.$schema);
          expect(ajv.validateSchema(schema)).toBe(true);
        }
      }
    },
  );
});
