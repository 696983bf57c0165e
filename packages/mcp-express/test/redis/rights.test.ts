import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mcpRouter } from 'mcp-express';
import { redisStore } from 'mcp-express/redis';
import { testStore } from 'mcp-express/testing';
import { createClient } from 'redis';
import { onCleanup } from '../support/cleanup.js';
import { RedisServer } from '../support/redis.js';
import { testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

const PAGE = new URL('../../../../docs/scaling.md', import.meta.url);
const SCRIPTS = new URL('../../src/store/redis/', import.meta.url);

/** The line of the page, as words. */
const LINE = /^ACL SETUSER mcp on >password (.*)$/m.exec(readFileSync(PAGE, 'utf8'))?.[1]?.split(' ') ?? [];

let redis: RedisServer;
let operator: (...command: string[]) => Promise<unknown>;
let count = 0;

async function operatorOf(server: RedisServer): Promise<typeof operator> {
  const client = createClient({ url: server.url });
  client.on('error', () => {});
  await client.connect();
  onCleanup(() => client.destroy());
  return (...command) => client.sendCommand(command);
}

/** A user with these rights, and the URL to sign in as it. */
async function userOf(rights: readonly string[]): Promise<string> {
  count += 1;
  await operator('ACL', 'SETUSER', `user${count}`, 'reset', 'on', '>password', ...rights);
  return `redis://user${count}:password@127.0.0.1:${redis.port}`;
}

function storeOf(url: string) {
  const store = redisStore({ url, timeoutMs: 10_000 });
  onCleanup(() => store.close());
  return store;
}

describe('the store in a Redis with rights (R35, invariant 9)', () => {
  beforeAll(async () => {
    redis = await RedisServer.start(['--appendonly', 'no']);
  });
  afterAll(() => redis.remove());
  // Each test has an operator of its own, which goes with it.
  const withOperator = async () => {
    operator = await operatorOf(redis);
  };

  test('the line of the page names the commands that the scripts use, and no other key or channel', () => {
    const sources = readdirSync(SCRIPTS).map((name) => readFileSync(new URL(name, SCRIPTS), 'utf8'));
    const used = sources.flatMap((text) => [...text.matchAll(/redis\.p?call\('([A-Z]+)'/g)].map(([, name]) => name));
    const granted = LINE.filter((word) => word.startsWith('+')).map((word) => word.slice(1).toUpperCase());
    expect(used.length).toBeGreaterThan(50);
    expect([...new Set(used)].filter((name) => !granted.includes(String(name)))).toEqual([]);
    expect(LINE.filter((word) => /^[~&]/.test(word))).toEqual(['~mcp:*', '&mcp:w:*']);
  });

  test('a user with what the page says is ready, and nothing is warned of', async () => {
    await withOperator();
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    onCleanup(() => warned.mockRestore());
    const store = storeOf(await userOf(LINE));
    await store.connected();
    await store.ping?.();
    expect(warned.mock.calls.filter(([, options]) => JSON.stringify(options).includes('redis'))).toEqual([]);
  });

  const LACKING: readonly (readonly [string, readonly string[], RegExp])[] = [
    [
      'no channels, as by default',
      ['+@all', '~*', 'resetchannels'],
      /SPUBLISH, SSUBSCRIBE.* on the channels "mcp:w:\*"/,
    ],
    ['no pub/sub', ['+@all', '-@pubsub', '~*', '&*'], /may not run SPUBLISH, SSUBSCRIBE/],
    ['no subscriptions', ['+@all', '-ssubscribe', '~*', '&*'], /may not run SSUBSCRIBE on the channels/],
    ['no scripting', ['+@all', '-@scripting', '~*', '&*'], /evalsha/i],
    ['no EVAL', ['+@all', '-eval', '~*', '&*'], /eval/i],
    ['no XREAD', ['+@all', '-xread', '~*', '&*'], /may not run XREAD on the keys "mcp:\*"/],
    ['no ZADD and HGET', ['+@all', '-zadd', '-hget', '~*', '&*'], /may not run HGET, ZADD on the keys/],
    ['other keys', ['+@all', '~other:*', '&*'], /keys/],
    ['only reading', ['+@all', '%R~*', '&*'], /may not run DECR.* on the keys|keys/],
  ];

  test.each(LACKING)('%s: not ready, and told by name', async (_what, rights, message) => {
    await withOperator();
    await operator('SCRIPT', 'FLUSH');
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    onCleanup(() => warned.mockRestore());
    const store = storeOf(await userOf(rights));
    await expect(store.connected()).rejects.toThrow(message);
    await expect(store.ping?.()).rejects.toThrow(message);
    await eventually('the warning', () => warned.mock.calls.some(([text]) => message.test(String(text))));
    const router = mcpRouter(testServer(), { store });
    onCleanup(() => router.close({ graceMs: 0 }));
    expect(await router.isReady()).toBe(false);
  });

  test('rights that are given later make it ready', async () => {
    await withOperator();
    const url = await userOf(['+@all', '~*', 'resetchannels']);
    const store = storeOf(url);
    await expect(store.ping?.()).rejects.toThrow(/channels/);
    await operator('ACL', 'SETUSER', `user${count}`, '&mcp:*');
    await eventually('it is ready', () =>
      store.ping?.().then(
        () => true,
        () => false,
      ),
    );
  });

  test('what no channel may tell is stored, and found by a reader on another node all the same', async () => {
    await withOperator();
    const url = await userOf(['+@all', '~*', 'resetchannels']);
    const [writer, reader] = [storeOf(url), storeOf(url)];
    const key = { session: 'quiet', stream: 'stream' };
    await writer.streams.open(key);
    let woken = 0;
    const stop = reader.streams.watch(key, () => {
      woken += 1;
    });
    await writer.streams.append(key, [{ data: '{}' }]);
    await eventually('it looks by itself', () => woken > 0);
    stop();
    expect((await reader.streams.read(key, 'start', { events: 9, characters: 99 }))?.events).toHaveLength(1);
  });
});

test.each(['SPUBLISH', 'SSUBSCRIBE', 'HINCRBY'])(
  'a server without %s: not ready, and told by name',
  async (command) => {
    const server = await RedisServer.start(['--appendonly', 'no', '--rename-command', command, '']);
    onCleanup(() => server.remove());
    const store = redisStore({ url: server.url, timeoutMs: 10_000 });
    onCleanup(() => store.close());
    await expect(store.connected()).rejects.toThrow(new RegExp(`does not know ${command}`));
    await expect(store.ping?.()).rejects.toThrow(command);
  },
);

test('a replica that takes no writes: not ready, and told so; it may start, because a failover passes', async () => {
  const server = await RedisServer.start(['--appendonly', 'no', '--replicaof', '127.0.0.1', '1']);
  onCleanup(() => server.remove());
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  onCleanup(() => warned.mockRestore());
  const store = redisStore({ url: server.url, timeoutMs: 10_000 });
  onCleanup(() => store.close());
  await store.connected();
  await expect(store.ping?.()).rejects.toThrow(/READONLY/);
  await eventually('the warning', () =>
    warned.mock.calls.some(([text]) => /connected to a replica/.test(String(text))),
  );
});

describe('the Redis store as a user with the rights of the page', () => {
  let server: RedisServer;
  let made = 0;

  beforeAll(async () => {
    server = await RedisServer.start(['--appendonly', 'no']);
    const client = createClient({ url: server.url });
    await client.connect();
    await client.sendCommand(['ACL', 'SETUSER', 'mcp', 'reset', 'on', '>password', ...LINE]);
    client.destroy();
  });
  afterAll(() => server.remove());

  testStore({
    describe,
    test,
    create: async (streams = {}) => {
      made += 1;
      const url = `redis://mcp:password@127.0.0.1:${server.port}`;
      // Of each test, and within the keys and channels of the line.
      const options = { url, prefix: `mcp:w:${made}:`, timeoutMs: 20_000, streams };
      return { store: redisStore(options), other: redisStore(options) };
    },
    createFailing: 'its server fails as that of test/redis/contract.test.ts does',
  });
});
