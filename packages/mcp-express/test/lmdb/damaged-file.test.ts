import { randomBytes } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { open } from 'lmdb';
import { ConfigurationError, McpServer, mcpRouter, openStore } from 'mcp-express';
import { lmdbStore } from 'mcp-express/lmdb';
import { onCleanup } from '../support/cleanup.js';
import { openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { eventually } from '../support/wait.js';
import { fill, lossIn, ROOMY, record } from './filled.js';
import { dataOf, digestOf, newFolder, sizeOf } from './folders.js';

const PAGE = 4096;

/** Why a store does not open; its file is as it was. */
function refusalOf(path: string): Error {
  const before = digestOf(dataOf(path));
  try {
    lmdbStore({ path });
  } catch (cause) {
    expect(digestOf(dataOf(path))).toBe(before);
    expect(cause).toBeInstanceOf(ConfigurationError);
    expect((cause as Error).message).toContain(`lmdbStore option "path": ${path} cannot be opened: `);
    return cause as Error;
  }
  throw new Error('it was opened');
}

/** A store that was filled and closed, and copies of it to damage. */
async function filled(): Promise<() => string> {
  const original = newFolder();
  await fill(original);
  return () => {
    const copy = newFolder();
    copyFileSync(dataOf(original), dataOf(copy));
    return copy;
  };
}

async function something(path: string, put: (root: ReturnType<typeof open>) => unknown): Promise<void> {
  const root = open({ path, noSubdir: false, maxDbs: 8 });
  put(root);
  await root.close();
}

describe('a file that is not ours, or not whole, is refused at start, and not written to (R35)', () => {
  test('one that was cut, wherever', async () => {
    const copyOf = await filled();
    const size = sizeOf(copyOf());
    const cuts = [1, 100, PAGE - 1, PAGE, PAGE + 100, 2 * PAGE, 3 * PAGE, size / 2, size / 2 + 17];
    for (const cut of cuts) {
      const path = copyOf();
      truncateSync(dataOf(path), cut);
      expect(refusalOf(path).message).toMatch(/it was cut|it is damaged/);
    }
  });

  /** LMDB keeps no checksums: what is not noticed is damage inside of a text that has pages of its own. */
  test('a page that was overwritten is noticed, unless nothing was on it but such a text', async () => {
    const copyOf = await filled();
    const pages = Math.floor(sizeOf(copyOf()) / PAGE);
    let refused = 0;
    for (let page = 0; page < pages; page += 1) {
      const path = copyOf();
      const bytes = readFileSync(dataOf(path));
      (page % 2 === 0 ? Buffer.alloc(PAGE, 0) : randomBytes(PAGE)).copy(bytes, page * PAGE);
      writeFileSync(dataOf(path), bytes);
      if (await wasRefused(path)) refused += 1;
    }
    expect(refused).toBeGreaterThan(10);
  });

  /** Or else everything is there. */
  async function wasRefused(path: string): Promise<boolean> {
    let store: ReturnType<typeof lmdbStore>;
    try {
      store = lmdbStore({ path });
    } catch (cause) {
      expect(cause).toBeInstanceOf(ConfigurationError);
      return true;
    }
    try {
      expect(await lossIn(store)).toBeUndefined();
    } finally {
      await store.close();
    }
    return false;
  }

  test.each([
    ['a text', Buffer.from('these are notes of somebody'.repeat(1_000))],
    ['noise', randomBytes(100_000)],
    ['zeros', Buffer.alloc(100_000)],
    ['a byte', Buffer.from([0])],
  ])('%s', (_what, content) => {
    const path = newFolder();
    writeFileSync(dataOf(path), content);
    expect(refusalOf(path).message).toContain('it is no LMDB file');
  });

  test('an LMDB file of something else, with tables and without', async () => {
    for (const put of [
      (root: ReturnType<typeof open>) => root.putSync('theirs', 1),
      (root: ReturnType<typeof open>) => root.openDB('sessions', {}).putSync('theirs', 1),
      (root: ReturnType<typeof open>) => root.openDB('about', { encoding: 'json' }).putSync('theirs', 1),
    ]) {
      const path = newFolder();
      await something(path, put);
      expect(refusalOf(path).message).toContain('it holds an LMDB file of something else');
    }
  });

  test('a format of a later version, which is named', async () => {
    const path = newFolder();
    await something(path, (root) => root.openDB('about', { encoding: 'json' }).putSync('schema', 2));
    expect(refusalOf(path).message).toContain('it has format 2, and this version reads format 1');
  });

  test('a directory that is a file, and none at all', async () => {
    const path = dataOf(newFolder());
    writeFileSync(path, 'a file');
    expect(() => lmdbStore({ path })).toThrow(ConfigurationError);
    expect(readFileSync(path, 'utf8')).toBe('a file');
    expect(() => lmdbStore({ path: '' })).toThrow('lmdbStore option "path"');
    await expect(openStore(`lmdb:${path}`)).rejects.toThrow(ConfigurationError);
  });
});

describe('what is refused can be put right', () => {
  test('the whole file in the place of the damaged one is opened', async () => {
    const copyOf = await filled();
    const [damaged, whole] = [copyOf(), copyOf()];
    truncateSync(dataOf(damaged), 3 * PAGE);
    refusalOf(damaged);
    copyFileSync(dataOf(whole), dataOf(damaged));
    const store = lmdbStore({ path: damaged });
    onCleanup(() => store.close());
    expect(await lossIn(store)).toBeUndefined();
  });

  test('one whose making was cut short, by a process that ended, is finished', async () => {
    const path = newFolder();
    await something(path, (root) => root.openDB('about', { encoding: 'json' }));
    const store = lmdbStore({ path });
    onCleanup(() => store.close());
    expect(await store.values.agree('secret', 'ours')).toBe('ours');
  });

  test('an empty file is begun anew: nothing was ever committed to it', async () => {
    const path = newFolder();
    writeFileSync(dataOf(path), '');
    const store = lmdbStore({ path });
    onCleanup(() => store.close());
    const router = mcpRouter(new McpServer({ name: 'test', version: '1' }), { store });
    onCleanup(() => router.close({ graceMs: 0 }));
    expect(await router.isReady()).toBe(true);
    expect(readdirSync(path).sort()).toEqual(['data.mdb', 'lock.mdb']);
  });
});

describe('a file that goes while it is open', () => {
  test.each([
    ['removed', (_path: string) => undefined],
    ['replaced by that of another process', (path: string) => copyFileSync(`${dataOf(path)}.away`, dataOf(path))],
  ])(
    '%s: every request is refused and it is not ready, until the file is back (R35, invariant 9)',
    async (_how, put) => {
      const path = newFolder();
      const store = lmdbStore({ path });
      const { url, router } = await startServer({ options: { store } });
      const session = await openSession(url);
      renameSync(dataOf(path), `${dataOf(path)}.away`);
      put(path);
      await eventually('it is noticed', async () => !(await router.isReady()));
      const { status, json } = await session.call('echo', { text: 'x' });
      expect([status, json.error.data.reason]).toEqual([503, 'store-unavailable']);
      await expect(store.sessions.read(session.id)).rejects.toThrow(
        `${dataOf(path)} was removed or replaced while it was open`,
      );
      await expect(store.sessions.create(record('new'), Date.now() + 60_000, ROOMY)).rejects.toThrow('put it back');
      renameSync(`${dataOf(path)}.away`, dataOf(path));
      await eventually('it is ready again', () => router.isReady());
      expect((await session.call('echo', { text: 'x' })).status).toBe(200);
    },
  );
});
