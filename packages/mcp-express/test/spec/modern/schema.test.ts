import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ConfigurationError, type JsonSchema } from 'mcp-express';
import { z } from 'zod';
import { onCleanup } from '../../support/cleanup.js';
import type { JsonBody } from '../../support/raw-client.js';
import { specServer } from '../server.js';
import { start } from './client.js';

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

const registering = (schema: JsonSchema) => () => {
  specServer().registerTool('wrong', { inputSchema: schema }, () => 'x');
};

describe('JSON Schema', () => {
  test.each<[string, JsonSchema]>([
    ['names no dialect', OF_2020_12],
    ['names 2020-12', { $schema: DIALECT, ...OF_2020_12 }],
  ])(
    'a schema that %s is read as 2020-12 [basic.schema-2020-12, basic.schema-default-dialect, basic.schema-declared-dialect]',
    async (_what, inputSchema) => {
      const mcp = specServer();
      mcp.registerTool('checked', { inputSchema }, () => 'ran');
      const { client } = await start({ mcp });
      const answers = await Promise.all([...GOOD, ...BAD].map((args) => client.call('checked', args)));
      expect(answers.map(({ json }) => json.result.isError === true)).toEqual([false, false, true, true, true, true]);
    },
  );

  test.each(['http://json-schema.org/draft-03/schema#', 'https://example.com/mine'])(
    'a schema of the dialect %s is refused by its name [basic.schema-unsupported-dialect, basic.schema-declared-dialect]',
    ($schema) => {
      expect(registering({ $schema, type: 'object' })).toThrow(ConfigurationError);
      expect(registering({ $schema, type: 'object' })).toThrow($schema);
    },
  );

  test('a schema of draft-07 is read by it [basic.schema-declared-dialect]', async () => {
    const properties = { a: { items: [{ type: 'string' }], additionalItems: false } };
    const mcp = specServer();
    const inputSchema = { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', properties };
    mcp.registerTool('seven', { inputSchema }, () => 'ran');
    const { client } = await start({ mcp });
    const answers = await Promise.all([{ a: ['x'] }, { a: ['x', 1] }].map((args) => client.call('seven', args)));
    expect(answers.map(({ json }) => json.result.isError === true)).toEqual([false, true]);
  });

  test('every schema that is listed is a valid one, of an object, and as it was given but for `false` [basic.schema-valid, tools.input-schema]', async () => {
    const mcp = specServer();
    mcp.registerTool('zod', { inputSchema: z.object({ a: z.string(), b: z.number().default(1) }) }, () => 'x');
    mcp.registerTool('plain', { inputSchema: OF_2020_12 }, () => 'x');
    const { client } = await start({ mcp });
    const { tools } = (await client.ask('tools/list')).json.result;
    expect(tools.length).toBeGreaterThan(9);
    const ajv = new Ajv2020({ strict: false });
    for (const { inputSchema } of tools as JsonBody[]) {
      expect(inputSchema).toMatchObject({ type: 'object' });
      expect([undefined, DIALECT]).toContain(inputSchema.$schema);
      expect(ajv.validateSchema(inputSchema)).toBe(true);
    }
    // Some clients take no boolean schemas: `{ not: {} }` is the object that means the same.
    const asObjects = JSON.parse(JSON.stringify(OF_2020_12).replaceAll(':false', ':{"not":{}}'));
    expect(tools.find(({ name }: JsonBody) => name === 'plain').inputSchema).toEqual(asObjects);
  });

  test('a schema that is none is refused when it is registered [basic.schema-valid]', () => {
    expect(registering({ type: 'object', properties: { a: { type: 'text' } } })).toThrow(ConfigurationError);
    expect(registering({ type: 'object', required: 'a' } as never)).toThrow(ConfigurationError);
  });

  test('what it refers to is not fetched: it is refused [basic.schema-ref-network, basic.schema-ref-off, basic.schema-ref-unresolved]', async () => {
    let requests = 0;
    const server = createServer((_request, response) => {
      requests += 1;
      response.end('{"type":"string"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onCleanup(() => server.close());
    const $ref = `http://127.0.0.1:${(server.address() as AddressInfo).port}/schema.json`;
    expect(registering({ type: 'object', properties: { a: { $ref } } })).toThrow(ConfigurationError);
    expect(registering({ type: 'object', properties: { a: { $ref: '#/$defs/none' } } })).toThrow(ConfigurationError);
    const outputSchema: JsonSchema = { type: 'object', properties: { a: { $ref } } };
    expect(() => specServer().registerTool('out', { outputSchema }, () => ({ a: 'x' }))).toThrow(ConfigurationError);
    const { client } = await start();
    await client.ask('tools/list');
    expect(requests).toBe(0);
  });
});
