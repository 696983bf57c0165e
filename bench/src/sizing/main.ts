import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { memoryStore } from 'mcp-express';
import { lmdbStore } from 'mcp-express/lmdb';
import { redisStore } from 'mcp-express/redis';
import { deadNodes } from './dead-nodes.js';
import { type IdleSessions, idleSessions } from './idle-sessions.js';
import { type OpenStreams, openStreamsOf } from './open-streams.js';
import { operations } from './operations.js';
import { Redis } from './redis.js';

/*
 * Measures the cost of sessions on each store, of requests in Redis, of open streams and an announcement to all of them, and
 * the time until clients of a dead node are answered. `--sessions`, `--streams` and `--deaths` are the numbers of each; 0
 * skips that part. Takes some minutes, because sessions must expire.
 */

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '20000' },
    streams: { type: 'string', default: '5000' },
    deaths: { type: 'string', default: '20' },
    port: { type: 'string', default: '6390' },
  },
});
const sessions = Number(values.sessions);
const folder = mkdtempSync(join(tmpdir(), 'sizing-'));
const redis = await Redis.start(Number(values.port));

try {
  if (Number(values.streams) > 0) await sizeStreams(Number(values.streams));
  if (Number(values.deaths) > 0) await timeDeaths(Number(values.deaths));
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
  // The memory store holds nothing outside of the node.
  tell('memory', await idleSessions(memoryStore(), sessions, () => 1));
  tell('LMDB', await idleSessions(lmdbStore({ path: folder }), sessions, file));
  tell('Redis', await idleSessions(redisStore({ url: redis.url }), sessions, () => redis.bytes));
  console.log(`keys left in Redis: ${redis.keyCount()}`);
}

async function sizeStreams(count: number): Promise<void> {
  tellStreams('memory', await openStreamsOf({ count }));
  tellStreams('Redis', await openStreamsOf({ count, redisUrl: redis.url }));
}

function tellStreams(store: string, { count, residentEach, objectsEach, milliseconds, cpuEach }: OpenStreams): void {
  const sorted = [...milliseconds].sort((one, other) => one - other);
  const [median = 0, worst = 0] = [sorted[sorted.length >> 1], sorted.at(-1)];
  console.log(
    [
      `${store}: ${count.toLocaleString('en')} open streams of one node`,
      `  each: ${Math.round(residentEach).toLocaleString('en')} bytes resident, ${Math.round(objectsEach).toLocaleString('en')} of objects and buffers`,
      `  list_changed until all have it: median ${median.toFixed(0)} ms, worst ${worst.toFixed(0)} ms; ${cpuEach.toFixed(0)} ms of the node's processor time`,
    ].join('\n'),
  );
}

async function timeDeaths(deaths: number): Promise<void> {
  const { leases, leaseMs } = await deadNodes({ redisUrl: redis.url, deaths, leaseMs: 5_000 });
  const at = (part: number): string => (leases[Math.ceil(leases.length * part) - 1] ?? 0).toFixed(2);
  const within = leases.filter((lease) => lease <= 1.5).length / leases.length;
  console.log(
    `${leases.length} calls of ${deaths} nodes that were killed, leases of ${leaseMs} ms: answered after ${at(0.5)} leases (median), ` +
      `${at(0.999)} (99.9 %), ${at(1)} (worst); ${(within * 100).toFixed(1)} % within 1.5`,
  );
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
