import { describe, expect, test } from '@jest/globals';
import { type CallToolResult, type ContentBlock, McpServer } from 'mcp-express';
import { Client } from '../modern/alone.js';
import { startServer } from '../support/start-server.js';
import { handshake, openWire } from './wire-session.js';

const ANNOTATIONS = { audience: ['user' as const], priority: 0.9, lastModified: '2025-01-12T15:00:58Z' };
const ICONS = [
  { src: 'https://example.com/a.png', mimeType: 'image/png', sizes: ['48x48', '96x96'], theme: 'dark' as const },
  { src: 'data:image/svg+xml;base64,AA==', sizes: ['any'] },
];

const BLOCKS: Readonly<Record<string, ContentBlock>> = {
  text: { type: 'text', text: 'Ünïcode \u2028\u0000 "quoted"\n\r\n', annotations: ANNOTATIONS, _meta: { a: 1 } },
  'empty text': { type: 'text', text: '' },
  image: { type: 'image', data: 'AA==', mimeType: 'image/png', annotations: ANNOTATIONS },
  audio: { type: 'audio', data: 'AA==', mimeType: 'audio/wav', _meta: { a: 1 } },
  'resource link': {
    type: 'resource_link',
    uri: 'file:///a.rs',
    name: 'a.rs',
    title: 'A',
    description: 'D',
    mimeType: 'text/x-rust',
    size: 5,
    icons: ICONS,
    annotations: ANNOTATIONS,
  },
  'embedded text': {
    type: 'resource',
    resource: { uri: 'x://a', mimeType: 'text/plain', text: 't', _meta: { b: 2 } },
    annotations: ANNOTATIONS,
  },
  'embedded bytes': { type: 'resource', resource: { uri: 'x://a', mimeType: 'image/png', blob: 'AA==' } },
};

async function giving(result: CallToolResult | string) {
  const mcp = new McpServer({ name: 'r', version: '1' });
  mcp.registerTool('give', {}, () => result);
  const { url } = await startServer({ mcp });
  return openWire(url);
}

describe('every kind of content comes through unchanged (MCP, Tools, Tool Result)', () => {
  test.each(Object.entries(BLOCKS))('%s, in JSON and in a stream', async (_kind, block) => {
    const session = await giving({ content: [block] });
    for (const accept of ['application/json', 'text/event-stream']) {
      expect(await session.tool('give', {}, { accept })).toEqual({ content: [block] });
    }
  });

  test('all of them in one result, in order, with _meta and structuredContent', async () => {
    const result = {
      content: Object.values(BLOCKS),
      structuredContent: { deep: { list: [1, null, 'x', { a: true }] } },
      _meta: { 'example.com/trace': { id: 1 } },
    };
    expect(await (await giving(result)).tool('give')).toEqual(result);
  });

  test('nothing at all is an empty list', async () => {
    expect(await (await giving({ content: [] })).tool('give')).toEqual({ content: [] });
  });

  test('a string is one text', async () => {
    expect(await (await giving('plain')).tool('give')).toEqual({ content: [{ type: 'text', text: 'plain' }] });
  });

  test('an error result keeps its content', async () => {
    const result = { content: [{ type: 'text' as const, text: 'no' }], isError: true, _meta: { a: 1 } };
    expect(await (await giving(result)).tool('give')).toEqual(result);
  });

  test('a structured value is shown as text that has no half characters either', async () => {
    const { content, structuredContent } = await (
      await giving({ content: [], structuredContent: { a: 'x\ud800y\\ud800', 'k\udc00': '😀' } })
    ).tool('give');
    const sound = { a: 'x\ufffdy\\ud800', 'k\ufffd': '😀' };
    expect(structuredContent).toEqual(sound);
    expect(content).toEqual([{ type: 'text', text: JSON.stringify(sound) }]);
  });

  test.each<[string, object, unknown]>([
    ['a text', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['a list', { toJSON: () => [1, 2] }, [1, 2]],
    ['null', { toJSON: () => null }, null],
    ['an object', { toJSON: () => ({ a: 1 }) }, { a: 1 }],
  ])(
    'structured content that writes itself as %s is structured where it may be, and text everywhere',
    async (_what, value, written) => {
      const mcp = new McpServer({ name: 'r', version: '1' });
      mcp.registerTool('give', {}, () => ({ content: [], structuredContent: value as Record<string, unknown> }));
      mcp.registerTool('both', {}, () => ({
        content: [{ type: 'text', text: 'shown' }],
        structuredContent: value as Record<string, unknown>,
      }));
      const { url } = await startServer({ mcp });
      const session = await openWire(url);
      const isFit = typeof written === 'object' && written !== null && !Array.isArray(written);
      const shown = [{ type: 'text', text: JSON.stringify(written) }];
      expect(await session.tool('give')).toEqual({ content: shown, ...(isFit ? { structuredContent: written } : {}) });
      const both = await session.tool('both');
      expect(both).toEqual({
        content: [{ type: 'text', text: 'shown' }],
        ...(isFit ? { structuredContent: written } : {}),
      });
      const modern = await new Client(url).call('give');
      expect(modern.json.result).toMatchObject({ content: shown, structuredContent: written });
    },
  );

  test('5 MB of text come whole, in JSON and in a stream', async () => {
    const text = 'ä\n'.repeat(1_750_000);
    const session = await giving(text);
    for (const accept of ['application/json', 'text/event-stream']) {
      expect((await session.tool('give', {}, { accept })).content[0].text === text).toBe(true);
    }
  });
});

test('a tool is listed with all that was said of it, in the order of registration (MCP, Tools)', async () => {
  const mcp = new McpServer({ name: 'r', version: '1' });
  const about = {
    title: 'Find',
    description: 'Finds.',
    annotations: { title: 'F', readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    icons: ICONS,
    _meta: { 'example.com/a': 1 },
  };
  const schema = { type: 'object', properties: { a: { type: 'string' } }, $defs: { x: {} }, 'x-own': 1 } as const;
  mcp.registerTool('zz.last_1-A', { ...about, inputSchema: schema, outputSchema: schema }, () => ({}));
  mcp.registerTool('aa', {}, () => 'x');
  const { url } = await startServer({ mcp });
  const session = await openWire(url);
  expect((await session.ask('tools/list')).result).toEqual({
    tools: [
      { name: 'zz.last_1-A', ...about, inputSchema: schema, outputSchema: schema },
      { name: 'aa', inputSchema: { type: 'object', properties: {} } },
    ],
  });
});

test('what a server is, with its icons, and how to use it is told in initialize (MCP, Lifecycle)', async () => {
  const info = {
    name: 'r',
    version: '1',
    title: 'R',
    description: 'D',
    websiteUrl: 'https://example.com',
    icons: ICONS,
  };
  const { url } = await startServer({ mcp: new McpServer(info, { instructions: 'Use it well.' }) });
  const { result } = await handshake(url, {});
  expect(result).toEqual({
    protocolVersion: '2025-11-25',
    capabilities: { tools: { listChanged: true }, logging: {} },
    serverInfo: info,
    instructions: 'Use it well.',
  });
});
