import { describe, expect, test } from '@jest/globals';
import type { Store, StreamKey } from 'mcp-express';
import { lmdbStore } from 'mcp-express/lmdb';
import { onCleanup } from '../support/cleanup.js';
import { ALL } from '../support/pages.js';
import { type AskedStore, StoreProcess } from '../support/store-process.js';
import { eventually } from '../support/wait.js';
import { ROOMY, record } from './filled.js';
import { newFolder } from './folders.js';

const STREAMS = 8;
/** Each append is of so many events, which are there together or not at all. */
const TOGETHER = 3;
/** Appends of one stream that are on their way at once. */
const AT_ONCE = 16;
const ACKNOWLEDGED = 2_500;
const EXPIRES_AT = Date.now() + 600_000;

const keyOf = (i: number): StreamKey => ({ session: `session-${i}`, stream: 'said' });

/** What was acknowledged of one stream: the number of its last append. */
interface Told {
  acknowledged: number;
  asked: number;
}

/** Appends to a stream without end, in order, and notes what was acknowledged. Ends when the process does. */
async function writeOn(store: AskedStore, key: StreamKey, told: Told): Promise<void> {
  const lane = async (): Promise<void> => {
    for (;;) {
      told.asked += 1;
      const number = told.asked;
      const events = Array.from({ length: TOGETHER }, (_each, i) => ({ data: `${number}.${i} ${'x'.repeat(200)}` }));
      await store.streams.append(key, events);
      told.acknowledged = Math.max(told.acknowledged, number);
    }
  };
  await Promise.allSettled(Array.from({ length: AT_ONCE }, lane));
}

/** Sessions come and go beside it: those that are surely there, and all that were asked for. */
interface Sessions {
  readonly there: Set<string>;
  readonly asked: Set<string>;
}

async function openAndEnd(store: AskedStore, { there, asked }: Sessions): Promise<void> {
  for (let i = 0; ; i += 1) {
    const [id, gone] = [`coming-${i}`, `coming-${i - 5}`];
    asked.add(id);
    await store.sessions.create(record(id, `owner-${i % 3}`), EXPIRES_AT, ROOMY);
    there.add(id);
    there.delete(gone);
    await store.sessions.delete(gone);
  }
}

async function killedInTheMidst(path: string, streams: { events: number }) {
  const process = await StoreProcess.start({ path, streams });
  const { store } = process;
  const told = Array.from({ length: STREAMS }, (): Told => ({ acknowledged: 0, asked: 0 }));
  for (const i of told.keys()) {
    await store.sessions.create(record(keyOf(i).session), EXPIRES_AT, ROOMY);
    await store.streams.open(keyOf(i));
  }
  const sessions: Sessions = { there: new Set(), asked: new Set() };
  const work = [...told.entries()].map(([i, each]) => writeOn(store, keyOf(i), each));
  const coming = openAndEnd(store, sessions).catch(() => {});
  await eventually('thousands of appends', () => told.reduce((sum, each) => sum + each.acknowledged, 0) > ACKNOWLEDGED);
  await process.kill();
  await Promise.all([...work, coming]);
  return { told, sessions };
}

/** The numbers of the appends in a stream, which must be whole and in order. */
async function appendsOf(store: Store, key: StreamKey): Promise<number[]> {
  const texts = (await store.streams.read(key, 'start', ALL))?.events.map(({ data }) => data) ?? [];
  expect(texts.length % TOGETHER).toBe(0);
  const numbers: number[] = [];
  for (let at = 0; at < texts.length; at += TOGETHER) {
    const number = Number(texts[at]?.split('.')[0]);
    for (let i = 0; i < TOGETHER; i += 1) expect(texts[at + i]).toBe(`${number}.${i} ${'x'.repeat(200)}`);
    numbers.push(number);
  }
  return numbers;
}

describe('a process that is killed in the midst of thousands of appends (R2, R35)', () => {
  test('leaves what it acknowledged, in order and whole, for the next one, three times over', async () => {
    const path = newFolder();
    const streams = { events: 1_000_000 };
    const kept = new Map<number, number>();
    for (let round = 0; round < 3; round += 1) {
      const { told, sessions } = await killedInTheMidst(path, streams);
      const store = lmdbStore({ path, streams });
      onCleanup(() => store.close());
      for (const [i, { acknowledged }] of told.entries()) {
        const numbers = (await appendsOf(store, keyOf(i))).slice(kept.get(i) ?? 0);
        expect(numbers).toEqual(numbers.map((_each, at) => at + 1));
        expect(numbers.length).toBeGreaterThanOrEqual(acknowledged);
        kept.set(i, (kept.get(i) ?? 0) + numbers.length);
      }
      for (const id of sessions.there) expect((await store.sessions.read(id))?.id).toBe(id);
      await store.close();
    }
  });

  test('leaves sums that are true: what is dropped makes room, and no session is left over', async () => {
    const path = newFolder();
    const { sessions } = await killedInTheMidst(path, { events: 100 });
    const store = lmdbStore({ path, streams: { events: 100 } });
    onCleanup(() => store.close());
    for (let i = 0; i < STREAMS; i += 1) {
      await store.streams.append(keyOf(i), [{ data: 'one more' }]);
      const page = await store.streams.read(keyOf(i), 'start', ALL);
      expect(page?.events.length).toBeLessThanOrEqual(100);
      expect(page?.events.length).toBeGreaterThan(50);
      expect(page?.events.at(-1)?.data).toBe('one more');
      await store.sessions.delete(keyOf(i).session);
      await store.streams.drop(keyOf(i).session);
    }
    const counted = await store.sessions.count();
    const deleted = await Promise.all([...sessions.asked].map((id) => store.sessions.delete(id)));
    expect(deleted.filter(Boolean)).toHaveLength(counted);
    expect(await store.sessions.count()).toBe(0);
  });
});
