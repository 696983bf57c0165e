import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { memoryStore } from 'mcp-express';
import { lmdbStore } from 'mcp-express/lmdb';
import { redisStore } from 'mcp-express/redis';
import { type IdleSessions, idleSessions } from './idle-sessions.js';
import { operations } from './operations.js';
import { Redis } from './redis.js';

/*
 * What sessions cost, on each store, and requests in Redis: `npm run sizing -- --sessions 20000`, or 0 for requests alone. Opens sessions over HTTP, abandons them, and
 * measures before, while and after they are there. Takes some minutes: sessions must have the time to expire.
 */

const { values } = parseArgs({
  options: { sessions: { type: 'string', default: '20000' }, port: { type: 'string', default: '6390' } },
});
const sessions = Number(values.sessions);
const folder = mkdtempSync(join(tmpdir(), 'sizing-'));
const redis = await Redis.start(Number(values.port));

try {
  if (sessions > 0) await sizeSessions();
  for (const { what, scripts, commands, microseconds } of await operations(redisStore({ url: redis.url }), redis)) {
    const inThem = `${commands.toFixed(1)} commands in them`;
    console.log(`${what}: ${scripts.toFixed(2)} scripts, ${inThem}, ${microseconds.toFixed(0)} microseconds of Redis`);
  }
} finally {
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function sizeSessions(): Promise<void> {
  const file = (): number => statSync(join(folder, 'data.mdb')).size;
  // Memory has nothing beside the heap of the node.
  tell('memory', await idleSessions(memoryStore(), sessions, () => 1));
  tell('LMDB', await idleSessions(lmdbStore({ path: folder }), sessions, file));
  tell('Redis', await idleSessions(redisStore({ url: redis.url }), sessions, () => redis.bytes));
  console.log(`keys left in Redis: ${redis.keyCount()}`);
}

function tell(store: string, measured: IdleSessions): void {
  const { sessions: count, heapEach, besideEach, besideEachEvent, heapLeft, besideLeft, unknown } = measured;
  const bytes = (value: number): string => `${Math.round(value).toLocaleString('en')} bytes`;
  console.log(
    [
      `${store}: ${count.toLocaleString('en')} idle sessions`,
      `  each: ${bytes(heapEach)} of the node's heap, ${bytes(besideEach)} beside it; ${bytes(besideEachEvent)} for an event`,
      `  when they have expired: heap at ${heapLeft.toFixed(1)} %, beside it ${besideLeft.toFixed(1)} % of before`,
      `  of 100 old ids ${unknown} are unknown`,
    ].join('\n'),
  );
}
