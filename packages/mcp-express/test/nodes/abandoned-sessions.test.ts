import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { memoryStore, type Store } from 'mcp-express';
import { redisStore } from 'mcp-express/redis';
import { createClient } from 'redis';
import { ROOMY, record } from '../lmdb/filled.js';
import { onCleanup } from '../support/cleanup.js';
import { ALL } from '../support/pages.js';
import { RedisServer } from '../support/redis.js';
import { eventually } from '../support/wait.js';

/*
 * The small form of `npm run sizing`, which opens 20,000 sessions over HTTP and prints what each of them costs. That the
 * file of LMDB does not grow with those that are gone is in `lmdb/growth.test.ts`.
 */

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

async function heap(): Promise<number> {
  for (let round = 0; round < 4; round += 1) {
    collect();
    await new Promise(setImmediate);
  }
  return process.memoryUsage().heapUsed;
}

const EVENT = { data: JSON.stringify({ text: 'x'.repeat(200) }) };

/** Opens a session that has something to say and wants to hear of something, and leaves it to itself. */
async function abandon(store: Store, id: string, expiresAt: number): Promise<void> {
  await store.sessions.create(record(id, `owner-${id}`), expiresAt, ROOMY);
  const key = { session: id, stream: `${id}-own` };
  await store.streams.open(key);
  await store.streams.append(key, [EVENT]);
  await store.subscriptions.add(id, { uri: `note://${id}`, key: `note://${id}` }, { count: 10, bytes: 10_000 });
}

describe('sessions that nobody comes back for leave nothing behind (R3)', () => {
  test('5,000 of them in memory', async () => {
    let time = 1_000_000;
    const store = memoryStore({ now: () => time });
    onCleanup(() => store.close());
    const round = async (name: string, count: number): Promise<void> => {
      for (let i = 0; i < count; i += 1) await abandon(store, `${name}-${i}`, time + 60_000);
    };
    const pass = async (): Promise<void> => {
      time += 60_000;
      expect(await store.sessions.count()).toBe(0);
      await store.sessions.takeExpired?.();
    };
    await round('warm', 500);
    await pass();
    const before = await heap();
    await round('cold', 5_000);
    const held = (await heap()) - before;
    await pass();
    const left = (await heap()) - before;
    expect(held).toBeGreaterThan(5_000 * 500);
    expect(left).toBeLessThan(held / 10);
    expect(await store.streams.read({ session: 'cold-7', stream: 'cold-7-own' }, 'start', ALL)).toBeUndefined();
  });

  let redis: RedisServer;

  beforeAll(async () => {
    redis = await RedisServer.start(['--appendonly', 'no']);
  });

  afterAll(() => redis.remove());

  test('300 of them in Redis: every key of theirs expires by itself, and the index forgets them', async () => {
    const store = redisStore({ url: redis.url, timeoutMs: 30_000, streams: { ageMs: 1_000 } });
    onCleanup(() => store.close());
    const operator = await createClient({ url: redis.url }).connect();
    onCleanup(() => operator.destroy());
    const ids = Array.from({ length: 300 }, (_each, i) => `gone-${i}`);
    const later = Date.now() + 60_000;
    await Promise.all(ids.map((id) => abandon(store, id, later)));
    const keys = await operator.keys('*');
    const lives = await Promise.all(keys.map((key) => operator.pTTL(key)));
    // What is no session's own: the index of all, the format, and the messages between nodes.
    const lasting = keys.filter((_key, i) => lives[i] === -1);
    expect(lasting.filter((key) => !/^mcp:(\{(i|bus)\}|format$)/.test(key))).toEqual([]);
    // Streams outlive their session a little, for whoever is late; not by hours.
    const streams = lives.filter((_life, i) => /^mcp:[me]:/.test(String(keys[i])));
    expect(streams).toHaveLength(2 * ids.length);
    expect(Math.max(...streams)).toBeLessThan(12 * 60_000);
    // They were looked at; from now on they need not live.
    await Promise.all(ids.map((id) => store.sessions.touch(id, `owner-${id}`, Date.now() + 500)));
    await eventually('all have expired', async () => (await store.sessions.count()) === 0);
    for (const name of ['use', 'exp', 'held']) expect(await operator.zCard(`mcp:{i}:${name}`)).toBe(0);
    await eventually('their records are gone', async () => {
      const left = await Promise.all(ids.map((id) => operator.exists(`mcp:s:{${id}}`)));
      return left.every((exists) => exists === 0);
    });
  });
});
