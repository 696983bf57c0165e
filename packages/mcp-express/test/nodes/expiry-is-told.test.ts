import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { memoryStore, type Observation, type Store } from 'mcp-express';
import { lmdbStore } from 'mcp-express/lmdb';
import { redisStore } from 'mcp-express/redis';
import { onCleanup } from '../support/cleanup.js';
import { RedisServer } from '../support/redis.js';
import { openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
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

const SESSIONS = 30;
const IDLE_MS = 3_000;

test.each([
  ['memory', memoryStore, undefined],
  ['LMDB', () => lmdbStore({ path: folder }), () => lmdbStore({ path: folder })],
  ['Redis', () => redisStore({ url: redis.url }), () => redisStore({ url: redis.url })],
] as const)(
  'of sessions that expired exactly one node tells its observers, with %s (R3)',
  async (_name, make, another) => {
    const events: Observation[] = [];
    const store: Store = make();
    const node = (own: Store) =>
      startServer({ options: { store: own, sessionIdleMs: IDLE_MS, observe: (event) => void events.push(event) } });
    const nodes = [await node(store), await node(another?.() ?? store)];
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
    const rounds = performance.now();
    await eventually('two more rounds', () => performance.now() - rounds > 3 * IDLE_MS);
    expect(ended('deleted')).toHaveLength(1);
    expect(ended('expired')).toHaveLength(SESSIONS - 1);
    expect(new Set([...ended('expired'), ...ended('deleted')]).size).toBe(SESSIONS);
    const opened = events.flatMap((event) => (event.type === 'session-opened' ? [event.session] : []));
    expect(
      opened.filter((session) => !ended('expired').includes(session) && !ended('deleted').includes(session)),
    ).toHaveLength(1);
  },
);
