import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { Client, WITH_TASKS } from '../modern/alone.js';
import type { onCleanup } from '../support/cleanup.js';
import { FixtureProcess } from '../support/program.js';
import type { SseStream } from '../support/raw-client.js';
import { RedisServer } from '../support/redis.js';
import { type Headers, openSession, type TestSession } from '../support/session.js';
import { together } from '../support/together.js';
import { eventually } from '../support/wait.js';

/** Whatever the time it takes, the answer is one body. */
const JSON_WITH_TASKS = { capabilities: WITH_TASKS, headers: { accept: 'application/json' } };

let redis: RedisServer;

beforeAll(async () => {
  redis = await RedisServer.start();
});

afterAll(async () => {
  for (const end of atTheEnd) end();
  await redis.remove();
});

/** What the nodes of a test share. */
const STORES: readonly (readonly [string, () => string])[] = [
  ['Redis', () => redis.url],
  ['LMDB', () => `lmdb:${mkdtempSync(join(tmpdir(), 'lmdb-'))}`],
];

/** Long enough that a busy machine does not take a node that lives for one that was killed. */
const LEASE_MS = '1500';

/** Starts nodes of one service. */
function serviceOn(store: string): (whenOver?: typeof onCleanup) => Promise<FixtureProcess> {
  return (whenOver) => FixtureProcess.start({ STORE: store, LEASE_MS }, whenOver);
}

const atTheEnd: (() => unknown)[] = [];

interface Service {
  /** Starts one more node. */
  node: ReturnType<typeof serviceOn>;
  /** The one that nobody kills. */
  other: FixtureProcess;
}

/** A service for several tests, there when they begin. */
function sharedService(storeOf: () => string): Service {
  const service = {} as Service;
  beforeAll(async () => {
    service.node = serviceOn(storeOf());
    service.other = await service.node((kill) => void atTheEnd.push(kill));
  });
  return service;
}

/** A call that runs until somebody ends it, with the event id that leads back to its stream. */
async function running(session: TestSession, id: number, headers: Headers = {}): Promise<SseStream> {
  const stream = await session.callStream('test_cancellation', {}, id, { headers });
  await eventually('it can be resumed', () => stream.lastId !== undefined);
  return stream;
}

describe.each(STORES)('with %s', (_name, storeOf) => {
  const { test } = together();
  const service = sharedService(storeOf);

  describe('a node that is killed in the middle of calls (R7, R12, invariant 1)', () => {
    test('leaves sessions that go on elsewhere, and after a restart (R2)', async () => {
      const node = serviceOn(storeOf());
      const first = await node();
      const session = await openSession(first.url);
      await first.end('SIGKILL');
      const second = await node();
      expect((await session.via(second.url).call('test_simple_text')).status).toBe(200);
      await second.end('SIGKILL');
      const third = await node();
      expect((await session.via(third.url).call('test_simple_text')).status).toBe(200);
    });

    test('leaves no client without an answer: each that comes back gets one, and one only', async () => {
      const { node, other } = service;
      const killed = await node();
      const sessions = await Promise.all(Array.from({ length: 10 }, () => openSession(killed.url)));
      const streams = await Promise.all(sessions.map((session, id) => running(session, id)));
      await killed.end('SIGKILL');
      await Promise.all(streams.map((stream) => stream.untilClosed()));
      const resumed = await Promise.all(
        sessions.map((session, id) => session.via(other.url).replay(String(streams[id]?.lastId))),
      );
      for (const [id, stream] of resumed.entries()) {
        expect(stream.messages).toMatchObject([{ id, error: { data: { reason: 'call-interrupted' } } }]);
        const again = await sessions[id]?.via(other.url).replay(String(streams[id]?.lastId));
        expect(again?.messages).toEqual(stream.messages);
      }
    });

    test('does not take with it what another node runs', async () => {
      const { node, other } = service;
      const killed = await node();
      const session = await openSession(killed.url);
      const stream = await running(session.via(other.url), 1);
      await killed.end('SIGKILL');
      await session.via(other.url).cancel(1);
      expect(await stream.untilClosed()).toBe('end');
      expect(stream.messages).toEqual([]);
    });

    test('leaves calls with an idempotency key with an end that says so, and does not run them again (R36)', async () => {
      const { node, other } = service;
      const killed = await node();
      const session = await openSession(killed.url);
      const keyed = { 'idempotency-key': 'one' };
      const lost = await running(session, 1, keyed);
      const joined = await running(session.via(other.url), 2, keyed);
      await killed.end('SIGKILL');
      await Promise.all([lost.untilClosed(), joined.untilClosed()]);
      expect(joined.messages).toMatchObject([{ id: 2, error: { data: { reason: 'call-interrupted' } } }]);
      const again = await session.via(other.url).call('test_cancellation', {}, 3, { headers: keyed });
      expect(again.json.error.data.reason).toBe('call-interrupted');
    });

    test('leaves its tasks with an end that says so', async () => {
      const { node, other } = service;
      const killed = await node();
      const created = await new Client(killed.url, JSON_WITH_TASKS).call('slow_compute', { seconds: 60 });
      const { taskId } = created.json.result;
      await killed.end('SIGKILL');
      const client = new Client(other.url, { capabilities: WITH_TASKS });
      const look = async () => (await client.ask('tasks/get', { taskId })).json.result;
      await eventually('it has failed', async () => (await look()).status === 'failed');
      expect((await look()).error.data.reason).toBe('call-interrupted');
    });
  });

  test('a node that stops in order ends its streams and its process (R38)', async () => {
    const { node, other } = service;
    const stopped = await node();
    const session = await openSession(stopped.url);
    const listening = await session.listen();
    expect(await stopped.end('SIGTERM')).toBe(0);
    expect(await listening.untilClosed()).toBe('end');
    expect((await session.via(other.url).call('test_simple_text')).status).toBe(200);
  });
});
