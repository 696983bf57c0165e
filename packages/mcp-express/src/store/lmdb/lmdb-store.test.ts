import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, test } from '@jest/globals';
import { failingLmdb } from '../../../test/support/failing-lmdb.js';
import { testStore } from '../../testing/index.js';
import { lmdbStore } from './lmdb-store.js';

const folder = mkdtempSync(join(tmpdir(), 'lmdb-'));
let count = 0;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the LMDB store keeps the contract', () => {
  testStore({
    describe,
    test,
    create: async (streams = {}) => {
      count += 1;
      const options = { path: join(folder, String(count)), streams };
      return { store: lmdbStore(options), other: lmdbStore(options) };
    },
    createFailing: (fault) => {
      count += 1;
      return failingLmdb(join(folder, String(count)), fault);
    },
  });
});
