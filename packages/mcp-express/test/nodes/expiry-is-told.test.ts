import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { memoryStore, type Observation, type Store } from 'mcp-express';
import { lmdbStore } from 'mcp-express/lmdb';
import { redisStore } from 'mcp-express/redis';
import { onCleanup } from '../support/cleanup.js';
import { RedisServer } from '../support/redis.js';
import { openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { altered } from '../support/stores.js';
import { together } from '../support/together.js';
import { eventually } from '../support/wait.js';

let redis: RedisServer;
const folder = mkdtempSync(join(tmpdir(), 'lmdb-'));

beforeAll(async () => {
  redis = await RedisServer.start(['--appendonly', 'no']);
});

afterAll(async () => {
  await redis.remove();
  rmSync(folder, { recursive: true, force: true });
});

const RECORD = {
  owner: 'ann',
  revision: '2025-11-25',
  client: { name: 'test', version: '1' },
  capabilities: {},
  standalone: 'own',
  createdAt: 0,
  lists: {},
};

const SESSIONS = 30;
/** Long enough that a busy machine does not let a session expire that is being opened. */
const IDLE_MS = 3_000;

const STORES: readonly (readonly [string, () => Store, (() => Store) | undefined])[] = [
  ['memory', memoryStore, undefined],
  ['LMDB', () => lmdbStore({ path: folder }), () => lmdbStore({ path: folder })],
  ['Redis', () => redisStore({ url: redis.url }), () => redisStore({ url: redis.url })],
];

/** A node on the store, and how often it has begun and ended to look for sessions that expired. */
async function nodeOn(store: Store, observe: (event: Observation) => void) {
  const looks = { begun: 0, over: 0 };
  const takeExpired = async (): Promise<readonly string[]> => {
    looks.begun += 1;
    const taken = (await store.sessions.takeExpired?.()) ?? [];
    looks.over += 1;
    return taken;
  };
  const options = { store: altered(store, { sessions: { takeExpired } }), sessionIdleMs: IDLE_MS, observe };
  return { ...(await startServer({ options })), looks };
}

const { test } = together();

for (const [name, make, another] of STORES) {
  test(`of sessions that expired exactly one node tells its observers, with ${name} (R3)`, async () => {
    const events: Observation[] = [];
    const store = make();
    const observe = (event: Observation) => void events.push(event);
    const nodes = [await nodeOn(store, observe), await nodeOn(another?.() ?? store, observe)];
    const sessions = await Promise.all(
      Array.from({ length: SESSIONS }, (_each, i) => openSession(String(nodes[i % 2]?.url))),
    );
    const busy = await openSession(String(nodes[0]?.url));
    const stream = await busy.listen();
    onCleanup(() => stream.destroy());
    expect((await sessions[0]?.delete())?.status).toBe(204);

    const ended = (reason: string) =>
      events.flatMap((event) => (event.type === 'session-ended' && event.reason === reason ? [event.session] : []));
    await eventually('all are told', () => ended('expired').length >= SESSIONS - 1);
    // Were one told twice, it would be in the round after.
    const before = nodes.map(({ looks }) => looks.begun);
    await eventually('one more round', () => nodes.every(({ looks }, i) => looks.over > Number(before[i])));
    expect(ended('deleted')).toHaveLength(1);
    expect(ended('expired')).toHaveLength(SESSIONS - 1);
    expect(new Set([...ended('expired'), ...ended('deleted')]).size).toBe(SESSIONS);
    const opened = events.flatMap((event) => (event.type === 'session-opened' ? [event.session] : []));
    expect(
      opened.filter((session) => !ended('expired').includes(session) && !ended('deleted').includes(session)),
    ).toHaveLength(1);
  });
}

/** After the tests above: creating so many sessions holds up the process for longer than theirs may be idle. */
const { test: testAfterwards } = together();

/** More than are kept where nobody asks. */
const MANY = 12_000;
const AT_ONCE = 500;

const ROOMY = { total: MANY * 10, perOwner: MANY * 10 };

const PLACES: readonly (readonly [string, () => Store])[] = [
  ['memory', memoryStore],
  ['LMDB', () => lmdbStore({ path: join(folder, 'many') })],
  ['Redis', () => redisStore({ url: redis.url, prefix: 'many:', timeoutMs: 20_000 })],
];

for (const [name, make] of PLACES) {
  testAfterwards(`of very many sessions that expire between two looks each is named, with ${name} (R3)`, async () => {
    const store = make();
    onCleanup(() => store.close());
    const expiresAt = Date.now() + 2_000;
    const ids = Array.from({ length: MANY }, (_each, i) => `many-${i}`);
    for (let start = 0; start < MANY; start += AT_ONCE) {
      const some = ids.slice(start, start + AT_ONCE);
      await Promise.all(some.map((id) => store.sessions.create({ ...RECORD, id }, expiresAt, ROOMY)));
    }
    await eventually('all have expired', () => Date.now() > expiresAt);
    const named = new Set<string>();
    await eventually('all are named', async () => {
      for (const id of (await store.sessions.takeExpired?.()) ?? []) named.add(id);
      return ids.every((id) => named.has(id));
    });
    expect((await store.sessions.takeExpired?.())?.filter((id) => named.has(id))).toEqual([]);
  });
}
