import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { redisStore } from 'mcp-express/redis';
import { misfitOf } from '../../src/store/format.js';
import { LOOK } from '../../src/store/redis/format-gate.js';
import { Client, WITH_TASKS } from '../modern/alone.js';
import { onCleanup } from '../support/cleanup.js';
import { send } from '../support/raw-client.js';
import { fillRecorded, readRecorded } from '../support/recorded.js';
import { RedisServer } from '../support/redis.js';
import { initializeRequest, openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { eventually } from '../support/wait.js';
import { type RecordedKey, recordKeys, restoreKeys, withClient } from './recorded-keys.js';

/** What the release that wrote format 1 first has left in Redis, and what it read of it. Never changed: a new format has a new file. */
const RECORDED = new URL('format-1.json', import.meta.url);

let redis: RedisServer;
let count = 0;

beforeAll(async () => {
  redis = await RedisServer.start(['--appendonly', 'no']);
});
afterAll(() => redis.remove());

function newPrefix(): string {
  count += 1;
  return `format${count}:`;
}

function storeAt(prefix: string) {
  const store = redisStore({ url: redis.url, prefix, timeoutMs: 10_000 });
  onCleanup(() => store.close());
  return store;
}

const set = (key: string, value: string) => withClient(redis.url, (client) => client.set(key, value));

const keysOf = (prefix: string) => withClient(redis.url, (client) => client.keys(`${prefix}*`));

/** A node on a store whose format key is already there. */
async function nodeAt(prefix: string) {
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  onCleanup(() => warned.mockRestore());
  const store = storeAt(prefix);
  const server = await startServer({ options: { store, rateLimits: false } });
  return { ...server, store, warnings: () => warned.mock.calls.map(([text, options]) => [String(text), options]) };
}

describe('the format of what is in Redis (R35, invariant 9)', () => {
  test('stands in a key of its own, and is put where there is none', async () => {
    const prefix = newPrefix();
    await storeAt(prefix).connected();
    expect(await withClient(redis.url, (client) => client.get(`${prefix}format`))).toBe('mcp-express 1');
  });

  test.each([
    ['a newer one', 'mcp-express 2', 'The store has format 2, and this version reads format 1'],
    ['one of long ago', 'mcp-express 0', 'The store has format 0, and this version reads format 1'],
    ['something else', 'of another program', 'The store holds something that mcp-express did not write'],
  ])('%s is refused at start and to every client, by name, and nothing is written', async (_what, value, message) => {
    const prefix = newPrefix();
    await set(`${prefix}format`, value);
    const { url, router, store, warnings } = await nodeAt(prefix);
    await expect(store.connected()).rejects.toThrow(message);
    const { status, json } = await send(url, { body: initializeRequest() });
    expect([status, json.error.message]).toEqual([503, message]);
    expect(await router.isReady()).toBe(false);
    const named = [expect.stringContaining(`"${prefix}format"`), expect.objectContaining({ code: 'redis-format' })];
    expect(warnings()).toContainEqual(named);
    expect(await keysOf(prefix)).toEqual([`${prefix}format`]);
    await set(`${prefix}format`, 'mcp-express 1');
    expect(await router.isReady()).toBe(true);
    expect((await send(url, { body: initializeRequest() })).status).toBe(200);
  });

  test('a key of another type is refused too', async () => {
    const prefix = newPrefix();
    await withClient(redis.url, (client) => client.lPush(`${prefix}format`, 'x'));
    await expect(storeAt(prefix).connected()).rejects.toThrow('did not write');
  });

  test('one that is read is raised to the one that is written, and others are left as they are', async () => {
    const key = `${newPrefix()}format`;
    const look = (value: string) =>
      withClient(redis.url, async (client) => {
        await client.set(key, value);
        await client.eval(LOOK.text, { keys: [key], arguments: ['3', '2'] });
        return client.get(key);
      });
    const values = ['mcp-express 1', 'mcp-express 2', 'mcp-express 3', 'mcp-express 4', 'another'];
    const after: unknown[] = [];
    for (const value of values) after.push(await look(value));
    expect(after).toEqual(['mcp-express 1', 'mcp-express 3', 'mcp-express 3', 'mcp-express 4', 'another']);
    const format = { writes: 3, reads: [2, 4] } as const;
    expect([1, 2, 4, 5, 'x', undefined].map((stored) => misfitOf(stored, format))).toEqual([
      'has format 1, and this version reads formats 2 to 4',
      undefined,
      undefined,
      'has format 5, and this version reads formats 2 to 4',
      'has format x, and this version reads formats 2 to 4',
      'has format undefined, and this version reads formats 2 to 4',
    ]);
  });

  test('a newer one that appears while the node runs is noticed when the connection comes back', async () => {
    const prefix = newPrefix();
    const { url, router } = await nodeAt(prefix);
    const session = await openSession(url);
    await set(`${prefix}format`, 'mcp-express 2');
    expect((await session.call('echo', { text: 'x' })).status).toBe(200);
    await withClient(redis.url, (client) => client.sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']));
    const refused = await eventually('it is refused', async () => {
      const { status, json } = await session.call('echo', { text: 'x' });
      return status === 503 && json.error.message.includes('format 2') && json;
    });
    expect(refused.error.data.reason).toBe('store-unavailable');
    expect(await router.isReady()).toBe(false);
  });

  test('a record of another shape is refused by name: no 500, and no 404', async () => {
    const prefix = newPrefix();
    const { url } = await nodeAt(prefix);
    const session = await openSession(url);
    await withClient(redis.url, (client) => client.hSet(`${prefix}s:{${session.id}}`, 'r', '{"v":2}'));
    const refusal = async () => {
      const { status, json } = await session.call('echo', { text: 'x' });
      return [status, json.error.message];
    };
    expect(await refusal()).toEqual([503, 'The store holds a session that this version of the server cannot read']);
    const record = `${prefix}s:{${session.id}}`;
    const something = [503, 'The store holds something that this version of the server cannot read'];
    await withClient(redis.url, (client) => client.hSet(record, 'r', 'in another encoding'));
    expect(await refusal()).toEqual(something);
    await withClient(redis.url, (client) => client.set(record, 'a text'));
    expect(await refusal()).toEqual(something);
    const key = `${prefix}t:{odd}`;
    await withClient(redis.url, (client) => client.hSet(key, { r: '{"owner":"","state":1}', s: 'working' }));
    const asked = await new Client(url, { capabilities: WITH_TASKS }).ask('tasks/get', { taskId: 'odd' });
    expect(asked.json.error.message).toBe('The store holds a task that this version of the server cannot read');
    const times = { createdAt: 0, updatedAt: 0, expiresAt: 0, ttlMs: 0, pollIntervalMs: 0 };
    const task = { id: 'odd', owner: '', node: '', status: 'completed', payload: 'no JSON', ...times };
    await withClient(redis.url, (client) => client.hSet(key, { r: JSON.stringify(task), s: 'completed' }));
    const again = await new Client(url, { capabilities: WITH_TASKS }).ask('tasks/get', { taskId: 'odd' });
    expect(again.json.error.message).toBe('The store holds a result that this version of the server cannot read');
  });
});

describe('records of format 1', () => {
  const recorded = () => JSON.parse(readFileSync(RECORDED, 'utf8')) as { keys: RecordedKey[]; reads: object };

  test('are read by this release', async () => {
    const prefix = newPrefix();
    const { keys, reads } = recorded();
    const now = Date.now();
    await restoreKeys(redis.url, prefix, keys, now);
    const read = await readRecorded(storeAt(prefix), now);
    expect(JSON.parse(JSON.stringify(read))).toEqual(reads);
  });

  test('are what this release writes, so that the one before reads them', async () => {
    const prefix = newPrefix();
    const now = Date.now();
    const store = storeAt(prefix);
    await fillRecorded(store, now);
    const written = await recordKeys(redis.url, prefix, now);
    expect(written).toEqual(recorded().keys);
  });
});
