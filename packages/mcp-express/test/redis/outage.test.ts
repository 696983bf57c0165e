import { describe, expect, test } from '@jest/globals';
import { McpServer, mcpRouter } from 'mcp-express';
import { redisStore } from 'mcp-express/redis';
import { onCleanup } from '../support/cleanup.js';
import { RedisServer } from '../support/redis.js';
import { openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { addGate, testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

async function start() {
  const redis = await RedisServer.start();
  onCleanup(() => redis.remove());
  const mcp = testServer();
  const gate = addGate(mcp);
  const store = redisStore({ url: redis.url, timeoutMs: 500 });
  const server = await startServer({ mcp, options: { store } });
  return { ...server, redis, gate, session: await openSession(server.url) };
}

const OUTAGES: readonly (readonly [string, (redis: RedisServer) => Promise<void>])[] = [
  ['is stopped', (redis) => redis.stop()],
  ['is killed', (redis) => redis.stop('SIGKILL')],
  ['hangs', async (redis) => redis.signal('SIGSTOP')],
];

describe.each(OUTAGES)('while Redis %s (R35, invariant 9)', (how, stop) => {
  const goOn = (redis: RedisServer): Promise<void> | void =>
    how === 'hangs' ? redis.signal('SIGCONT') : redis.start();

  test('calls are 503 with Retry-After, nobody is told that a session is gone, and readiness is off', async () => {
    const { redis, session, router } = await start();
    expect(await router.isReady()).toBe(true);
    await stop(redis);
    const { status, headers, json } = await session.call('echo', { text: 'x' });
    expect([status, headers['retry-after'], json.error.data.reason]).toEqual([503, '1', 'store-unavailable']);
    expect(await router.isReady()).toBe(false);
    await goOn(redis);
    await eventually('it is ready again', () => router.isReady());
    expect((await session.call('echo', { text: 'x' })).status).toBe(200);
  });

  test('a call that runs is answered, and a stream goes on afterwards', async () => {
    const { redis, session, gate, mcp } = await start();
    const listening = await session.listen();
    const calling = session.callStream('gate', {}, 5);
    const call = await gate.begun();
    const stream = await calling;
    await stop(redis);
    call.resolve('done');
    await goOn(redis);
    await stream.untilClosed();
    expect(stream.messages).toMatchObject([{ id: 5, result: { content: [{ text: 'done' }] } }]);
    mcp.registerTool('another', {}, () => '');
    await listening.untilMessages(1);
    expect(listening.messages).toMatchObject([{ method: 'notifications/tools/list_changed' }]);
  });
});

describe('configuration', () => {
  test.each([
    [{}, '"url"'],
    [{ url: 'localhost:6379' }, '"url"'],
    [{ url: 'http://localhost:6379' }, '"url"'],
    [{ url: 'redis://localhost', prefix: '{a}' }, '"prefix"'],
    [{ url: 'redis://localhost', timeoutMs: 0 }, '"timeoutMs"'],
  ])('%j fails at start and names %s', (options, name) => {
    expect(() => redisStore(options)).toThrow(expect.objectContaining({ message: expect.stringContaining(name) }));
  });

  test('a Redis that is not there is said to be away within the time, and the start can be given up', async () => {
    const store = redisStore({ url: 'redis://127.0.0.1:1', timeoutMs: 300 });
    await expect(store.connected()).rejects.toThrow('300 ms');
    const router = mcpRouter(new McpServer({ name: 'x', version: '1' }), { store });
    expect(await router.isReady()).toBe(false);
    await router.close({ graceMs: 0 });
    await store.close();
  });
});
