import { describe, expect, test } from '@jest/globals';
import { type LogLevel, McpServer } from 'mcp-express';
import { startServer } from '../support/start-server.js';
import { messagesIn, openWire } from './wire-session.js';

const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'] as const;

function loggingServer(): McpServer {
  const mcp = new McpServer({ name: 'l', version: '1' });
  mcp.registerTool('all', {}, (ctx) => {
    for (const level of LEVELS) void ctx.log(level, level, 'l');
    return 'done';
  });
  return mcp;
}

async function start() {
  const { url } = await startServer({ mcp: loggingServer() });
  const session = await openWire(url);
  const logged = async () =>
    messagesIn(await session.call('all')).flatMap(({ params }) => (params === undefined ? [] : [params.level]));
  return { url, session, logged };
}

describe('logging/setLevel (MCP, Logging)', () => {
  test.each(LEVELS)('%s: that and what is more severe is sent, in order, before the answer', async (level) => {
    const { session, logged } = await start();
    expect((await session.ask('logging/setLevel', { level })).result).toEqual({});
    expect(await logged()).toEqual(LEVELS.slice(LEVELS.indexOf(level)));
  });

  test('is of one session: another keeps its own (R4)', async () => {
    const { url, session, logged } = await start();
    const other = await openWire(url);
    await other.ask('logging/setLevel', { level: 'emergency' });
    expect(await logged()).toEqual(LEVELS.slice(1));
    expect(messagesIn(await other.call('all'))).toHaveLength(2);
    await session.ask('logging/setLevel', { level: 'debug' });
    expect(await logged()).toEqual(LEVELS);
  });

  test.each(['verbose', 'INFO', '', null, 3, undefined])('%j is -32602, and changes nothing', async (level) => {
    const { session, logged } = await start();
    await session.ask('logging/setLevel', { level: 'alert' });
    const { error } = await session.ask('logging/setLevel', { level });
    expect(error.code).toBe(-32602);
    expect(await logged()).toEqual(['alert', 'emergency']);
  });
});

const circular: Record<string, unknown> = {};
circular['self'] = circular;

describe('a log message that cannot be written as JSON (R33, invariant 1)', () => {
  test.each([
    ['a circle', circular],
    ['a BigInt', 1n],
    ['undefined', undefined],
    ['a function', () => 1],
  ])('%s, awaited or not, never costs the call its answer', async (_what, data) => {
    const mcp = new McpServer({ name: 'l', version: '1' });
    mcp.registerTool('bad', {}, async (ctx) => {
      ctx.log('error', data).catch(() => {});
      await ctx.log('error' as LogLevel, data).catch(() => {});
      return 'still here';
    });
    const { url } = await startServer({ mcp });
    const session = await openWire(url);
    const messages = messagesIn(await session.call('bad'));
    expect(messages.at(-1)).toMatchObject({ id: 1, result: { content: [{ text: 'still here' }] } });
    for (const { params } of messages.slice(0, -1)) expect(params).toHaveProperty('data');
  });
});
