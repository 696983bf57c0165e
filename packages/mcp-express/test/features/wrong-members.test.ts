import { describe, expect, test } from '@jest/globals';
import { ConfigurationError, McpServer, ResourceTemplate } from 'mcp-express';
import { startServer } from '../support/start-server.js';
import { CAPABLE, openWire, requestOn, textOf } from './wire-session.js';

const BLOCK = { type: 'text', text: 'x' };
const LINK = { type: 'resource_link', uri: 'x://a', name: 'a' };
const EMBEDDED = { type: 'resource', resource: { uri: 'x://a', text: 't', mimeType: 'text/plain' } };

async function served(build: (mcp: McpServer) => void) {
  const mcp = new McpServer({ name: 'w', version: '1' });
  build(mcp);
  const { url } = await startServer({ mcp });
  return openWire(url, { capabilities: CAPABLE });
}

const giving = (result: unknown) => served((mcp) => void mcp.registerTool('give', {}, () => result as never));

/** A member that clients would refuse, and how it is named. */
const WRONG: readonly [string, object, string][] = [
  ['isError of a text', { content: [BLOCK], isError: 'yes' }, '"isError"'],
  ['isError of a number', { content: [BLOCK], isError: 1 }, '"isError"'],
  ['_meta of a number', { content: [BLOCK], _meta: 5 }, '"_meta"'],
  ['_meta of a list', { content: [BLOCK], _meta: [] }, '"_meta"'],
  ['_meta of a block', { content: [{ ...BLOCK, _meta: 'x' }] }, '"_meta"'],
  ['annotations of a text', { content: [{ ...BLOCK, annotations: 'user' }] }, '"annotations"'],
  ['audience of a text', { content: [{ ...BLOCK, annotations: { audience: 'user' } }] }, '"audience"'],
  ['an unknown audience', { content: [{ ...BLOCK, annotations: { audience: ['all'] } }] }, '"audience"'],
  ['priority beyond 1', { content: [{ ...BLOCK, annotations: { priority: 2 } }] }, '"priority"'],
  ['priority of a text', { content: [{ ...BLOCK, annotations: { priority: '1' } }] }, '"priority"'],
  ['lastModified of a number', { content: [{ ...BLOCK, annotations: { lastModified: 1 } }] }, '"lastModified"'],
  ['mimeType of a number', { content: [{ ...LINK, mimeType: 5 }] }, '"mimeType"'],
  ['size of a text', { content: [{ ...LINK, size: '5' }] }, '"size"'],
  ['size that is not a number', { content: [{ ...LINK, size: Number.NaN }] }, '"size"'],
  ['title of a list', { content: [{ ...LINK, title: [] }] }, '"title"'],
  ['icons of an object', { content: [{ ...LINK, icons: {} }] }, '"icons"'],
  ['an icon without src', { content: [{ ...LINK, icons: [{ mimeType: 'image/png' }] }] }, '"src"'],
  ['sizes of a text', { content: [{ ...LINK, icons: [{ src: 'https://a', sizes: '48x48' }] }] }, '"sizes"'],
  [
    'mimeType in a resource',
    { content: [{ ...EMBEDDED, resource: { ...EMBEDDED.resource, mimeType: {} } }] },
    '"mimeType"',
  ],
];

/** The same result without its nulls. */
const NULLS: readonly [string, object, object][] = [
  ['of a result', { content: [BLOCK], isError: null, _meta: null }, { content: [BLOCK] }],
  ['of a block', { content: [{ ...BLOCK, annotations: null, _meta: null }] }, { content: [BLOCK] }],
  ['of a link', { content: [{ ...LINK, mimeType: null, title: null, size: null, icons: null }] }, { content: [LINK] }],
  [
    'of annotations',
    { content: [{ ...BLOCK, annotations: { audience: null, priority: 1 } }] },
    { content: [{ ...BLOCK, annotations: { priority: 1 } }] },
  ],
  [
    'of an embedded resource',
    { content: [BLOCK, { ...EMBEDDED, resource: { ...EMBEDDED.resource, _meta: null } }] },
    { content: [BLOCK, EMBEDDED] },
  ],
];

describe('a result of a tool whose optional member (R35)', () => {
  test.each(WRONG)('is %s is an error that names it', async (_what, result, named) => {
    const given = await (await giving(result)).tool('give');
    expect(given).toEqual({ content: [{ type: 'text', text: expect.stringContaining(named) }], isError: true });
    expect(textOf(given)).toContain('give');
  });

  test.each(NULLS)('is null is sent without: %s', async (_what, result, sent) => {
    expect(await (await giving(result)).tool('give')).toEqual(sent);
  });

  test('is null keeps what belongs to the tool', async () => {
    const result = { content: [BLOCK], structuredContent: { a: null }, _meta: { 'x/y': null } };
    expect(await (await giving(result)).tool('give')).toEqual(result);
  });
});

describe('what is read and prompts (R35)', () => {
  test.each<[string, object]>([
    ['mimeType', { contents: [{ uri: 'x://r', text: 't', mimeType: 5 }] }],
    ['_meta', { contents: [{ uri: 'x://r', text: 't' }], _meta: 5 }],
  ])('a wrong %s of what was read is an error', async (_name, result) => {
    const session = await served((mcp) => void mcp.registerResource('r', 'x://r', {}, () => result as never));
    expect((await session.ask('resources/read', { uri: 'x://r' })).error).toMatchObject({ code: -32603 });
  });

  test('null members are not sent', async () => {
    const session = await served((mcp) => {
      const contents = [{ uri: 'x://r', text: 't', mimeType: null, _meta: null }];
      mcp.registerResource('r', 'x://r', { mimeType: null as never }, () => ({ contents, _meta: null }) as never);
      mcp.registerResource('s', 'x://s', { mimeType: null as never }, () => 'text');
      const messages = [{ role: 'user', content: { ...BLOCK, annotations: null } }];
      mcp.registerPrompt('p', {}, () => ({ messages, description: null, _meta: null }) as never);
    });
    expect((await session.ask('resources/read', { uri: 'x://r' })).result).toEqual({
      contents: [{ uri: 'x://r', text: 't' }],
    });
    expect((await session.ask('resources/read', { uri: 'x://s' })).result.contents).toEqual([
      { uri: 'x://s', text: 'text' },
    ]);
    expect((await session.ask('prompts/get', { name: 'p' })).result).toEqual({
      messages: [{ role: 'user', content: BLOCK }],
    });
  });

  test('a wrong description of a prompt that was got is an error', async () => {
    const session = await served((mcp) => {
      mcp.registerPrompt('p', {}, () => ({ messages: [], description: 5 }) as never);
    });
    expect((await session.ask('prompts/get', { name: 'p' })).error).toMatchObject({ code: -32603 });
  });
});

const NOTHING = { title: null, description: null, icons: null, _meta: null, annotations: null } as never;

describe('entries of lists (R35)', () => {
  test('are listed without members that are null', async () => {
    const session = await served((mcp) => {
      mcp.registerTool('t', NOTHING, () => 'x');
      mcp.registerTool('h', { annotations: { readOnlyHint: true, title: null as never } }, () => 'x');
      mcp.registerResource('r', 'x://r', NOTHING, () => 'x');
      const list = () => ({ resources: [{ uri: 'y://1', name: 'one', description: null, mimeType: null }] }) as never;
      mcp.registerResource('y', new ResourceTemplate('y://{n}', { list }), NOTHING, () => 'x');
      mcp.registerPrompt('p', NOTHING, () => 'x');
    });
    expect((await session.ask('tools/list')).result.tools).toEqual([
      { name: 't', inputSchema: { type: 'object', properties: {} } },
      { name: 'h', inputSchema: { type: 'object', properties: {} }, annotations: { readOnlyHint: true } },
    ]);
    expect((await session.ask('resources/list')).result.resources).toEqual([
      { uri: 'x://r', name: 'r' },
      { uri: 'y://1', name: 'one' },
    ]);
    expect((await session.ask('resources/templates/list')).result.resourceTemplates).toEqual([
      { uriTemplate: 'y://{n}', name: 'y' },
    ]);
    expect((await session.ask('prompts/list')).result.prompts).toEqual([{ name: 'p' }]);
  });

  test.each<[string, (mcp: McpServer, wrong: never) => unknown]>([
    ['tool', (mcp, wrong) => mcp.registerTool('odd', wrong, () => 'x')],
    ['resource', (mcp, wrong) => mcp.registerResource('odd', 'x://r', wrong, () => 'x')],
    ['template', (mcp, wrong) => mcp.registerResource('odd', new ResourceTemplate('x://{n}'), wrong, () => 'x')],
    ['prompt', (mcp, wrong) => mcp.registerPrompt('odd', wrong, () => 'x')],
  ])('a %s with a wrong member is refused when it is registered, by its name', (_what, register) => {
    for (const wrong of [{ title: 5 }, { description: ['x'] }, { icons: 'x' }, { _meta: 'x' }]) {
      const [name = ''] = Object.keys(wrong);
      const mcp = new McpServer({ name: 'w', version: '1' });
      expect(() => register(mcp, wrong as never)).toThrow(ConfigurationError);
      expect(() => register(mcp, wrong as never)).toThrow(new RegExp(`"odd".*"${name}"`));
    }
  });

  test('so are hints of a tool that are no hints', () => {
    const mcp = new McpServer({ name: 'w', version: '1' });
    for (const annotations of [{ readOnlyHint: 'yes' }, { title: 5 }, 'read-only', []]) {
      expect(() => mcp.registerTool('odd', { annotations: annotations as never }, () => 'x')).toThrow(
        /annotations.*"odd"/,
      );
    }
  });
});

async function answered(kind: 'roots' | 'sample', result: object) {
  const session = await served((mcp) => {
    mcp.registerTool('ask', {}, async (ctx) => {
      const message = { role: 'user' as const, content: { type: 'text' as const, text: 'Say' } };
      return JSON.stringify(await (kind === 'roots' ? ctx.roots() : ctx.sample({ messages: [message], maxTokens: 5 })));
    });
  });
  const stream = await session.stream({ jsonrpc: '2.0', id: 9, method: 'tools/call', params: { name: 'ask' } });
  const question = await requestOn(stream, kind === 'roots' ? 'roots/list' : 'sampling/createMessage');
  await session.post({ jsonrpc: '2.0', id: question.id, result });
  await stream.untilClosed();
  return stream.messages.find(({ id }) => id === 9).result;
}

const SAID = { role: 'assistant', model: 'm', content: BLOCK };
const USE = { type: 'tool_use', id: '1', name: 't', input: {} };

describe('answers of clients are checked whole (R16)', () => {
  test.each<['roots' | 'sample', object]>([
    ['roots', { roots: [null] }],
    ['roots', { roots: ['file:///a'] }],
    ['roots', { roots: [{}] }],
    ['roots', { roots: [{ uri: 'https://example.com' }] }],
    ['roots', { roots: [{ uri: 'file:///a', name: 5 }] }],
    ['roots', { roots: [{ uri: 'file:///a', _meta: 5 }] }],
    ['sample', { ...SAID, role: undefined }],
    ['sample', { ...SAID, role: 'system' }],
    ['sample', { ...SAID, model: undefined }],
    ['sample', { ...SAID, model: null }],
    ['sample', { ...SAID, stopReason: 5 }],
    ['sample', { ...SAID, content: 'text' }],
    ['sample', { ...SAID, content: {} }],
    ['sample', { ...SAID, content: [BLOCK, null] }],
    ['sample', { ...SAID, content: { type: 'text' } }],
    ['sample', { ...SAID, content: { type: 'image', data: 'AA==' } }],
    ['sample', { ...SAID, content: { ...USE, input: 'x' } }],
  ])('%s: %j is not valid', async (kind, result) => {
    const given = await answered(kind, result);
    expect(given.isError).toBe(true);
    expect(textOf(given)).toContain('not valid');
  });

  test.each<['roots' | 'sample', object, unknown]>([
    ['roots', { roots: [] }, []],
    ['roots', { roots: [{ uri: 'file:///a', name: null, _meta: null }], _meta: null }, [{ uri: 'file:///a' }]],
    ['sample', { ...SAID, stopReason: null }, SAID],
    ['sample', { ...SAID, content: [BLOCK, USE] }, { ...SAID, content: [BLOCK, USE] }],
    ['sample', { ...SAID, content: { ...BLOCK, annotations: null } }, SAID],
  ])('%s: %j is', async (kind, result, seen) => {
    const given = await answered(kind, result);
    expect(JSON.parse(textOf(given))).toEqual(seen);
  });
});
