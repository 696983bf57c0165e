import { expect, test } from '@jest/globals';
import { redisStore } from 'mcp-express/redis';
import { onCleanup } from '../support/cleanup.js';
import { WatchedRedis } from '../support/redis-sentinel.js';
import { openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { addGate, testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

/*
 * Redis tells its replica of a write after it has acknowledged it: what was acknowledged in the moment before a master
 * dies may be lost. The tests wait until the replica has it, so that what they lose is our fault.
 */

async function nodesOn(redis: WatchedRedis) {
  const node = async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const store = redisStore({ createClient: () => redis.createClient(), timeoutMs: 1_000 });
    return { ...(await startServer({ mcp, options: { store, leaseMs: 60_000 } })), gate };
  };
  return [await node(), await node()] as const;
}

test('a session, its stream and its call survive the death of the master, behind Sentinel (R2, R35)', async () => {
  const redis = await WatchedRedis.start();
  onCleanup(() => redis.remove());
  const [one, other] = await nodesOn(redis);
  await eventually('both are ready', async () => (await one.router.isReady()) && (await other.router.isReady()));
  const session = await openSession(one.url);
  const listening = await session.via(other.url).listen();
  const calling = session.callStream('gate', {}, 5);
  const call = await one.gate.begun();
  const stream = await calling;
  await redis.replicated();

  await redis.master.stop('SIGKILL');
  const statuses = new Set<number>();
  await eventually('the replica is the master', async () => {
    const { status, headers } = await session.via(other.url).call('echo', { text: 'x' });
    statuses.add(status);
    if (status === 503) expect(headers['retry-after']).toBe('1');
    return status === 200;
  });
  expect([...statuses].filter((status) => ![200, 503].includes(status))).toEqual([]);
  await eventually('both are ready again', async () => (await one.router.isReady()) && (await other.router.isReady()));

  call.resolve('done');
  await stream.untilClosed();
  expect(stream.messages).toMatchObject([{ id: 5, result: { content: [{ text: 'done' }] } }]);
  await one.router.notify.toolsChanged();
  await listening.untilMessages(1);
  expect(listening.messages).toMatchObject([{ method: 'notifications/tools/list_changed' }]);
  expect((await session.call('echo', { text: 'x' })).status).toBe(200);
});
