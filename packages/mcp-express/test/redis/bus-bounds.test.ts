import { expect, test } from '@jest/globals';
import { redisStore } from 'mcp-express/redis';
import { createClient } from 'redis';
import { onCleanup } from '../support/cleanup.js';
import { RedisServer } from '../support/redis.js';
import { eventually } from '../support/wait.js';

const MIB = 1024 * 1024;

test('messages between nodes are kept by their bytes too, and each is heard (invariant 5)', async () => {
  const redis = await RedisServer.start(['--appendonly', 'no']);
  onCleanup(() => redis.remove());
  const operator = await createClient({ url: redis.url }).connect();
  onCleanup(() => operator.destroy());
  const store = redisStore({ url: redis.url, timeoutMs: 30_000 });
  onCleanup(() => store.close());
  const heard: string[] = [];
  store.bus.subscribe('topic', (message) => heard.push(message.slice(0, 4)));
  await store.bus.publish('topic', 'wait');
  await eventually('it hears', () => heard.length > 0);
  for (let i = 10; i < 40; i += 1) await store.bus.publish('topic', `n ${i}${'x'.repeat(MIB)}`);
  await eventually('all are heard', () => heard.length >= 31);
  expect(heard.slice(1)).toEqual(Array.from({ length: 30 }, (_, i) => `n ${i + 10}`));
  expect(await operator.memoryUsage('mcp:{bus}')).toBeLessThan(20 * MIB);
  expect(Number(await operator.get('mcp:{bus}:bytes'))).toBeLessThanOrEqual(16 * MIB);

  // What is old goes with the next, whatever its size.
  await operator.del(['mcp:{bus}']);
  await operator.xAdd('mcp:{bus}', `${Date.now() - 6 * 60_000}-0`, { f: 'x', n: '1', t: 'topic', m: 'old' });
  await store.bus.publish('topic', 'next');
  expect(await operator.xLen('mcp:{bus}')).toBe(1);
});
