import { describe, expect, test } from '@jest/globals';
import { McpServer } from 'mcp-express';
import { startServer } from '../support/start-server.js';
import { addGate, testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';
import { messagesIn, openWire } from './wire-session.js';

const HEARTBEAT_MS = 40;

async function gated(progressHeartbeatMs = HEARTBEAT_MS) {
  const mcp = testServer();
  const gate = addGate(mcp);
  const server = await startServer({ mcp, options: { progressHeartbeatMs } });
  return { ...server, gate, session: await openWire(server.url) };
}

const grows = (values: readonly number[]): boolean => values.every((value, at) => at === 0 || value > values[at - 1]!);

describe('a heartbeat for who asked for progress (R25)', () => {
  test('a silent call is heard of again and again, with progress that grows (R25)', async () => {
    const { session, gate } = await gated();
    const stream = await session.callStream('gate', {}, 1, { progressToken: 7 });
    const call = await gate.begun();
    await stream.untilMessages(4);
    call.resolve('done');
    await stream.untilClosed();
    const beats = stream.messages.slice(0, -1);
    expect(beats.every(({ params }) => params.progressToken === 7)).toBe(true);
    expect(grows(beats.map(({ params }) => params.progress))).toBe(true);
  });

  test('one without a token hears nothing but the answer (R25)', async () => {
    const { session, gate } = await gated();
    const [asking, silent] = [
      session.callStream('gate', {}, 1, { progressToken: 0 }),
      session.callStream('gate', {}, 2),
    ];
    const calls = [await gate.begun(), await gate.begun()];
    await (await asking).untilMessages(3);
    for (const call of calls) call.resolve('done');
    await (await silent).untilClosed();
    expect((await silent).messages).toMatchObject([{ id: 2 }]);
  });

  test('what the tool reports goes on growing across heartbeats (MCP, Progress: "MUST increase")', async () => {
    const { session, gate } = await gated();
    const stream = await session.callStream('gate', {}, 1, { progressToken: 't' });
    const call = await gate.begun();
    for (const step of [1, 2, 3]) {
      const seen = stream.messages.length;
      await call.ctx.progress(step, 3);
      await stream.until('a heartbeat after it', () => stream.messages.length >= seen + 2);
    }
    call.resolve('done');
    await stream.untilClosed();
    const values = stream.messages.slice(0, -1).map(({ params }) => params.progress);
    expect(grows(values)).toBe(true);
    expect(values).toEqual(expect.arrayContaining([1, 2, 3]));
  });

  test.each([1e12, 2 ** 53])('a tool that counts as high as %p is kept alive too (R25)', async (high) => {
    const { session, gate } = await gated();
    const stream = await session.callStream('gate', {}, 1, { progressToken: 't' });
    const call = await gate.begun();
    await call.ctx.progress(high);
    await eventually('two heartbeats', () => stream.messages.length >= 3);
    call.resolve('done');
    await stream.untilClosed();
    expect(grows(stream.messages.slice(0, -1).map(({ params }) => params.progress))).toBe(true);
  });
});

describe('progress (MCP, Progress)', () => {
  test('that does not grow is not sent', async () => {
    const mcp = new McpServer({ name: 'p', version: '1' });
    mcp.registerTool('steps', {}, (ctx) => {
      for (const step of [1, 1, 0, -5, Number.NaN, 2, 1.5, 2.5]) void ctx.progress(step);
      return 'done';
    });
    const { url } = await startServer({ mcp });
    const session = await openWire(url);
    const messages = messagesIn(await session.call('steps', {}, 1, { progressToken: 't' }));
    expect(messages.map(({ params }) => params?.progress)).toEqual([1, 2, 2.5, undefined]);
  });

  test.each([
    ['an infinite progress', [Infinity]],
    ['an infinite total', [1, Infinity]],
    ['a total that is no number', [1, 0 / 0]],
  ] as const)('%s, such as a division by nothing, never reaches the wire as null', async (_what, [progress, total]) => {
    const mcp = new McpServer({ name: 'p', version: '1' });
    mcp.registerTool('odd', {}, async (ctx) => {
      await ctx.progress(progress, total);
      return 'done';
    });
    const { url } = await startServer({ mcp });
    const session = await openWire(url);
    const messages = messagesIn(await session.call('odd', {}, 1, { progressToken: 't' }));
    expect(messages.at(-1)).toMatchObject({ result: { content: [{ text: 'done' }] } });
    for (const { params } of messages.slice(0, -1)) {
      expect(Object.values(params)).not.toContain(null);
    }
  });

  test.each([
    ['a string', 'tok'],
    ['an empty string', ''],
    ['zero', 0],
  ])('a token that is %s comes back as it was', async (_what, progressToken) => {
    const mcp = new McpServer({ name: 'p', version: '1' });
    mcp.registerTool('one', {}, (ctx) => {
      void ctx.progress(1);
      return 'done';
    });
    const { url } = await startServer({ mcp });
    const session = await openWire(url);
    const [first] = messagesIn(await session.call('one', {}, 1, { progressToken }));
    expect(first.params).toEqual({ progressToken, progress: 1 });
  });

  test.each([2 ** 53, 1e300])('a token that is %d is refused, with the id of the request', async (progressToken) => {
    const { url } = await startServer();
    const session = await openWire(url);
    const request = {
      jsonrpc: '2.0',
      id: 'mine',
      method: 'tools/call',
      params: { name: 'x', _meta: { progressToken } },
    };
    const answer = await session.post(request);
    expect([answer.status, answer.json]).toMatchObject([400, { id: 'mine', error: { code: -32600 } }]);
    expect(answer.json.error.message).toContain('_meta.progressToken');
  });

  test.each([null, true, 1.5, { a: 1 }, ['t']])('a token that is %j is none', async (progressToken) => {
    const mcp = new McpServer({ name: 'p', version: '1' });
    mcp.registerTool('one', {}, (ctx) => {
      void ctx.progress(1);
      return 'done';
    });
    const { url } = await startServer({ mcp });
    const session = await openWire(url);
    const answer = await session.ask('tools/call', { name: 'one', _meta: { progressToken } });
    expect(answer.result.content[0].text).toBe('done');
  });

  test('works in prompts and resources too', async () => {
    const mcp = new McpServer({ name: 'p', version: '1' });
    mcp.registerPrompt('p', {}, async (ctx) => {
      await ctx.progress(1);
      return 'prompt';
    });
    mcp.registerResource('r', 'x://r', {}, async (_uri, ctx) => {
      await ctx.progress(1);
      return 'resource';
    });
    const { url } = await startServer({ mcp });
    const session = await openWire(url);
    for (const [method, params] of [
      ['prompts/get', { name: 'p' }],
      ['resources/read', { uri: 'x://r' }],
    ] as const) {
      const request = { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: { progressToken: 'k' } } };
      const messages = messagesIn(await session.post(request));
      expect(messages).toMatchObject([{ method: 'notifications/progress' }, { id: 1, result: {} }]);
    }
  });
});
