import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { createClient } from 'redis';
import { Client, WITH_TASKS } from '../modern/alone.js';
import { onCleanup } from '../support/cleanup.js';
import { FixtureProcess } from '../support/program.js';
import { RedisServer } from '../support/redis.js';
import { openSession } from '../support/session.js';
import { together } from '../support/together.js';
import { eventually } from '../support/wait.js';

const HOUR_MS = 60 * 60_000;
const IDLE_MS = 30 * 60_000;
const LEASE_MS = 3_000;
/** What a busy machine may take between a write and a look at it. */
const SLACK_MS = 60_000;

const CLOCK = pathToFileURL(join(import.meta.dirname, '../support/shifted-clock.mjs')).href;

/** Whatever the time it takes, the answer is one body. */
const JSON_WITH_TASKS = { capabilities: WITH_TASKS, headers: { accept: 'application/json' } };

let redis: RedisServer;
/** A node whose clock is that of Redis. */
let right: FixtureProcess;

beforeAll(async () => {
  redis = await RedisServer.start();
  right = await node(0, () => {});
});

afterAll(async () => {
  await right.end('SIGKILL');
  await redis.remove();
});

/** A node whose clock is ahead by so much. */
function node(aheadMs: number, whenOver = onCleanup): Promise<FixtureProcess> {
  const clock = { NODE_OPTIONS: `--import ${CLOCK}`, CLOCK_AHEAD_MS: String(aheadMs) };
  return FixtureProcess.start({ STORE: redis.url, LEASE_MS: String(LEASE_MS), ...clock }, whenOver);
}

/** How long the keys that match live from now on, by the clock of Redis. Milliseconds. */
async function livesOf(pattern: string): Promise<number[]> {
  const client = await createClient({ url: redis.url }).connect();
  try {
    const keys = await client.keys(pattern);
    return await Promise.all(keys.map((key) => client.pTTL(key)));
  } finally {
    client.destroy();
  }
}

function expectAbout(lives: readonly number[], ms: number): void {
  expect(lives.length).toBeGreaterThan(0);
  for (const life of lives) {
    expect(life).toBeGreaterThan(ms - SLACK_MS);
    expect(life).toBeLessThanOrEqual(ms + SLACK_MS);
  }
}

const { test } = together();

describe.each([
  ['ahead of', HOUR_MS],
  ['behind', -HOUR_MS],
])('a node whose clock is an hour %s that of Redis (R3)', (_how, aheadMs) => {
  test('opens sessions that live as long as others, and lets others live', async () => {
    const wrong = await node(aheadMs);
    const [own, foreign] = [await openSession(wrong.url), await openSession(right.url)];
    for (const session of [own, foreign]) {
      for (const { url } of [wrong, right, wrong]) {
        expect((await session.via(url).call('test_simple_text')).status).toBe(200);
        expectAbout(await livesOf(`mcp:s:{${session.id}}`), IDLE_MS);
      }
    }
    const stream = await own.via(right.url).listen();
    onCleanup(() => stream.destroy());
    await eventually(
      'it is held',
      async () => (await own.post({ jsonrpc: '2.0', id: 1, method: 'ping' })).status === 200,
    );
    expectAbout(await livesOf(`mcp:s:{${own.id}}`), IDLE_MS);
  });

  test('is alive to others while it is, and is missed soon when it is not (R12)', async () => {
    const wrong = await node(aheadMs);
    const session = await openSession(wrong.url);
    const stream = await session.callStream('test_cancellation', {}, 1);
    await eventually('it can be resumed', () => stream.lastId !== undefined);
    const waiting = await session.via(right.url).resume(String(stream.lastId));
    for (const life of await livesOf('mcp:n:*')) expect(life).toBeLessThanOrEqual(LEASE_MS);
    const begun = performance.now();
    await eventually('its first lease is over', () => performance.now() - begun > 1.5 * LEASE_MS);
    expect([waiting.closed, waiting.messages]).toEqual([undefined, []]);
    await wrong.end('SIGKILL');
    await waiting.untilClosed();
    expect(waiting.messages).toMatchObject([{ id: 1, error: { data: { reason: 'call-interrupted' } } }]);
  });

  test('makes tasks that are kept as long as they were promised', async () => {
    const wrong = await node(aheadMs);
    const created = await new Client(wrong.url, JSON_WITH_TASKS).call('slow_compute', { seconds: 60 });
    const { taskId, ttlMs } = created.json.result;
    expectAbout(await livesOf(`mcp:t:{${taskId}}`), Number(ttlMs));
  });
});
