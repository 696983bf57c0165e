import { describe, expect, test } from '@jest/globals';
import { McpServer, ResourceTemplate } from 'mcp-express';
import { startServer } from '../support/start-server.js';
import { openWire } from './wire-session.js';

async function start(mcp: McpServer) {
  const { url } = await startServer({ mcp });
  return openWire(url);
}

describe('resources/read (MCP, Resources)', () => {
  test.each(['x://none', 'x://', 'no uri at all', '', 'x://a/../../etc/passwd', 'file:///etc/passwd', 'x://a/A'])(
    'of %j, which is not there, is -32002 with the URI in data',
    async (uri) => {
      const mcp = new McpServer({ name: 'r', version: '1' });
      mcp.registerResource('a', 'x://a', {}, () => 'a');
      const { error } = await (await start(mcp)).ask('resources/read', { uri });
      expect(error).toMatchObject({ code: -32002, data: { uri } });
    },
  );

  test.each([undefined, null, 5, ['x://a'], {}])('of %j, which is no URI, is -32602', async (uri) => {
    const mcp = new McpServer({ name: 'r', version: '1' });
    mcp.registerResource('a', 'x://a', {}, () => 'a');
    expect((await (await start(mcp)).ask('resources/read', { uri })).error.code).toBe(-32602);
  });

  test('text, bytes and a result of its own come as contents, with the type that was registered', async () => {
    const mcp = new McpServer({ name: 'r', version: '1' });
    const bytes = Buffer.from([0, 255, 10, 13]);
    mcp.registerResource('text', 'x://text', { mimeType: 'text/plain' }, () => 'häßlich');
    mcp.registerResource('blob', 'x://blob', { mimeType: 'image/png' }, () => new Uint8Array(bytes));
    mcp.registerResource('none', 'x://none', {}, () => '');
    const own = {
      contents: [
        { uri: 'x://own#1', text: 'one', mimeType: 'text/x', _meta: { a: 1 } },
        { uri: 'x://own#2', blob: 'AA==' },
      ],
      _meta: { b: 2 },
    };
    mcp.registerResource('own', 'x://own', {}, async () => own);
    const session = await start(mcp);
    const read = async (uri: string) => (await session.ask('resources/read', { uri })).result;
    expect(await read('x://text')).toEqual({
      contents: [{ uri: 'x://text', mimeType: 'text/plain', text: 'häßlich' }],
    });
    expect(await read('x://blob')).toEqual({
      contents: [{ uri: 'x://blob', mimeType: 'image/png', blob: bytes.toString('base64') }],
    });
    expect(await read('x://none')).toEqual({ contents: [{ uri: 'x://none', text: '' }] });
    expect(await read('x://own')).toEqual(own);
  });

  test('a resource of its own goes before a template that matches it too', async () => {
    const mcp = new McpServer({ name: 'r', version: '1' });
    mcp.registerResource('any', new ResourceTemplate('x://{id}'), {}, (_uri, { id }) => `any ${id}`);
    mcp.registerResource('one', 'x://one', {}, () => 'the one');
    const session = await start(mcp);
    const read = async (uri: string) => (await session.ask('resources/read', { uri })).result.contents[0].text;
    expect([await read('x://one'), await read('x://two')]).toEqual(['the one', 'any two']);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('secret detail');
      },
    ],
    ['returns nothing', () => undefined as never],
    ['returns a number', () => 5 as never],
    [
      'returns contents that hold a circle',
      () => {
        const c: Record<string, unknown> = {};
        c['c'] = c;
        return { contents: [c] } as never;
      },
    ],
    ['returns a BigInt', () => ({ contents: [{ uri: 'x://a', text: 1n }] }) as never],
  ])('of one that %s is -32603 and tells nothing of why', async (_what, read) => {
    const mcp = new McpServer({ name: 'r', version: '1' });
    mcp.registerResource('a', 'x://a', {}, read);
    const { error } = await (await start(mcp)).ask('resources/read', { uri: 'x://a' });
    expect(error).toEqual({ code: -32603, message: 'Internal error', data: { reason: 'internal-error' } });
  });
});

describe('resources/list and resources/templates/list (MCP, Resources)', () => {
  test('show everything that was registered', async () => {
    const mcp = new McpServer({ name: 'r', version: '1' });
    const about = {
      title: 'T',
      description: 'D',
      mimeType: 'text/plain',
      icons: [{ src: 'https://example.com/i.png', mimeType: 'image/png', sizes: ['48x48'] }],
      annotations: { audience: ['user' as const], priority: 0.5, lastModified: '2025-01-12T15:00:58Z' },
      _meta: { 'example.com/a': 1 },
    };
    mcp.registerResource('a', 'x://a', { ...about, size: 12 }, () => 'a');
    mcp.registerResource('t', new ResourceTemplate('x://t/{id}'), about, () => 't');
    const session = await start(mcp);
    expect((await session.ask('resources/list')).result).toEqual({
      resources: [{ uri: 'x://a', name: 'a', ...about, size: 12 }],
    });
    expect((await session.ask('resources/templates/list')).result).toEqual({
      resourceTemplates: [{ uriTemplate: 'x://t/{id}', name: 't', ...about }],
    });
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('secret');
      },
    ],
    ['gives nothing', () => undefined as never],
  ])('a template whose list %s is an error of the request, and nothing more (invariant 7)', async (_what, list) => {
    const mcp = new McpServer({ name: 'r', version: '1' });
    mcp.registerResource('t', new ResourceTemplate('x://{id}', { list }), {}, () => 't');
    const session = await start(mcp);
    expect((await session.ask('resources/list')).error.code).toBe(-32603);
    expect((await session.ask('ping')).result).toEqual({});
  });
});
