import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Store } from 'mcp-express';
import { Service, times } from './service.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Measures the bytes outside of the node: of a file, or of Redis. */
export type Beside = () => number;

/** The memory of idle sessions. */
export interface IdleSessions {
  readonly sessions: number;
  /** Bytes of one idle session in the heap of the node, and outside of it. */
  readonly heapEach: number;
  readonly besideEach: number;
  /** Bytes for one more event of 200 characters that waits in the session's stream. */
  readonly besideEachEvent: number;
  /** Bytes in the heap and outside of it after all have expired, in per cent of those before the first was opened. */
  readonly heapLeft: number;
  readonly besideLeft: number;
  /** Of 100 of the old ids, those that were unknown afterwards. */
  readonly unknown: number;
}

/** Longer than it takes to open all sessions, so that the first do not expire before the last is open. */
const IDLE_MS = 90_000;
/** Length of an id. The ids are kept in a buffer, outside of the measured heap. */
const ID_CHARACTERS = 32;
const PATIENCE_MS = 5 * 60_000;

/** Opens sessions over HTTP, measures them, waits until they expire, and measures what remains. */
export async function idleSessions(store: Store, sessions: number, beside: Beside): Promise<IdleSessions> {
  const service = await Service.start(store, IDLE_MS);
  try {
    for (const id of await times(500, () => service.open())) await service.end(id);
    const before = { heap: await heap(), beside: beside() };
    const ids = Buffer.alloc(sessions * ID_CHARACTERS);
    const idAt = (i: number): string => ids.toString('latin1', i * ID_CHARACTERS, (i + 1) * ID_CHARACTERS);
    await times(sessions, async (i) => ids.write(await service.open(), i * ID_CHARACTERS, 'latin1'));
    const opened = { heap: await heap(), beside: beside() };
    await times(sessions, (i) => say(store, idAt(i)));
    const said = { heap: await heap(), beside: beside() };
    await untilGone(store);
    const after = { heap: await heap(), beside: beside() };
    const old = await times(100, (i) => service.ping(idAt(i * Math.floor(sessions / 100))));
    return {
      sessions,
      heapEach: (opened.heap - before.heap) / sessions,
      besideEach: (opened.beside - before.beside) / sessions,
      besideEachEvent: (said.beside - opened.beside + (said.heap - opened.heap)) / sessions,
      heapLeft: (after.heap / before.heap) * 100,
      besideLeft: (after.beside / before.beside) * 100,
      unknown: old.filter(({ status }) => status === 404).length,
    };
  } finally {
    await service.close();
    await store.close();
  }
}

async function say(store: Store, session: string): Promise<void> {
  const record = await store.sessions.read(session);
  if (record === undefined)
    throw new Error('a session expired before it was measured: fewer of them, or a faster machine');
  const key = { session, stream: record.standalone };
  await store.streams.open(key);
  await store.streams.append(key, [{ data: JSON.stringify({ text: 'x'.repeat(188) }) }]);
}

async function untilGone(store: Store): Promise<void> {
  const giveUp = performance.now() + PATIENCE_MS;
  while ((await store.sessions.count()) > 0) {
    if (performance.now() > giveUp) throw new Error('sessions did not expire');
    await delay(1_000);
  }
  // Stores also remove data by sweeps, within some seconds.
  await delay(15_000);
}

async function heap(): Promise<number> {
  for (let round = 0; round < 4; round += 1) {
    collect();
    await new Promise(setImmediate);
  }
  return process.memoryUsage().heapUsed;
}
