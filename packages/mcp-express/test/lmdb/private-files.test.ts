/** The files of the store belong to their owner alone (R35): who reads them can take over sessions. */
import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { open } from 'lmdb';
import { lmdbStore } from 'mcp-express/lmdb';
import { newFolder } from './folders.js';

const FILES = ['data.mdb', 'lock.mdb'];
const modesOf = (folder: string) => FILES.map((file) => (statSync(join(folder, file)).mode & 0o777).toString(8));

describe('data and lock are 0600', () => {
  const umask = process.umask();
  afterEach(() => {
    process.umask(umask);
  });

  test.each([0o000, 0o022, 0o077, 0o277])('in a directory that others may enter, with umask %o', async (mask) => {
    const folder = newFolder();
    chmodSync(folder, 0o755);
    process.umask(mask);
    const store = lmdbStore({ path: folder });
    expect(modesOf(folder)).toEqual(['600', '600']);
    await store.close();
  });

  test('also where an earlier version made them for everybody', async () => {
    const folder = newFolder();
    await lmdbStore({ path: folder }).close();
    for (const file of FILES) chmodSync(join(folder, file), 0o664);
    const store = lmdbStore({ path: folder });
    expect(modesOf(folder)).toEqual(['600', '600']);
    await store.close();
  });

  test('a file of something else is left as it is', async () => {
    const folder = newFolder();
    const foreign = open({ path: folder, noSubdir: false, maxDbs: 8 });
    await foreign.openDB({ name: 'theirs' }).put('a', 1);
    await foreign.close();
    chmodSync(join(folder, 'data.mdb'), 0o644);
    expect(() => lmdbStore({ path: folder })).toThrow('something else');
    expect(modesOf(folder)[0]).toBe('644');
  });
});
