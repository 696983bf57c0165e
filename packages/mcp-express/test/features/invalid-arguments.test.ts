import { describe, expect, test } from '@jest/globals';
import { McpServer, type SchemaSource } from 'mcp-express';
import { z } from 'zod';
import { startServer } from '../support/start-server.js';
import { openWire, textOf } from './wire-session.js';

const ZOD = z.object({
  name: z.string().min(2),
  age: z.number().int().min(18),
  tags: z.array(z.object({ label: z.string() })).optional(),
});

const JSON_SCHEMA = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 2 },
    age: { type: 'integer', minimum: 18 },
    tags: { type: 'array', items: { type: 'object', properties: { label: { type: 'string' } }, required: ['label'] } },
  },
  required: ['name', 'age'],
  additionalProperties: false,
} as const;

const KINDS: readonly (readonly [string, SchemaSource])[] = [
  ['a Zod object', ZOD],
  ['a Zod shape', ZOD.shape],
  ['JSON Schema', JSON_SCHEMA],
];

async function start(inputSchema: SchemaSource) {
  const mcp = new McpServer({ name: 'i', version: '1' });
  const seen: unknown[] = [];
  mcp.registerTool('take', { inputSchema }, (args: unknown) => {
    seen.push(args);
    return 'taken';
  });
  const { url } = await startServer({ mcp });
  return { session: await openWire(url), seen };
}

describe.each(KINDS)('arguments that %s does not allow (MCP, Tools, "Input validation errors")', (_what, schema) => {
  test.each([
    ['nothing', {}, ['name', 'age']],
    ['a wrong type', { name: 5, age: 20 }, ['name']],
    ['two faults', { name: 'x', age: 3.5 }, ['name', 'age']],
    ['a fault deep inside', { name: 'Ada', age: 20, tags: [{ label: 'a' }, {}] }, ['tags.1.label']],
  ])('%s: a result with isError that names each field, and the handler does not run', async (_case, args, fields) => {
    const { session, seen } = await start(schema);
    const result = await session.tool('take', args);
    expect(result.isError).toBe(true);
    for (const field of fields) expect(textOf(result)).toContain(field);
    expect(textOf(result)).toContain('"take"');
    expect(seen).toEqual([]);
  });

  test('no arguments at all are an empty object', async () => {
    const { session } = await start(schema);
    const { result } = await session.ask('tools/call', { name: 'take' });
    expect(textOf(result)).toContain('name');
  });

  test('what is allowed reaches the handler', async () => {
    const { session, seen } = await start(schema);
    const args = { name: 'Ada', age: 36, tags: [{ label: 'x' }] };
    expect(textOf(await session.tool('take', args))).toBe('taken');
    expect(seen).toEqual([args]);
  });
});

describe('tools/call that is not even that (MCP, Tools, "Protocol errors")', () => {
  test.each([
    ['arguments that are a list', { name: 'take', arguments: [] }],
    ['arguments that are a text', { name: 'take', arguments: 'x' }],
    ['no name', { arguments: {} }],
    ['a name that is a number', { name: 5 }],
    ['a name that is a list', { name: ['take'] }],
  ])('%s: -32602, and the handler does not run', async (_what, params) => {
    const { session, seen } = await start(JSON_SCHEMA);
    expect((await session.ask('tools/call', params)).error.code).toBe(-32602);
    expect(seen).toEqual([]);
  });

  test('no params at all is -32602', async () => {
    const { session } = await start(JSON_SCHEMA);
    expect((await session.post({ jsonrpc: '2.0', id: 1, method: 'tools/call' })).json.error.code).toBe(-32602);
  });
});

test('defaults and transforms of a schema reach the handler (R39)', async () => {
  const { session, seen } = await start({ n: z.number().default(7), s: z.string().transform((s) => s.length) });
  await session.tool('take', { s: 'four' });
  expect(seen).toEqual([{ n: 7, s: 4 }]);
});

test('a schema that checks asynchronously is awaited, and one that throws is an error of the tool', async () => {
  const later = z.object({ s: z.string().refine(async (s) => s === 'good', 'not good') });
  const { session, seen } = await start(later);
  expect(textOf(await session.tool('take', { s: 'bad' }))).toContain('s: not good');
  expect(textOf(await session.tool('take', { s: 'good' }))).toBe('taken');
  expect(seen).toHaveLength(1);
  const throwing = await start(
    z.object({
      s: z.string().refine(() => {
        throw new Error('broken check');
      }),
    }),
  );
  expect((await throwing.session.tool('take', { s: 'x' })).isError).toBe(true);
});

test('keys that are names of Object.prototype do no harm', async () => {
  const { session, seen } = await start({ type: 'object' });
  const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"take","arguments":{"__proto__":{"polluted":1},"constructor":2}}}`;
  expect((await session.post(body)).json.result.content[0].text).toBe('taken');
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect(Object.keys(seen[0] as object)).toEqual(['__proto__', 'constructor']);
});

const node: z.ZodType = z.object({ kids: z.array(z.lazy(() => node)) });
const NODE = { type: 'object', properties: { kids: { type: 'array', items: { $ref: '#' } } } };

test.each<[string, SchemaSource]>([
  ['Zod', node],
  ['JSON Schema', NODE],
])(
  'arguments nested too deeply for a recursive schema of %s are refused with the name of the tool',
  async (_what, schema) => {
    const { session, seen } = await start(schema);
    const levels = 9_000;
    const deep = `${'{"kids":['.repeat(levels)}{"kids":[]}${']}'.repeat(levels)}`;
    const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"take","arguments":${deep}}}`;
    const { result } = (await session.post(body)).json;
    expect(result.isError).toBe(true);
    expect(textOf(result)).toBe('Invalid arguments for tool "take": it is nested too deeply to be checked');
    expect(seen).toEqual([]);
  },
);
