import { describe, expect, test } from '@jest/globals';
import type { Store } from 'mcp-express';
import { lmdbStore } from 'mcp-express/lmdb';
import { onCleanup } from '../support/cleanup.js';
import { ROOMY, record } from './filled.js';
import { newFolder, sizeOf } from './folders.js';

const AT_ONCE = 100;
const IDLE_MS = 60_000;
const EVENTS = Array.from({ length: 20 }, (_each, i) => ({ data: `${i}`.padEnd(1_000, 'x') }));

function start(): { path: string; store: Store; pass(ms: number): void } {
  const path = newFolder();
  let time = 1_000_000;
  const store = lmdbStore({ path, now: () => time });
  onCleanup(() => store.close());
  return {
    path,
    store,
    pass: (ms) => {
      time += ms;
    },
  };
}

/** Sessions that come, are told something, and go: half of them say so. The rest expire. */
async function comeAndGo({ store, pass }: ReturnType<typeof start>, round: number): Promise<void> {
  const ids = Array.from({ length: AT_ONCE }, (_each, i) => `${round}-${i}`);
  await Promise.all(
    ids.map(async (id, i) => {
      await store.sessions.create(record(id, `owner-${i % 7}`), 1_000_000 + (round + 1) * IDLE_MS, ROOMY);
      const key = { session: id, stream: 'said' };
      await store.streams.open(key);
      await store.streams.append(key, EVENTS);
      if (i % 2 === 1) return;
      await store.sessions.delete(id);
      await store.streams.drop(id);
    }),
  );
  expect(await store.sessions.count()).toBe(AT_ONCE / 2);
  pass(IDLE_MS);
  expect(await store.sessions.count()).toBe(0);
}

describe('the file grows to what is held at once, and no further (R3, R35, invariant 5)', () => {
  test('while 3,000 sessions come and go, of which half never say that they are gone', async () => {
    const started = start();
    for (let round = 0; round < 5; round += 1) await comeAndGo(started, round);
    const early = sizeOf(started.path);
    for (let round = 5; round < 30; round += 1) await comeAndGo(started, round);
    expect(sizeOf(started.path)).toBeLessThanOrEqual(early * 1.25);
  });

  test('while one stream is appended to beyond what a session may hold', async () => {
    const path = newFolder();
    const store = lmdbStore({ path, streams: { bytes: 200_000 } });
    onCleanup(() => store.close());
    const key = { session: 'one', stream: 'said' };
    await store.streams.open(key);
    const sizes: number[] = [];
    for (let round = 0; round < 60; round += 1) {
      await store.streams.append(key, EVENTS);
      sizes.push(sizeOf(path));
    }
    expect(sizes.at(-1)).toBeLessThanOrEqual((sizes[20] ?? 0) * 1.25);
  });

  test('what all sessions hold together is bounded, whatever each of them may', async () => {
    const path = newFolder();
    const store = lmdbStore({ path, streams: { totalBytes: 500_000 } });
    onCleanup(() => store.close());
    const sizes: number[] = [];
    for (let i = 0; i < 150; i += 1) {
      const key = { session: `s${i}`, stream: 'said' };
      await store.streams.open(key);
      await store.streams.append(key, EVENTS);
      sizes.push(sizeOf(path));
    }
    expect(sizes.at(-1)).toBeLessThanOrEqual((sizes[60] ?? 0) * 1.25);
  });
});
