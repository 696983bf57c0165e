import { describe, expect, test } from '@jest/globals';
import { type } from 'arktype';
import { McpServer, type SchemaSource } from 'mcp-express';
import * as v from 'valibot';
import { z } from 'zod';
import { z as z3 } from 'zod3';
import { startServer } from '../support/start-server.js';
import { messagesIn, openWire, textOf } from './wire-session.js';

const NUMBERS = { type: 'object', properties: { list: { type: 'array', items: { type: 'number' } } } } as const;

const LIBRARIES: readonly (readonly [string, SchemaSource])[] = [
  ['Zod 4', z.object({ list: z.array(z.number()) }).strict()],
  ['Zod 3.25', z3.object({ list: z3.array(z3.number()) }).strict() as never],
  ['a shape of Zod', { list: z.array(z.number()) }],
  ['Valibot', v.strictObject({ list: v.array(v.number()) })],
  ['ArkType', type({ '+': 'reject', list: 'number[]' })],
  ['JSON Schema', { ...NUMBERS, required: ['list'], additionalProperties: false }],
];

/** More than enough for ten issues. */
const FEW_KB = 8 * 1024;

async function start(inputSchema: SchemaSource, outputSchema?: SchemaSource, returned?: unknown) {
  const mcp = new McpServer({ name: 'many', version: '1' });
  const seen: unknown[] = [];
  const config = outputSchema === undefined ? { inputSchema } : { inputSchema, outputSchema };
  mcp.registerTool('take', config, ((args: unknown) => {
    seen.push(args);
    return returned ?? 'taken';
  }) as never);
  const { url } = await startServer({ mcp });
  return { session: await openWire(url), seen };
}

/** As many values as one caller may have in its requests at a time (`maxRequestBytesPerPrincipal`), or nearly. */
const many = <T>(item: T): T[] => Array(150_000).fill(item);

describe.each(LIBRARIES)('wrong arguments, by %s (R22, invariant 5)', (library, schema) => {
  test('of a thousand wrong items ten are told, and how many more there are', async () => {
    const { session, seen } = await start(schema);
    const result = await session.tool('take', { list: Array(1000).fill('x') });
    expect(result.isError).toBe(true);
    expect(textOf(result)).toMatch(/and 990 more$/);
    expect(textOf(result).match(/list\.\d+/g)?.length).toBeGreaterThanOrEqual(10);
    expect(textOf(result).length).toBeLessThan(FEW_KB);
    expect(seen).toEqual([]);
  });

  test('hundreds of thousands of wrong items are refused without a library being asked', async () => {
    const { session, seen } = await start(schema);
    for (const list of [many(''), many([]), [many(1)]]) {
      const result = await session.tool('take', { list });
      expect([result.isError, textOf(result)]).toEqual([true, expect.stringContaining('more than 20000')]);
      expect(textOf(result).length).toBeLessThan(FEW_KB);
    }
    expect(seen).toEqual([]);
  });

  test('names and values of the client are repeated in part only', async () => {
    const { session } = await start(schema);
    const name = 'n'.repeat(1_000_000);
    for (const args of [
      { [name]: 1, list: [1] },
      { list: [name] },
      { list: name },
      { list: [1], ...Object.fromEntries(Array.from({ length: 15_000 }, (_, at) => [`unknown-${at}`, at])) },
    ]) {
      const result = await session.tool('take', args);
      // A shape takes names that it does not know.
      if (result.isError !== true) expect(library).toBe('a shape of Zod');
      else expect(textOf(result).length).toBeLessThan(FEW_KB);
    }
  });

  test('a result that a tool must not give is told of as briefly', async () => {
    const { session } = await start({ type: 'object' }, schema, { list: Array(100_000).fill('x') });
    const result = await session.tool('take', {});
    expect(result.isError).toBe(true);
    expect(textOf(result).length).toBeLessThan(FEW_KB);
  });
});

const shape = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`member${at}`, z3.string()]));
const kinds = Array.from({ length: 16 }, (_, at) =>
  z3.object({ kind: z3.literal(at), a: z3.string(), b: z3.number() }),
);
const anyOf = Array.from({ length: 100 }, (_, at) => ({ type: 'object', required: ['a', 'b', 'c', `d${at}`] }));

describe('a check that takes long, although there are few enough items, is stopped (invariant 5)', () => {
  test.each<readonly [string, SchemaSource, string]>([
    ['a union of Zod 3', z3.object({ list: z3.array(z3.union(kinds as never)) }) as never, 'list.0'],
    ['a shape with a union of Zod 3', { list: z3.array(z3.union(kinds as never)) as never }, 'list.0'],
    ['empty objects for Zod 3', z3.object({ list: z3.array(z3.object(shape)) }) as never, 'list.0.member0'],
    ['anyOf of JSON Schema', { type: 'object', properties: { list: { type: 'array', items: { anyOf } } } }, 'list.0.a'],
    [
      'an expression with backtracking',
      z.object({ list: z.array(z.unknown()), text: z.string().regex(/^(a+)+$/) }),
      'stopped after',
    ],
  ])('%s', async (_what, schema, told) => {
    const { session, seen } = await start(schema);
    const begun = performance.now();
    const result = await session.tool('take', { list: Array(19_990).fill({}), text: `${'a'.repeat(60)}!` });
    expect(performance.now() - begun).toBeLessThan(4_000);
    expect([result.isError, textOf(result)]).toEqual([true, expect.stringContaining(told)]);
    expect(textOf(result)).toMatch(/the check was stopped after \d+ ms: send fewer list items, or shorter texts$/);
    expect(textOf(result).length).toBeLessThan(FEW_KB);
    expect(seen).toEqual([]);
  });

  test.each(LIBRARIES)('as many good items are taken by %s', async (_library, schema) => {
    const { session, seen } = await start(schema);
    const list = Array.from({ length: 19_990 }, (_, at) => at);
    expect((await session.tool('take', { list })).isError).toBeUndefined();
    expect(seen).toEqual([{ list }]);
  });
});

describe('keywords of JSON Schema that take long', () => {
  const tool = async (list: object) => (await start({ type: 'object', properties: { list } })).session;

  test('uniqueItems is as good for objects as for texts, and takes time by the number of items', async () => {
    const session = await tool({ type: 'array', uniqueItems: true });
    const items = (count: number) => Array.from({ length: count }, (_, at) => ({ a: at % 1000, b: at }));
    const timed = async (count: number): Promise<number> => {
      const begun = performance.now();
      expect((await session.tool('take', { list: items(count) })).isError).toBeUndefined();
      return performance.now() - begun;
    };
    await timed(1000);
    // By pairs it would be 36 times the time, and a second or more.
    expect(await timed(6_000)).toBeLessThan(5_000);
    for (const [list, isError] of [
      [
        [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
        true,
      ],
      [[1, '1', true, null, [1], ['1'], {}], undefined],
      [
        [
          [1, 2],
          [1, 2],
        ],
        true,
      ],
      [[0, -0], true],
    ] as const) {
      expect([list, (await session.tool('take', { list })).isError]).toEqual([list, isError]);
    }
  });

  test.each([
    ['url', `http://a@${':'.repeat(1_000_000)}`, 'http://user:secret@example.com:8080/a?b#c'],
    ['url', `http://${'a@b.cc/'.repeat(150_000)} `, 'https://example.com'],
    ['date-time', ' '.repeat(1_000_000), '2026-11-30T12:00:00Z'],
    ['regex', '['.repeat(1_000_000), '^a+$'],
    ['email', 'a.'.repeat(500_000), 'a@example.com'],
  ])('the format %s is not asked about a long text for long', async (format, long, good) => {
    const session = await tool({ type: 'array', items: { type: 'string', format } });
    expect((await session.tool('take', { list: [good] })).isError).toBeUndefined();
    const begun = performance.now();
    const result = await session.tool('take', { list: [long] });
    expect([result.isError, textOf(result)]).toEqual([true, expect.stringContaining(`format "${format}"`)]);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  test('a text that is too long is not asked whether it matches a pattern', async () => {
    const session = await tool({ type: 'string', maxLength: 100, pattern: '^(a+)+$' });
    const result = await session.tool('take', { list: `${'a'.repeat(5_000)}!` });
    expect(textOf(result)).toContain('must NOT have more than 100 characters');
  });
});

test('a name that is too long is not repeated, in whichever member it stands', async () => {
  const { session } = await start({ type: 'object' });
  const name = 'n'.repeat(1_000_000);
  for (const [method, params] of [
    ['tools/call', { name }],
    ['prompts/get', { name }],
    ['resources/read', { uri: `x:${name}` }],
    [name, {}],
  ] as const) {
    const answer = await session.post({ jsonrpc: '2.0', id: 1, method, params });
    expect(messagesIn(answer)).toMatchObject([{ error: { code: expect.any(Number) } }]);
    expect(answer.text.length).toBeLessThan(FEW_KB);
  }
});

test('of a prompt, too, ten wrong items are told, and how many more there are (R22)', async () => {
  const items = (text: unknown) => String(text).split(',');
  const mcp = new McpServer({ name: 'many', version: '1' });
  mcp.registerPrompt('ask', { argsSchema: { list: z.preprocess(items, z.array(z.enum(['1']))) } }, () => 'asked');
  const session = await openWire((await startServer({ mcp })).url);
  const { error } = await session.ask('prompts/get', { name: 'ask', arguments: { list: 'x,'.repeat(999) } });
  expect(error.message).toMatch(/and 990 more$/);
  expect(error.message.length).toBeLessThan(FEW_KB);
});
