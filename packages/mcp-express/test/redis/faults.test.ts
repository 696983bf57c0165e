import { describe, expect, jest, test } from '@jest/globals';
import { redisStore } from 'mcp-express/redis';
import { createClient } from 'redis';
import { ABLE, ASK_NAME, accepted, Client } from '../modern/alone.js';
import { onCleanup } from '../support/cleanup.js';
import type { RawAnswer } from '../support/raw-client.js';
import { send } from '../support/raw-client.js';
import { RedisServer } from '../support/redis.js';
import { initializeRequest, openSession, type TestSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { startProxy } from '../support/tcp-proxy.js';
import { addGate, testServer } from '../support/test-tools.js';
import { together } from '../support/together.js';
import { eventually, within } from '../support/wait.js';

async function redisOf(settings: readonly string[] = []) {
  const redis = await RedisServer.start(settings);
  onCleanup(() => redis.remove());
  return redis;
}

/** An operator at the console of Redis. */
async function operatorOf(redis: RedisServer) {
  const client = createClient({ url: redis.url });
  client.on('error', () => {});
  await client.connect();
  onCleanup(() => client.destroy());
  return (...command: string[]) => client.sendCommand(command);
}

async function nodeOn(url: string, timeoutMs = 1_500) {
  const mcp = testServer();
  const gate = addGate(mcp);
  const store = redisStore({ url, timeoutMs });
  const server = await startServer({ mcp, options: { store } });
  return { ...server, gate };
}

const echo = (session: TestSession, id = 1): Promise<RawAnswer> => session.call('echo', { text: `${id}` }, id);

const initialize = (url: string): Promise<RawAnswer> => send(url, { body: initializeRequest() });

function expectUnavailable({ status, headers, json }: RawAnswer): void {
  expect([status, headers['retry-after'], json?.error?.data?.reason]).toEqual([503, '1', 'store-unavailable']);
}

/** What makes room must work where there is none: the session goes, and its calls on all nodes with it. */
async function expectDeletable(session: TestSession, aborted: Promise<void>): Promise<void> {
  expect((await session.delete()).status).toBe(204);
  await within('its call elsewhere is told', aborted);
  expect((await session.delete()).status).toBe(404);
}

/** Each has a Redis of its own. */
const all = together();

describe('a Redis that takes no writes (R35, invariant 9)', () => {
  const FULL = [
    ['is full', [['CONFIG', 'SET', 'maxmemory', '1']], [['CONFIG', 'SET', 'maxmemory', '0']]],
    ['is a replica, and read-only', [['REPLICAOF', '127.0.0.1', '1']], [['REPLICAOF', 'NO', 'ONE']]],
    [
      'has too few replicas',
      [
        ['CONFIG', 'SET', 'min-replicas-to-write', '1'],
        ['CONFIG', 'SET', 'min-replicas-max-lag', '10'],
      ],
      [['CONFIG', 'SET', 'min-replicas-to-write', '0']],
    ],
  ] as const;

  for (const [how, begin, end] of FULL) {
    all.test(`${how}: 503 and not ready; afterwards it goes on by itself`, async () => {
      const redis = await redisOf();
      const operator = await operatorOf(redis);
      const { url, router, gate } = await nodeOn(redis.url, 2_000);
      const session = await openSession(url);
      const elsewhere = await nodeOn(redis.url, 2_000);
      const doomed = await openSession(url);
      const left = doomed.via(elsewhere.url).callStream('gate', {}, 8);
      const { aborted } = await elsewhere.gate.begun();
      void left.catch(() => {});
      const running = session.callStream('gate', {}, 7);
      const call = await gate.begun();
      const stream = await running;
      for (const command of begin) await operator(...command);
      expectUnavailable(await echo(session));
      expectUnavailable(await initialize(url));
      expect(await router.isReady()).toBe(false);
      if (how === 'is full') await expectDeletable(doomed, aborted);
      call.resolve('done');
      for (const command of end) await operator(...command);
      await eventually('it is ready again', () => router.isReady());
      expect((await echo(session)).json.result.content[0].text).toBe('1');
      await stream.untilClosed();
      expect(stream.messages).toMatchObject([{ id: 7, result: { content: [{ text: 'done' }] } }]);
    });
  }
});

describe('a Redis that is not there yet', () => {
  all.test('comes later: until then 503, and then the node is ready by itself (R35)', async () => {
    const redis = await redisOf();
    await redis.stop();
    const { url, router } = await nodeOn(redis.url);
    expectUnavailable(await initialize(url));
    expect(await router.isReady()).toBe(false);
    await redis.start();
    await eventually('it is ready', () => router.isReady());
    expect((await echo(await openSession(url))).status).toBe(200);
  });

  all.test('wants another password: the same, until it takes ours', async () => {
    const redis = await redisOf(['--requirepass', 'theirs']);
    const { url, router } = await nodeOn(`redis://:ours@127.0.0.1:${redis.port}`);
    expectUnavailable(await initialize(url));
    expect(await router.isReady()).toBe(false);
    const client = createClient({ url: `redis://:theirs@127.0.0.1:${redis.port}` });
    await client.connect();
    await client.configSet('requirepass', 'ours');
    client.destroy();
    await eventually('it is ready', () => router.isReady());
    expect((await echo(await openSession(url))).status).toBe(200);
  });
});

describe('a way to Redis that is bad', () => {
  all.test(
    'connections that are reset again and again: 200 or 503, nothing is unknown, and no answer is another one',
    async () => {
      const redis = await redisOf();
      const proxy = await startProxy(redis.port);
      const { url, router } = await nodeOn(`redis://127.0.0.1:${proxy.port}`);
      const sessions = await Promise.all(Array.from({ length: 10 }, () => openSession(url)));
      const statuses = new Set<number>();
      for (let round = 0; round < 8; round += 1) {
        const calls = sessions.flatMap((session, i) => [echo(session, 2 * i), echo(session, 2 * i + 1)]);
        proxy.reset();
        for (const { status, json } of await Promise.all(calls)) {
          statuses.add(status);
          if (status === 200) expect(json.result.content[0].text).toBe(`${json.id}`);
        }
        await eventually('it is ready again', () => router.isReady());
      }
      expect([...statuses].filter((status) => ![200, 503].includes(status))).toEqual([]);
      const after = await Promise.all(sessions.map((session) => echo(session)));
      expect(after.map(({ status }) => status)).toEqual(sessions.map(() => 200));
    },
  );

  all.test(
    'one that nothing passes for a while, without a word: 503 in time; a stream then shows what it has missed',
    async () => {
      const redis = await redisOf();
      const proxy = await startProxy(redis.port);
      const [cut, other] = [await nodeOn(`redis://127.0.0.1:${proxy.port}`), await nodeOn(redis.url)];
      const session = await openSession(cut.url);
      const listening = await session.listen();
      proxy.freeze();
      expectUnavailable(await echo(session));
      expect(await cut.router.isReady()).toBe(false);
      expect((await echo(session.via(other.url))).status).toBe(200);
      await other.router.notify.toolsChanged();
      proxy.thaw();
      await eventually('it is ready again', () => cut.router.isReady());
      await listening.untilMessages(1);
      expect(listening.messages).toMatchObject([{ method: 'notifications/tools/list_changed' }]);
      expect((await echo(session)).status).toBe(200);
    },
  );
});

describe('a Redis that has lost what it held', () => {
  all.test('sessions are unknown, calls that run are ended, clients begin anew', async () => {
    const redis = await redisOf();
    const operator = await operatorOf(redis);
    const { url, router, gate } = await nodeOn(redis.url);
    const session = await openSession(url);
    const running = session.callStream('gate', {}, 7);
    const call = await gate.begun();
    const stream = await running;
    await operator('FLUSHALL');
    await operator('SCRIPT', 'FLUSH');
    expect((await echo(session)).status).toBe(404);
    call.resolve('done');
    await stream.untilClosed();
    expect(stream.messages).toEqual([]);
    expect(await router.isReady()).toBe(true);
    expect((await echo(await openSession(url))).status).toBe(200);
  });
});

all.test('a Redis that lost the key of requestState is told it again by the nodes that have it (R31)', async () => {
  const redis = await redisOf(['--appendonly', 'no']);
  const asking = () => {
    const mcp = testServer();
    mcp.registerTool('ask', {}, async (ctx) => JSON.stringify(await ctx.elicit(ASK_NAME)));
    return startServer({ mcp, options: { store: redisStore({ url: redis.url }) } });
  };
  const old = await asking();
  const params = { name: 'ask', arguments: {} };
  const first = await new Client(old.url, { capabilities: ABLE }).ask('tools/call', params);
  await redis.stop('SIGKILL');
  await redis.start();
  await eventually('it is ready again', () => old.router.isReady());
  const fresh = await asking();
  const [key] = Object.keys(first.json.result.inputRequests);
  const answers = { [String(key)]: accepted({ name: 'Ada' }) };
  const second = await new Client(fresh.url, { capabilities: ABLE }).again(params, first, answers);
  expect(second.json.result?.content[0].text).toContain('Ada');
});

describe('a Redis that may evict what it holds', () => {
  /** What the process is warned of while nodes start on this Redis. */
  async function warningsOn(settings: readonly string[]): Promise<string[]> {
    const redis = await redisOf(settings);
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    onCleanup(() => warn.mockRestore());
    const { url, router } = await nodeOn(redis.url);
    await eventually('it is ready', () => router.isReady());
    await openSession(url);
    return warn.mock.calls.map(([message]) => String(message));
  }

  test.each(['allkeys-lru', 'volatile-ttl'])('with the policy %s the operator is warned, once', async (policy) => {
    const warnings = await warningsOn(['--maxmemory', '100mb', '--maxmemory-policy', policy]);
    expect(warnings).toEqual([expect.stringContaining(`"maxmemory-policy" is ${policy}`)]);
  });

  test.each([
    [['--maxmemory', '100mb', '--maxmemory-policy', 'noeviction']],
    [['--maxmemory', '0', '--maxmemory-policy', 'allkeys-lru']],
  ])('with %j there is nothing to warn of', async (settings) => {
    expect(await warningsOn(settings)).toEqual([]);
  });
});
