import { describe, expect, test } from '@jest/globals';
import type { JsonBody } from '../../support/raw-client.js';
import { addGate } from '../../support/test-tools.js';
import { specServer } from '../server.js';
import { start } from './client.js';

const progressIn = (messages: readonly JsonBody[]) =>
  messages.filter(({ method }) => method === 'notifications/progress').map(({ params }) => params);

const TOKEN = { meta: { progressToken: 't' } };

describe('progress', () => {
  test('each value is greater than the last [progress.increases]', async () => {
    const { client } = await start();
    const values = [0, 1, 1, 0.5, 2.5, -3, 2.5, 10, 100];
    const messages = await client.messagesOfCall('progress', { values }, TOKEN);
    expect(progressIn(messages).map(({ progress }) => progress)).toEqual([0, 1, 2.5, 10, 100]);
  });

  test('it increases with the heartbeats of a silent call too [progress.increases]', async () => {
    const mcp = specServer();
    const gate = addGate(mcp);
    const { client } = await start({ mcp, options: { progressHeartbeatMs: 5 } });
    const stream = await client.callStream('gate', {}, TOKEN);
    const call = await gate.begun();
    await stream.untilMessages(2);
    await call.ctx.progress(1);
    await stream.until('heartbeats after a value', () => (stream.messages.at(-1)?.params.progress ?? 0) > 1);
    call.resolve('done');
    await stream.untilClosed();
    const values = progressIn(stream.messages).map(({ progress }) => progress);
    expect(values).toEqual([...new Set(values)].sort((one, other) => one - other));
  });

  test('its message and total are sent as given [progress.message]', async () => {
    const { client } = await start();
    const messages = await client.messagesOfCall('progress', { values: [7] }, TOKEN);
    expect(progressIn(messages)).toEqual([{ progressToken: 't', progress: 7, total: 100, message: 'at 7' }]);
  });

  test('it names the token of its own request, type and all [progress.token-given, progress.tokens-tracked]', async () => {
    const { client } = await start();
    const tokens = ['1', 1, 'x', 0, ''];
    const all = await Promise.all(
      tokens.map((progressToken) => client.messagesOfCall('progress', { values: [1, 2] }, { meta: { progressToken } })),
    );
    for (const [index, messages] of all.entries()) {
      const named = progressIn(messages).map(({ progressToken }) => progressToken);
      expect(named).toEqual([tokens[index], tokens[index]]);
    }
  });

  test('without a token there is none [progress.token-given]', async () => {
    const { client } = await start({ options: { progressHeartbeatMs: 5 } });
    expect(await client.messagesOfCall('progress', { values: [1, 2] })).toMatchObject([{ id: 1, result: {} }]);
  });

  test('none follows the answer [progress.stops, progress.token-in-progress]', async () => {
    const mcp = specServer();
    const gate = addGate(mcp);
    const { client } = await start({ mcp, options: { progressHeartbeatMs: 5 } });
    const listening = await client.listen({ toolsListChanged: true });
    const stream = await client.callStream('gate', {}, TOKEN);
    const call = await gate.begun();
    await call.ctx.progress(1);
    call.resolve('done');
    await stream.untilClosed();
    await call.ctx.progress(1000);
    mcp.registerTool('new', {}, () => 'x');
    await listening.untilMessages(2);
    expect(stream.messages.at(-1)).toMatchObject({ id: 1, result: {} });
    expect(progressIn(listening.messages)).toEqual([]);
    expect(progressIn(stream.messages).every(({ progress }) => progress < 1000)).toBe(true);
  });

  test('a round has the token of its own request [progress.token-in-progress, progress.token-given]', async () => {
    const mcp = specServer();
    mcp.registerTool('asks', {}, async (ctx) => {
      await ctx.progress(1);
      await ctx.roots();
      await ctx.progress(2);
      return 'done';
    });
    const { client } = await start({ mcp, capabilities: { roots: {} } });
    const first = await client.messagesOfCall('asks', {}, { meta: { progressToken: 'first' } });
    const { inputRequests, requestState } = first.at(-1)?.result ?? {};
    const inputResponses = { [String(Object.keys(inputRequests)[0])]: { roots: [] } };
    const second = await client.stream(
      'tools/call',
      { name: 'asks', arguments: {}, inputResponses, requestState },
      { id: 2, meta: { progressToken: 'second' } },
    );
    await second.untilClosed();
    expect(progressIn(first).map(({ progressToken }) => progressToken)).toEqual(['first']);
    expect(progressIn(second.messages).map(({ progressToken }) => progressToken)).toEqual(['second', 'second']);
  });
});
