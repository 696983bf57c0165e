import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { memoryStore, type Store } from 'mcp-express';
import { lmdbStore } from 'mcp-express/lmdb';
import { redisStore } from 'mcp-express/redis';
import { RedisServer } from '../support/redis.js';
import { openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { addGate, testServer } from '../support/test-tools.js';

let redis: RedisServer;
const folder = mkdtempSync(join(tmpdir(), 'lmdb-'));

beforeAll(async () => {
  redis = await RedisServer.start();
});

afterAll(async () => {
  await redis.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Stores of two nodes, as each node has its own. */
const STORES: readonly (readonly [string, () => () => Store])[] = [
  [
    'memory',
    () => {
      const store = memoryStore();
      return () => store;
    },
  ],
  ['LMDB', () => () => lmdbStore({ path: folder })],
  ['Redis', () => () => redisStore({ url: redis.url })],
];

const SESSIONS = 12;

describe.each(STORES)(
  'a session that is ended through another node than shows its streams, with %s',
  (_name, storesOf) => {
    async function nodes() {
      const storeOf = storesOf();
      const node = async () => {
        const mcp = testServer();
        const gate = addGate(mcp);
        return { ...(await startServer({ mcp, options: { store: storeOf() } })), gate };
      };
      return [await node(), await node()] as const;
    }

    test('its calls are aborted and told so, its streams come to an orderly end, and nothing is cut (invariant 1)', async () => {
      const [one, other] = await nodes();
      const told: number[] = [];
      for (let id = 0; id < SESSIONS; id += 1) {
        const session = await openSession(one.url);
        const calling = session.callStream('gate', {}, id, { progressToken: 't' });
        const listening = await session.listen();
        const call = await one.gate.begun();
        const stream = await calling;
        await call.ctx.progress(1);
        await stream.untilMessages(1);
        expect((await session.via(other.url).delete()).status).toBe(204);
        expect(await stream.untilClosed()).toBe('end');
        expect(await listening.untilClosed()).toBe('end');
        const words = stream.messages.slice(1);
        expect(words).toMatchObject(words.map(() => ({ id, error: { data: { reason: 'session-ended' } } })));
        told.push(words.length);
        expect(listening.messages).toEqual([]);
        expect(call.ctx.signal.aborted).toBe(true);
      }
    });
  },
);
