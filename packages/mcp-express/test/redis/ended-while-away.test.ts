import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect } from '@jest/globals';
import { redisStore } from 'mcp-express/redis';
import { Client, WITH_TASKS } from '../modern/alone.js';
import { onCleanup } from '../support/cleanup.js';
import { RedisServer } from '../support/redis.js';
import { openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { startProxy } from '../support/tcp-proxy.js';
import { addGate, testServer } from '../support/test-tools.js';
import { together } from '../support/together.js';
import { eventually } from '../support/wait.js';

const all = together();

const LEASE_MS = 6_000;
const AWAY_MS = 4_000;
const COUNT = 10;

const keyOf = (i: number) => ({ 'idempotency-key': `key-${i}`, accept: 'application/json' });

/** Two nodes on a Redis of their own; calls run on the first. */
async function twoNodes() {
  const redis = await RedisServer.start();
  onCleanup(() => redis.remove());
  const mcp = testServer();
  const gate = addGate(mcp);
  const jobs: ((text: string) => void)[] = [];
  mcp.registerTool('job', { task: {} }, () => new Promise<string>((resolve) => jobs.push(resolve)));
  const node = () =>
    startServer({ mcp, options: { leaseMs: LEASE_MS, store: redisStore({ url: redis.url, timeoutMs: 1_000 }) } });
  const [runs, asks] = [await node(), await node()];
  const usual = { capabilities: WITH_TASKS };
  return { redis, gate, jobs, runs, asks, client: new Client(runs.url, usual), other: new Client(asks.url, usual) };
}

async function whileAway(redis: RedisServer, end: () => void): Promise<number> {
  await redis.stop();
  end();
  await delay(AWAY_MS);
  await redis.start();
  return performance.now();
}

describe('what ends while Redis is away for four seconds (R35, invariant 1)', () => {
  all.test('keyed calls have their results when Redis is back, within two leases (R36)', async () => {
    const { redis, gate, runs, asks } = await twoNodes();
    const session = await openSession(runs.url);
    const indices = Array.from({ length: COUNT }, (_each, i) => i);
    for (const i of indices) void session.call('gate', { i }, i, { headers: keyOf(i) }).catch(() => {});
    await eventually('all run', () => gate.calls.length === COUNT);
    const backAt = await whileAway(redis, () => {
      for (const { args, resolve } of gate.calls) resolve(`result ${args['i']}`);
    });
    const again = session.via(asks.url);
    const texts = await Promise.all(
      indices.map((i) =>
        eventually('the node whose Redis is back answers', async () => {
          const { status, json } = await again.call('gate', { i }, i, { headers: keyOf(i) });
          return status !== 503 && (json.result?.content[0].text ?? json.error);
        }),
      ),
    );
    expect(performance.now() - backAt).toBeLessThan(2 * LEASE_MS);
    expect(texts).toEqual(indices.map((i) => `result ${i}`));
    expect(gate.calls).toHaveLength(COUNT);
  });

  all.test('tasks have their results when Redis is back, within two leases (R46)', async () => {
    const { redis, jobs, client, other } = await twoNodes();
    const created = await Promise.all(Array.from({ length: COUNT }, () => client.call('job')));
    await eventually('all run', () => jobs.length === COUNT);
    const backAt = await whileAway(redis, () => {
      for (const [i, resolve] of jobs.entries()) resolve(`result ${i}`);
    });
    const ids = created.map(({ json }) => json.result.taskId as string);
    const texts = await Promise.all(
      ids.map((taskId) =>
        eventually('the task is completed', async () => {
          const { json } = await other.ask('tasks/get', { taskId });
          return json?.result?.status === 'completed' && (json.result.result.content[0].text as string);
        }),
      ),
    );
    expect(performance.now() - backAt).toBeLessThan(2 * LEASE_MS);
    expect([...texts].sort()).toEqual(ids.map((_id, i) => `result ${i}`).sort());
  });
});

all.test(
  'an answer that a dead connection was given while Redis was away is there afterwards (R7, invariant 1)',
  async () => {
    const { redis, gate, runs, asks } = await twoNodes();
    const session = await openSession(runs.url);
    const line = await startProxy(runs.port);
    const opening = session.via(line.url).callStream('gate', {}, 1, { headers: { accept: 'text/event-stream' } });
    const call = await gate.begun();
    const stream = await opening;
    await eventually('it can be resumed', () => stream.lastId !== undefined);
    line.freeze();
    await whileAway(redis, () => call.resolve('done'));
    const resumed = await eventually('the client comes back for it', async () => {
      const headers = { accept: 'text/event-stream', 'last-event-id': String(stream.lastId) };
      const answer = await session.via(asks.url).get(headers);
      return answer.status === 200 && answer;
    });
    expect(resumed.json?.result.content[0].text).toBe('done');
    expect(stream.messages).toEqual([]);
  },
);

describe('a node that is cut off from Redis for longer than its lease (R7, R35, invariant 1)', () => {
  all.test('gives no answer that another node may have told to be interrupted, and then tells the same', async () => {
    const redis = await RedisServer.start();
    onCleanup(() => redis.remove());
    const line = await startProxy(redis.port);
    const mcp = testServer();
    const gate = addGate(mcp);
    const node = (port: number) => {
      const store = redisStore({ url: `redis://127.0.0.1:${port}`, timeoutMs: 500 });
      return startServer({ mcp, options: { leaseMs: 1_000, store } });
    };
    const [runs, asks] = [await node(line.port), await node(redis.port)];
    const session = await openSession(runs.url);
    const opening = session.callStream('gate', {}, 1, { headers: { accept: 'text/event-stream' } });
    const call = await gate.begun();
    const stream = await opening;
    await eventually('it can be resumed', () => stream.lastId !== undefined);
    line.freeze();
    const resumed = await session.via(asks.url).replay(String(stream.lastId));
    const interrupted = [{ id: 1, error: { data: { reason: 'call-interrupted' } } }];
    expect(resumed.messages).toMatchObject(interrupted);
    call.resolve('too late');
    const endedAt = performance.now();
    await eventually('it would have been given by now', () => performance.now() - endedAt > 2_500);
    expect(stream.messages).toEqual([]);
    line.thaw();
    // The connection that came later has taken the stream over.
    expect(await stream.untilClosed()).toBe('end');
    expect(stream.messages.filter(({ error }) => error === undefined)).toEqual([]);
    const again = await session.replay(String(stream.lastId));
    expect(again.messages).toMatchObject(interrupted);
  });
});
