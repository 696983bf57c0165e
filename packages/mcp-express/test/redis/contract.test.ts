import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { redisStore } from 'mcp-express/redis';
import { testStore } from 'mcp-express/testing';
import { failingRedis } from '../support/failing-redis.js';
import { RedisServer } from '../support/redis.js';

let redis: RedisServer;
let count = 0;

beforeAll(async () => {
  redis = await RedisServer.start(['--appendonly', 'no']);
});

afterAll(() => redis.remove());

describe('the Redis store', () => {
  testStore({
    describe,
    test,
    create: async (streams = {}) => {
      count += 1;
      const options = { url: redis.url, prefix: `test-${count}:`, timeoutMs: 20_000, streams };
      return { store: redisStore(options), other: redisStore(options) };
    },
    createFailing: () => {
      count += 1;
      return failingRedis(redis, `test-${count}:`);
    },
  });
});
