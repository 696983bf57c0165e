import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { redisStore } from 'mcp-express/redis';
import { testStore } from 'mcp-express/testing';
import { RedisCluster } from '../support/redis-cluster.js';
import { openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { addGate, testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

let cluster: RedisCluster;
let count = 0;

beforeAll(async () => {
  cluster = await RedisCluster.start();
});

afterAll(() => cluster.remove());

describe('the Redis store on a cluster of three masters (R35)', () => {
  testStore({
    describe,
    test,
    create: async (streams = {}) => {
      count += 1;
      const createClient = (purpose: string) => cluster.createClient(purpose);
      const options = { createClient, prefix: `test-${count}:`, timeoutMs: 20_000, streams };
      return { store: redisStore(options), other: redisStore(options) };
    },
    createFailing: 'a cluster fails as one server does; see test/redis/contract.test.ts',
  });
});

describe('nodes on a cluster', () => {
  async function node(timeoutMs = 5_000) {
    const mcp = testServer();
    const gate = addGate(mcp);
    const store = redisStore({ createClient: (purpose) => cluster.createClient(purpose), prefix: 'nodes:', timeoutMs });
    return { ...(await startServer({ mcp, options: { store } })), gate };
  }

  test('serve any session, show its streams, and tell each other of changes (R1, R30)', async () => {
    const [one, other] = [await node(), await node()];
    const sessions = await Promise.all(Array.from({ length: 6 }, () => openSession(one.url)));
    for (const [id, session] of sessions.entries()) {
      const stream = await session.callStream('gate', {}, id);
      const call = await one.gate.begun();
      await eventually('it can be resumed', () => stream.lastId !== undefined);
      const there = await session.via(other.url).resume(String(stream.lastId));
      call.resolve(`done ${id}`);
      await there.untilClosed();
      expect(there.messages).toMatchObject([{ id, result: { content: [{ text: `done ${id}` }] } }]);
    }
    const listening = await Promise.all(sessions.map((session) => session.via(other.url).listen()));
    await one.router.notify.toolsChanged();
    await Promise.all(listening.map((stream) => stream.untilMessages(1)));
    expect((await sessions[0]?.via(other.url).delete())?.status).toBe(204);
    expect((await sessions[0]?.call('echo', { text: 'x' }))?.status).toBe(404);
  });

  test('begin before the cluster is there, and are ready once it is (R35)', async () => {
    await cluster.stop();
    const { router, url } = await node(500);
    expect(await router.isReady()).toBe(false);
    await expect(openSession(url)).rejects.toThrow('503');
    await cluster.startAgain();
    await eventually('it is ready', () => router.isReady());
    const session = await eventually('it takes sessions', () => openSession(url).catch(() => undefined));
    expect((await session.call('echo', { text: 'x' })).status).toBe(200);
  });
});
