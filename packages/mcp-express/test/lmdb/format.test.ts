import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { lmdbStore } from 'mcp-express/lmdb';
import { fillRecorded, readRecorded } from '../support/recorded.js';
import { newFolder } from './folders.js';
import { type RecordedTable, recordTables, restoreTables } from './recorded-tables.js';

/** What the release that wrote format 1 first has left in a file, and what it read of it. Never changed: a new format has a new one. */
const RECORDED = new URL('format-1.json', import.meta.url);

const NOW = 1_800_000_000_000;

const now = (): number => NOW;

const recorded = () => JSON.parse(readFileSync(RECORDED, 'utf8')) as { tables: RecordedTable[]; reads: object };

describe('records of format 1 of LMDB (R35)', () => {
  test('are read by this release', async () => {
    const path = newFolder();
    const { tables, reads } = recorded();
    await restoreTables(path, tables);
    const store = lmdbStore({ path, now });
    const read = await readRecorded(store, NOW);
    await store.close();
    expect(JSON.parse(JSON.stringify(read))).toEqual(reads);
  });

  test('are what this release writes, so that the one before reads them', async () => {
    const path = newFolder();
    const store = lmdbStore({ path, now });
    await fillRecorded(store, NOW);
    await store.close();
    expect(await recordTables(path)).toEqual(recorded().tables);
  });
});
