import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { lmdbStore } from 'mcp-express/lmdb';
import { withReader } from '../../src/store/lmdb/open-file.js';
import { onCleanup } from '../support/cleanup.js';
import { ALL } from '../support/pages.js';
import { StoreProcess } from '../support/store-process.js';
import { eventually } from '../support/wait.js';
import { ROOMY, record } from './filled.js';
import { newFolder, sizeOf } from './folders.js';

const KEY = { session: 'one', stream: 'said' };
const soon = () => Date.now() + 600_000;

/**
 * Two containers whose first processes both have the id 1 cannot be made here without the rights of root. What `lmdb` says
 * then was seen with `unshare --pid --fork --mount-proc`: it is thrown by the first read, ten seconds after it was begun.
 */
test('a process that has the id of another, in another container, is told why it cannot open the file', () => {
  const said = new Error('Invalid argument: No transaction to renew');
  const opening = (): void =>
    withReader(() => {
      throw said;
    }, 1);
  expect(opening).toThrow(/another process that has the id 1 too.*"Rolling out with LMDB" in docs\/scaling\.md/);
  expect(opening).toThrow(expect.objectContaining({ cause: said }));
  const other = new Error('the disk is gone');
  expect(() =>
    withReader(() => {
      throw other;
    }),
  ).toThrow(other);
  expect(withReader(() => 'read')).toBe('read');
  expect(readFileSync(new URL('../../../../docs/scaling.md', import.meta.url), 'utf8')).toContain(
    '\n## Rolling out with LMDB\n',
  );
});

describe('two processes with one path', () => {
  test('opened at the same moment, they agree on everything', async () => {
    const path = newFolder();
    const processes = await Promise.all([StoreProcess.start({ path }), StoreProcess.start({ path })]);
    const agreed = await Promise.all(processes.map(({ store }, i) => store.values.agree('secret', `of ${i}`)));
    expect(new Set(agreed).size).toBe(1);
    const claims = Array.from({ length: 200 }, (_each, i) =>
      Promise.all(processes.map(({ store }) => store.claims.claim(`name-${i}`, soon()))),
    );
    for (const claimed of await Promise.all(claims)) expect(claimed.filter(Boolean)).toHaveLength(1);
    await Promise.all(Array.from({ length: 100 }, (_each, i) => processes[i % 2]?.store.versions.bump('lists')));
    expect(await processes[0].store.versions.read(['lists'])).toEqual([100]);
  });

  test('append to one stream, and every append is there once', async () => {
    const path = newFolder();
    const processes = await Promise.all([StoreProcess.start({ path }), StoreProcess.start({ path })]);
    await processes[0].store.sessions.create(record('one'), soon(), ROOMY);
    await processes[1].store.streams.open(KEY);
    const appends = Array.from({ length: 1_000 }, (_each, i) =>
      processes[i % 2]?.store.streams.append(KEY, [{ data: `${i}` }]),
    );
    await Promise.all(appends);
    const pages = await Promise.all(processes.map(({ store }) => store.streams.read(KEY, 'start', ALL)));
    expect(pages[0]).toEqual(pages[1]);
    const numbers = pages[0]?.events.map(({ data }) => Number(data)) ?? [];
    expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 1_000 }, (_each, i) => i));
  });

  test('the ceiling is one for both', async () => {
    const path = newFolder();
    const processes = await Promise.all([StoreProcess.start({ path }), StoreProcess.start({ path })]);
    const limits = { total: 50, perOwner: 1_000 };
    const created = Array.from({ length: 200 }, (_each, i) =>
      processes[i % 2]?.store.sessions.create(record(`s${i}`), soon(), limits),
    );
    const outcomes = await Promise.all(created);
    expect(outcomes.filter((outcome) => outcome?.created)).toHaveLength(200);
    expect(outcomes.flatMap((outcome) => (outcome?.created ? outcome.evicted : []))).toHaveLength(150);
    expect(await processes[0].store.sessions.count()).toBe(50);
  });

  test('one is killed again and again while it writes: the other goes on, and hears what was written', async () => {
    const path = newFolder();
    const store = lmdbStore({ path, lookMs: 5 });
    onCleanup(() => store.close());
    await store.sessions.create(record('one'), soon(), ROOMY);
    await store.streams.open(KEY);
    let woken = 0;
    onCleanup(store.streams.watch(KEY, () => (woken += 1)));
    for (let round = 0; round < 5; round += 1) {
      const other = await StoreProcess.start({ path });
      const before = woken;
      const writing = Array.from({ length: 200 }, (_each, i) =>
        other.store.streams.append(KEY, [{ data: `${round}.${i}` }]),
      );
      await eventually('it was heard', () => woken > before);
      await other.kill();
      await Promise.allSettled(writing);
      await store.streams.append(KEY, [{ data: `${round} is over` }]);
    }
    const texts = (await store.streams.read(KEY, 'start', ALL))?.events.map(({ data }) => data) ?? [];
    for (let round = 0; round < 5; round += 1) {
      const own = texts.filter((text) => text.startsWith(`${round}.`));
      expect(own).toEqual(own.map((_each, i) => `${round}.${i}`));
      expect(own.length).toBeGreaterThan(0);
      expect(texts).toContain(`${round} is over`);
    }
  });

  test('one that stopped reading does not make the file of the other grow', async () => {
    const path = newFolder();
    const idle = await StoreProcess.start({ path });
    await idle.store.sessions.create(record('one'), soon(), ROOMY);
    await idle.store.sessions.read('one');
    const store = lmdbStore({ path, streams: { bytes: 200_000 } });
    onCleanup(() => store.close());
    await store.streams.open(KEY);
    const events = Array.from({ length: 20 }, () => ({ data: 'x'.repeat(1_000) }));
    const sizes: number[] = [];
    for (let round = 0; round < 100; round += 1) {
      await store.streams.append(KEY, events);
      sizes.push(sizeOf(path));
    }
    expect(sizes.at(-1)).toBeLessThanOrEqual((sizes[30] ?? 0) * 1.25);
  });
});
