import { describe, expect, test } from '@jest/globals';
import { type HandlerContext, McpServer } from 'mcp-express';
import { send } from '../support/raw-client.js';
import { startServer } from '../support/start-server.js';
import { openWire } from './wire-session.js';

function server(): McpServer {
  const mcp = new McpServer({ name: 'json', version: '1' });
  mcp.registerTool('talkative', {}, async (ctx: HandlerContext) => {
    await ctx.progress(1);
    void ctx.log('error', 'x');
    return 'done';
  });
  mcp.registerTool('slow', {}, async () => {
    await new Promise((resolve) => setTimeout(resolve, 120));
    return 'late';
  });
  mcp.registerResource('r', 'json://r', {}, () => 'r');
  mcp.registerPrompt('p', {}, () => 'p');
  return mcp;
}

const start = () => startServer({ mcp: server(), options: { jsonOnly: true } });

describe('jsonOnly (R47)', () => {
  test('does not offer what needs a stream', async () => {
    const { url } = await start();
    const { json } = await send(url, {
      body: {
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } },
      },
    });
    expect(json.result.capabilities).toEqual({ tools: {}, resources: {}, prompts: {} });
  });

  test('answers every call as JSON, however long it takes and whatever it says before, and counts what it dropped', async () => {
    const { url, router } = await start();
    const session = await openWire(url);
    const talkative = await session.call('talkative', {}, 1, { progressToken: 'token' });
    expect(talkative.headers['content-type']).toBe('application/json');
    expect(talkative.json.result.content[0].text).toBe('done');
    expect((await session.call('slow')).headers['content-type']).toBe('application/json');
    expect((await router.stats()).droppedNotifications).toBe(2);
  });

  test('has nothing to GET, and nothing for who takes only streams (R13)', async () => {
    const { url } = await start();
    const session = await openWire(url);
    const get = await send(url, { method: 'GET', headers: { ...session.headers, accept: 'text/event-stream' } });
    expect([get.status, get.headers['allow']]).toEqual([405, 'POST, DELETE']);
    const onlySse = await send(url, {
      body: { jsonrpc: '2.0', id: 1, method: 'ping' },
      headers: { ...session.headers, accept: 'text/event-stream' },
    });
    expect(onlySse.status).toBe(406);
  });
});
