import { isUtf8 } from 'node:buffer';
import { describe, expect, test } from '@jest/globals';
import { McpError, McpServer, type RouterOptions } from 'mcp-express';
import { start } from '../modern/alone.js';
import { startServer } from '../support/start-server.js';
import { openWire } from './wire-session.js';

const ODD = 'a\ud800b\u2028c\u2029d\u0085e\udc00f😀\\ud800';
const SOUND = 'a\ufffdb\u2028c\u2029d\u0085e\ufffdf😀\\ud800';

/** A server that has the text in every place where there is one. */
function server(): McpServer {
  const mcp = new McpServer({ name: ODD, version: '1', title: ODD }, { instructions: ODD });
  mcp.registerTool('give', { description: ODD, title: ODD, _meta: { [ODD]: ODD } }, () => ({
    content: [{ type: 'text', text: ODD }],
    structuredContent: { [ODD]: [ODD] },
    _meta: { [ODD]: ODD },
  }));
  mcp.registerTool('throw', {}, () => {
    throw new Error(ODD);
  });
  mcp.registerTool('log', {}, async (ctx) => {
    await ctx.log('info', { [ODD]: ODD });
    await ctx.progress(1, 2, ODD);
    return ODD;
  });
  mcp.registerResource('r', 'odd://r', { description: ODD }, () => ODD);
  mcp.registerPrompt('p', { description: ODD }, () => ODD);
  mcp.registerPrompt('refuse', {}, () => {
    throw new McpError('invalid-params', ODD, { data: { [ODD]: ODD } });
  });
  return mcp;
}

const REQUESTS: readonly [string, object][] = [
  ['tools/list', {}],
  ['resources/list', {}],
  ['prompts/list', {}],
  ['tools/call', { name: 'give', arguments: {} }],
  ['tools/call', { name: 'throw', arguments: {} }],
  ['tools/call', { name: 'log', arguments: {}, _meta: { progressToken: 'p' } }],
  ['resources/read', { uri: 'odd://r' }],
  ['prompts/get', { name: 'p' }],
  ['prompts/get', { name: 'refuse' }],
];

/** That a text is well-formed, says what was meant, and has no character at which a reader could end a line. */
function expectSound(text: string): void {
  expect(text).not.toMatch(/[\u0085\u2028\u2029]/);
  expect(text).not.toContain('\r');
  const messages = text.startsWith('{')
    ? [text]
    : text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : []));
  expect(messages.length).toBeGreaterThan(0);
  const whole = messages.map((message) => JSON.stringify(JSON.parse(message))).join();
  expect(whole).toContain(JSON.stringify(SOUND));
  expect(whole.replaceAll('\\\\ud800', '')).not.toContain('\\ud');
  expect(isUtf8(Buffer.from(text))).toBe(true);
}

const FORMS: readonly [string, string, RouterOptions][] = [
  ['JSON', 'application/json, text/event-stream', {}],
  ['a stream', 'text/event-stream', {}],
  ['JSON alone', 'application/json, text/event-stream', { jsonOnly: true }],
];

describe.each(FORMS)('half characters and line breaks of Unicode, in %s', (_form, accept, options) => {
  test.each(REQUESTS)('%s %j: well-formed in a session', async (method, params) => {
    const { url } = await startServer({ mcp: server(), options });
    const session = await openWire(url);
    const answer = await session.post({ jsonrpc: '2.0', id: 1, method, params }, { accept });
    expectSound(answer.text);
  });

  test.each(REQUESTS)('%s %j: well-formed in 2026-07-28', async (method, params) => {
    const { client } = await start({ mcp: server(), options });
    expectSound((await client.ask(method, params, { headers: { accept } })).text);
  });
});

test('the handshake is well-formed', async () => {
  const { client } = await start({ mcp: server() });
  expectSound((await client.ask('server/discover')).text);
});
