import { expect, test } from '@jest/globals';
import { redisStore } from 'mcp-express/redis';
import { createClient } from 'redis';
import { onCleanup } from '../support/cleanup.js';
import { ALL } from '../support/pages.js';
import { RedisServer } from '../support/redis.js';

const MOST = 80;
const OPENED = 400;

test('a session that opens more streams than it may have does not make Redis look at all of them each time (invariant 5)', async () => {
  const redis = await RedisServer.start(['--appendonly', 'no']);
  onCleanup(() => redis.remove());
  const store = redisStore({ url: redis.url, streams: { streams: MOST } });
  onCleanup(() => store.close());
  const operator = await createClient({ url: redis.url }).connect();
  onCleanup(() => operator.destroy());
  const keyOf = (i: number) => ({ session: 'one', stream: `s${i}` });
  const known: number[] = [];
  for (let i = 0; i < OPENED; i += 1) {
    await store.streams.open(keyOf(i));
    await store.streams.append(keyOf(i), [{ data: `${i}`, answer: true }], true);
    const page = await store.streams.read(keyOf(i), 'start', ALL);
    await store.streams.delivered(keyOf(i), String(page?.events.at(-1)?.id));
    known.push(Number(await operator.hGet('mcp:m:{one}', '#count')));
  }
  expect(Math.max(...known)).toBe(MOST);
  const looks = /^cmdstat_hgetall:calls=(\d+)/m.exec(await operator.info('commandstats'))?.[1];
  expect(Number(looks)).toBeLessThan(OPENED / (MOST / 16));
  expect(await store.streams.read(keyOf(OPENED - 1), 'start', ALL)).toMatchObject({ ended: true });
});
