import { expect, test } from '@jest/globals';
import { redisStore } from 'mcp-express/redis';
import { createClient } from 'redis';
import { ROOMY, record } from '../lmdb/filled.js';
import { onCleanup } from '../support/cleanup.js';
import { RedisServer } from '../support/redis.js';
import { eventually } from '../support/wait.js';

const DAY_MS = 24 * 60 * 60_000;

test.each(['touch', 'hold'] as const)(
  'who subscribes to a resource is kept as long as its session lives, which says so again by %s (R3, R20)',
  async (how) => {
    const redis = await RedisServer.start(['--appendonly', 'no']);
    onCleanup(() => redis.remove());
    const operator = await createClient({ url: redis.url }).connect();
    onCleanup(() => operator.destroy());
    const store = redisStore({ url: redis.url });
    onCleanup(() => store.close());
    const soon = () => Date.now() + 60_000;
    const use = () =>
      how === 'touch' ? store.sessions.touch('one', 'ann', soon()) : store.sessions.hold('one', soon());
    await store.sessions.create(record('one'), soon(), ROOMY);
    await store.subscriptions.add('one', { uri: 'note://1', key: 'note://1' }, { count: 10, bytes: 10_000 });
    const [list] = await operator.keys('mcp:r:*');
    const life = (): Promise<number> => operator.pTTL(String(list));
    expect(await life()).toBeGreaterThan(2 * DAY_MS);
    expect(await life()).toBeLessThan(4 * DAY_MS);

    await use();
    await operator.pExpire(String(list), 60_000);
    await use();
    expect(await life()).toBeLessThanOrEqual(60_000);

    // A day later.
    await operator.hSet('mcp:s:{one}', 'ur', String(Date.now() - DAY_MS - 1));
    await operator.del(String(list));
    await use();
    await eventually('it is said again', async () => (await life()) > 2 * DAY_MS);
    expect(await store.subscriptions.mark('note://1')).toEqual(['one']);
  },
);
