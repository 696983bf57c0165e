import { describe, expect, jest, test } from '@jest/globals';
import { McpServer, mcpRouter, type Observation } from 'mcp-express';
import { type RedisStoreOptions, redisStore } from 'mcp-express/redis';
import { createClient, createCluster } from 'redis';
import { onCleanup } from '../support/cleanup.js';
import { send } from '../support/raw-client.js';
import { RedisServer } from '../support/redis.js';
import { initializeRequest, openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { addGate, testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

async function start(timeoutMs = 500) {
  const redis = await RedisServer.start();
  onCleanup(() => redis.remove());
  const mcp = testServer();
  const gate = addGate(mcp);
  const store = redisStore({ url: redis.url, timeoutMs });
  const server = await startServer({ mcp, options: { store } });
  return { ...server, redis, gate, session: await openSession(server.url) };
}

const OUTAGES: readonly (readonly [string, (redis: RedisServer) => Promise<void>])[] = [
  ['is stopped', (redis) => redis.stop()],
  ['is killed', (redis) => redis.stop('SIGKILL')],
  ['hangs', async (redis) => redis.signal('SIGSTOP')],
];

describe.each(OUTAGES)('while Redis %s (R35, invariant 9)', (how, stop) => {
  const goOn = (redis: RedisServer): Promise<void> | void =>
    how === 'hangs' ? redis.signal('SIGCONT') : redis.start();

  test('calls are 503 with Retry-After, nobody is told that a session is gone, and readiness is off', async () => {
    const { redis, session, router } = await start();
    expect(await router.isReady()).toBe(true);
    await stop(redis);
    const { status, headers, json } = await session.call('echo', { text: 'x' });
    expect([status, headers['retry-after'], json.error.data.reason]).toEqual([503, '1', 'store-unavailable']);
    expect(await router.isReady()).toBe(false);
    await goOn(redis);
    await eventually('it is ready again', () => router.isReady());
    expect((await session.call('echo', { text: 'x' })).status).toBe(200);
  });

  test('a call that runs is answered, and a stream goes on afterwards', async () => {
    const { redis, session, gate, mcp } = await start();
    const listening = await session.listen();
    const calling = session.callStream('gate', {}, 5);
    const call = await gate.begun();
    const stream = await calling;
    await stop(redis);
    call.resolve('done');
    await goOn(redis);
    await stream.untilClosed();
    expect(stream.messages).toMatchObject([{ id: 5, result: { content: [{ text: 'done' }] } }]);
    mcp.registerTool('another', {}, () => '');
    await listening.untilMessages(1);
    expect(listening.messages).toMatchObject([{ method: 'notifications/tools/list_changed' }]);
  });
});

const SECRET = 'wr0ng-S3cret';

/** Why the store says that it did not reach Redis. */
async function reasonOf(options: RedisStoreOptions): Promise<string> {
  const store = redisStore({ timeoutMs: 1_500, ...options });
  onCleanup(() => store.close());
  return store.connected().then(
    () => 'it was reached',
    (cause: unknown) => String(cause),
  );
}

describe('why Redis is not reached', () => {
  test('is said when the start is given up, without a secret of the URL', async () => {
    const redis = await RedisServer.start(['--requirepass', 'theirs']);
    onCleanup(() => redis.remove());
    const at = (credentials: string, more = '') => ({ url: `redis://${credentials}127.0.0.1:${redis.port}${more}` });
    const lookup = (host: string, _options: object, found: (cause: Error) => void): void =>
      found(new Error(`getaddrinfo ENOTFOUND ${host}`));
    const unknownHost = () =>
      createClient({ url: `redis://:${SECRET}@no-such-host:6379`, socket: { lookup } as object }) as never;
    const unreachedCluster = () => createCluster({ rootNodes: [{ url: `redis://:${SECRET}@127.0.0.1:1` }] }) as never;
    const reasons: readonly (readonly [RedisStoreOptions, RegExp])[] = [
      [at(':theirs@'), /^it was reached$/],
      [at(`:${SECRET}@`), /within 1500 ms: WRONGPASS /],
      [at(`somebody:${SECRET}@`), /within 1500 ms: WRONGPASS /],
      [at(''), /within 1500 ms: NOAUTH /],
      [at(':theirs@', '/99'), /within 1500 ms: ERR DB index is out of range/],
      [{ url: `redis://:${SECRET}@127.0.0.1:1` }, /within 1500 ms: connect ECONNREFUSED 127\.0\.0\.1:1$/],
      [{ createClient: unknownHost }, /within 1500 ms: getaddrinfo ENOTFOUND no-such-host$/],
      [{ createClient: unreachedCluster }, /within 1500 ms: connect ECONNREFUSED 127\.0\.0\.1:1$/],
      [{ url: `rediss://:theirs@127.0.0.1:${redis.port}` }, /no connection yet \(a server without TLS .*"rediss:/],
    ];
    const said = await Promise.all(reasons.map(async ([options]) => reasonOf(options)));
    expect(said).toEqual(reasons.map(([, reason]) => expect.stringMatching(reason)));
    expect(said.join()).not.toContain(SECRET);
  });

  test('is in what is observed and in one line of the log for what failed, and nothing else is printed', async () => {
    const redis = await RedisServer.start(['--requirepass', 'theirs']);
    onCleanup(() => redis.remove());
    const events: Observation[] = [];
    const lines: string[] = [];
    const printed = [jest.spyOn(console, 'error'), jest.spyOn(console, 'warn')];
    for (const each of printed) onCleanup(() => each.mockImplementation(() => {}).mockRestore());
    const store = redisStore({ url: `redis://:${SECRET}@127.0.0.1:${redis.port}`, timeoutMs: 500 });
    const logger = { error: (fields: object, message: string) => lines.push(JSON.stringify({ ...fields, message })) };
    const { url } = await startServer({
      options: { store, leaseMs: 300, logger, observe: (event) => events.push(event) },
    });
    for (let count = 0; count < 5; count += 1) {
      const { status, json } = await send(url, { body: initializeRequest() });
      expect([status, json.error.data]).toEqual([503, { reason: 'store-unavailable' }]);
    }
    const why = expect.objectContaining({ message: expect.stringContaining('WRONGPASS') });
    const refused = events.filter(({ type }) => type === 'refused');
    expect(refused).toEqual(Array(5).fill(expect.objectContaining({ error: 'store-unavailable', cause: why })));
    const failures = events.flatMap((event) => (event.type === 'failure' ? [event] : []));
    const places = failures.map(({ where }) => where);
    expect(places.sort()).toEqual([...new Set(places)]);
    expect(places).toContain('counting for the budget "initialize"');
    expect(failures.map(({ cause }) => cause)).toEqual(failures.map(() => why));
    expect(lines).toEqual(failures.map(() => expect.stringContaining('WRONGPASS')));
    expect(lines.join() + JSON.stringify(events)).not.toContain(SECRET);
    for (const each of printed) expect(each).not.toHaveBeenCalled();
  });

  test('a request is refused after the time of one command, however many it needs, and later ones at once', async () => {
    const { redis, url } = await start(1_500);
    redis.signal('SIGSTOP');
    const tookMs = async () => {
      const began = performance.now();
      expect((await send(url, { body: initializeRequest() })).status).toBe(503);
      return performance.now() - began;
    };
    expect(await tookMs()).toBeLessThan(2_500);
    expect(await tookMs()).toBeLessThan(1_400);
    redis.signal('SIGCONT');
    await eventually('it is served again', async () => (await send(url, { body: initializeRequest() })).status === 200);
  });
});

describe('configuration', () => {
  test.each([
    [{}, '"url"'],
    [{ url: 'localhost:6379' }, '"url"'],
    [{ url: 'http://localhost:6379' }, '"url"'],
    [{ url: 'redis://localhost:6379/first' }, '"url"'],
    [{ url: 'redis://:100%@localhost:6379' }, '"url"'],
    [{ url: 'redis://:a/b@localhost:6379' }, '"url"'],
    [{ url: 'redis://localhost', prefix: '{a}' }, '"prefix"'],
    [{ url: 'redis://localhost', timeoutMs: 0 }, '"timeoutMs"'],
  ])('%j fails at start and names %s', (options, name) => {
    expect(() => redisStore(options)).toThrow(expect.objectContaining({ message: expect.stringContaining(name) }));
  });

  test('a Redis that is not there is said to be away within the time, and the start can be given up', async () => {
    const store = redisStore({ url: 'redis://127.0.0.1:1', timeoutMs: 300 });
    await expect(store.connected()).rejects.toThrow('300 ms');
    const router = mcpRouter(new McpServer({ name: 'x', version: '1' }), { store });
    expect(await router.isReady()).toBe(false);
    await router.close({ graceMs: 0 });
    await store.close();
  });
});
