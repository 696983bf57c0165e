import { expect, test } from '@jest/globals';
import type { Store } from 'mcp-express';
import { lmdbStore } from 'mcp-express/lmdb';
import { onCleanup } from '../support/cleanup.js';
import { ALL } from '../support/pages.js';
import { ROOMY, record } from './filled.js';
import { newFolder } from './folders.js';

const HOUR_MS = 60 * 60_000;
const BEGIN = 1_000_000_000;

/** The store of a process that is started at a time. */
function startedAt(path: string, time: number): Store {
  const store = lmdbStore({ path, now: () => time });
  onCleanup(() => store.close());
  return store;
}

test('what expired while no process ran is gone at the start, and the rest is there (R2, R3)', async () => {
  const path = newFolder();
  const before = startedAt(path, BEGIN);
  const said = { session: 'short', stream: 'said' };
  await before.sessions.create(record('short'), BEGIN + HOUR_MS, ROOMY);
  await before.sessions.create(record('long'), BEGIN + 3 * HOUR_MS, ROOMY);
  await before.sessions.create(record('busy'), BEGIN + HOUR_MS, ROOMY);
  await before.sessions.hold('busy', BEGIN + 3 * HOUR_MS);
  await before.streams.open(said);
  await before.streams.append(said, [{ data: 'something' }]);
  await before.claims.claim('name', BEGIN + HOUR_MS);
  await before.leases.hold('node', BEGIN + HOUR_MS);
  await before.close();

  const after = startedAt(path, BEGIN + 2 * HOUR_MS);
  expect(await after.sessions.touch('short', 'ann', BEGIN + 9 * HOUR_MS)).toBeUndefined();
  expect(await after.sessions.read('short')).toBeUndefined();
  expect((await after.sessions.read('long'))?.id).toBe('long');
  expect((await after.sessions.read('busy'))?.id).toBe('busy');
  expect(await after.sessions.count()).toBe(2);
  expect(await after.streams.read(said, 'start', ALL)).toBeUndefined();
  expect(await after.leases.isHeld('node')).toBe(false);
  expect(await after.claims.claim('name', BEGIN + 3 * HOUR_MS)).toBe(true);
});

test('a clock that was set back between two runs lets sessions live as long as they were told to (R3)', async () => {
  const path = newFolder();
  const before = startedAt(path, BEGIN);
  await before.sessions.create(record('one'), BEGIN + HOUR_MS, ROOMY);
  await before.close();
  const back = startedAt(path, BEGIN - HOUR_MS);
  expect((await back.sessions.touch('one', 'ann', BEGIN))?.id).toBe('one');
  await back.close();
  const later = startedAt(path, BEGIN + 1);
  expect(await later.sessions.count()).toBe(0);
});
