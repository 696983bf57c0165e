import { describe, expect, test } from '@jest/globals';
import { completable, McpServer, ResourceTemplate } from 'mcp-express';
import { z } from 'zod';
import { startServer } from '../support/start-server.js';
import { openWire } from './wire-session.js';

async function start() {
  const mcp = new McpServer({ name: 'u', version: '1' });
  mcp.registerTool('known', {}, () => 'x');
  mcp.registerPrompt(
    'known',
    {
      title: 'Known',
      description: 'D',
      argsSchema: {
        lang: completable(z.string().describe('The language'), (value) => [`${value}1`]),
        framework: z.string().optional(),
      },
      icons: [{ src: 'https://example.com/i.svg', sizes: ['any'] }],
      _meta: { a: 1 },
    },
    ({ lang }) => `in ${lang}`,
  );
  const complete = { id: (_value: string, { arguments: other }: { arguments?: object }) => [JSON.stringify(other)] };
  mcp.registerResource('t', new ResourceTemplate('x://{kind}/{id}', { complete }), {}, () => 'x');
  const many = Array.from({ length: 250 }, (_each, index) => `v${index}`);
  mcp.registerPrompt('many', { argsSchema: { type: 'object' }, complete: { v: async () => many } }, () => 'x');
  const { url } = await startServer({ mcp });
  return openWire(url);
}

const STRANGE = ['unknown', 'Known', 'known ', '', '__proto__', 'constructor', 'toString', 'k'.repeat(100_000)];

describe('names that nobody registered (MCP, Tools and Prompts, Error Handling)', () => {
  test.each(STRANGE.map((name) => [name.slice(0, 20), name]))('the tool %j is -32602', async (_shown, name) => {
    const { error } = await (await start()).ask('tools/call', { name });
    expect(error.code).toBe(-32602);
  });

  test.each(STRANGE.map((name) => [name.slice(0, 20), name]))('the prompt %j is -32602', async (_shown, name) => {
    const { error } = await (await start()).ask('prompts/get', { name });
    expect(error.code).toBe(-32602);
  });

  test.each(['', 'tools', 'tools/', 'tools/list ', 'rpc.x', '__proto__', 'constructor', 'toString', 'tasks/list'])(
    'the method %j is -32601',
    async (method) => {
      const { error } = await (await start()).ask(method);
      expect(error.code).toBe(-32601);
    },
  );
});

describe('prompts/get (MCP, Prompts)', () => {
  test('without a required argument is -32602 that names it', async () => {
    const session = await start();
    for (const given of [{}, { framework: 'x' }, { lang: 5 }, undefined]) {
      const { error } = await session.ask('prompts/get', { name: 'known', arguments: given });
      expect([error.code, error.message]).toEqual([-32602, expect.stringContaining('lang')]);
    }
  });

  test('with its arguments gives its messages', async () => {
    const { result } = await (await start()).ask('prompts/get', { name: 'known', arguments: { lang: 'ts' } });
    expect(result).toEqual({ messages: [{ role: 'user', content: { type: 'text', text: 'in ts' } }] });
  });

  test('is listed with all that was said of it', async () => {
    const { prompts } = (await (await start()).ask('prompts/list')).result;
    expect(prompts[0]).toEqual({
      name: 'known',
      title: 'Known',
      description: 'D',
      icons: [{ src: 'https://example.com/i.svg', sizes: ['any'] }],
      arguments: [
        { name: 'lang', description: 'The language', required: true },
        { name: 'framework', required: false },
      ],
      _meta: { a: 1 },
    });
  });
});

describe('completion/complete (MCP, Completion)', () => {
  const argument = { name: 'lang', value: 'py' };
  const ref = { type: 'ref/prompt', name: 'known' };

  test('gives the values of a prompt argument', async () => {
    const { result } = await (await start()).ask('completion/complete', { ref, argument });
    expect(result).toEqual({ completion: { values: ['py1'], total: 1, hasMore: false } });
  });

  test('gives the values of a template variable, which knows of the others', async () => {
    const { result } = await (await start()).ask('completion/complete', {
      ref: { type: 'ref/resource', uri: 'x://{kind}/{id}' },
      argument: { name: 'id', value: '' },
      context: { arguments: { kind: 'order' } },
    });
    expect(result.completion.values).toEqual(['{"kind":"order"}']);
  });

  test('gives 100 at most, and says how many there are', async () => {
    const { result } = await (await start()).ask('completion/complete', {
      ref: { type: 'ref/prompt', name: 'many' },
      argument: { name: 'v', value: '' },
    });
    expect(result.completion).toMatchObject({ total: 250, hasMore: true });
    expect(result.completion.values).toHaveLength(100);
  });

  test.each(['framework', 'kind', 'none', '__proto__', 'constructor'])(
    'of %j, which nobody completes, is empty',
    async (name) => {
      const { result } = await (await start()).ask('completion/complete', { ref, argument: { name, value: '' } });
      expect(result.completion).toEqual({ values: [], total: 0, hasMore: false });
    },
  );

  test.each([
    ['an unknown prompt', { ref: { type: 'ref/prompt', name: 'none' }, argument }],
    ['an unknown template', { ref: { type: 'ref/resource', uri: 'y://{id}' }, argument }],
    ['a ref of another type', { ref: { type: 'ref/tool', name: 'known' }, argument }],
    ['no ref', { argument }],
    ['a ref that is null', { ref: null, argument }],
    ['no argument', { ref }],
    ['an argument without a value', { ref, argument: { name: 'lang' } }],
    ['an argument whose value is a number', { ref, argument: { name: 'lang', value: 5 } }],
    ['a context that is a list', { ref, argument, context: [] }],
  ])('%s is -32602', async (_what, params) => {
    expect((await (await start()).ask('completion/complete', params)).error.code).toBe(-32602);
  });
});
