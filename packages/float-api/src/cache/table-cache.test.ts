/** Which tables are cached, for how long, and how changes are read. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { FloatReader } from '../client-types.js';
import type { Query } from '../query.js';
import type { ResourceKey } from '../resources.js';
import { createTableCache, type TableCache } from './table-cache.js';

interface Stored {
  people_id: number;
  modified: string;
  name?: string;
}

/** A reader with a single table for every resource. */
function fakeFloat() {
  const asked: string[] = [];
  const table: Stored[] = [];
  let gate = Promise.resolve();
  const since = (query: Query) => table.filter(({ modified }) => modified >= String(query['modified_since'] ?? ''));
  const reader = {
    async listAll(key: ResourceKey, query: Query, { signal }: { signal?: AbortSignal } = {}) {
      asked.push(`${key}${query['modified_since'] === undefined ? '' : ` since ${query['modified_since']}`}`);
      const found = since(query).map((row) => ({ ...row }));
      await gate;
      signal?.throwIfAborted();
      return found;
    },
    async *list(key: ResourceKey) {
      asked.push(`${key} count`);
      yield { records: [], page: 1, pages: 1, total: table.length };
    },
  } as unknown as FloatReader;
  const hold = () => {
    let open: () => void = () => {};
    gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    return () => open();
  };
  return { reader, table, asked, hold };
}

let now: number;
let float: ReturnType<typeof fakeFloat>;
let cache: TableCache;
const clock = { now: () => now, sleep: async () => {} };
beforeEach(() => {
  now = 0;
  float = fakeFloat();
  cache = createTableCache(float.reader, { clock });
});

const fill = (count: number) => {
  for (let id = 1; id <= count; id += 1) float.table.push({ people_id: id, modified: '2026-11-01 08:00:00' });
};
const people = (query: Query = {}) => cache.read('people', query);
const names = async () => (await people()).map(({ name }) => name).filter(Boolean);

describe('cached lists', () => {
  test.each<[ResourceKey, Query, boolean]>([
    ['departments', {}, true],
    ['people', { active: 1 }, true],
    ['public-holidays', { start_date: '2026-11-23', end_date: '2026-11-29' }, true],
    ['people', { fields: 'name' }, false],
    ['people', { sort: 'name' }, false],
    ['projects', { expand: 'project_team' }, false],
    ['people', { modified_since: '2026-11-01 00:00:00' }, false],
    ['allocations', {}, false],
    ['timeoffs', {}, false],
    ['logged-time', {}, false],
    ['statuses', {}, false],
  ])('%s %j: %j', (key, query, taken) => {
    expect(cache.caches(key, query)).toBe(taken);
  });

  test('a table without modified_since is cached for a minute', async () => {
    for (const at of [0, 59_999, 60_000]) {
      now = at;
      await cache.read('roles', {});
    }
    expect(float.asked).toEqual(['roles', 'roles']);
  });

  test('each query is cached separately, regardless of parameter order', async () => {
    await people({ active: 1, department_id: 2 });
    await people({ department_id: 2, active: 1, people_type_id: undefined });
    await people({ active: 0, department_id: 2 });
    expect(float.asked).toHaveLength(2);
  });

  test('a write empties it', async () => {
    await people();
    cache.clear();
    await people();
    expect(float.asked).toEqual(['people', 'people']);
  });
});

describe('changes', () => {
  test('of a long table are read separately and merged', async () => {
    fill(450);
    await people();
    now = 10_000;
    float.table[7] = { people_id: 8, modified: '2026-11-02 08:00:00', name: 'Renamed' };
    float.table.push({ people_id: 451, modified: '2026-11-02 08:00:01', name: 'New' });
    await expect(names()).resolves.toEqual(['Renamed', 'New']);
    now = 20_000;
    await people();
    expect(float.asked).toEqual([
      'people',
      'people since 2026-11-01 08:00:00',
      'people count',
      'people since 2026-11-02 08:00:01',
      'people count',
    ]);
  });

  test('after a deletion, which modified_since omits, the whole table is read', async () => {
    fill(450);
    await people();
    now = 10_000;
    float.table.shift();
    float.table.push({ people_id: 451, modified: '2026-11-02 08:00:00' });
    const found = await people();
    expect(found).toHaveLength(450);
    expect(found[0]?.people_id).toBe(2);
    expect(float.asked.at(-1)).toBe('people');
  });

  test('of a short table are not requested separately', async () => {
    fill(400);
    await people();
    now = 10_000;
    await people();
    expect(float.asked).toEqual(['people', 'people']);
  });
});

describe('several at once', () => {
  test('read the table once', async () => {
    await Promise.all([people(), people(), people()]);
    expect(float.asked).toEqual(['people']);
  });

  test('a table read during a write is returned but not cached', async () => {
    const open = float.hold();
    const early = people();
    cache.clear();
    float.table.push({ people_id: 1, modified: '2026-11-02 08:00:00', name: 'Written' });
    const late = names();
    open();
    await expect(early).resolves.toEqual([]);
    await expect(late).resolves.toEqual(['Written']);
    await expect(names()).resolves.toEqual(['Written']);
    expect(float.asked).toEqual(['people', 'people']);
  });

  test('a cancelled caller is rejected without affecting others', async () => {
    const open = float.hold();
    const leaving = new AbortController();
    const gone = cache.read('people', {}, leaving.signal);
    const staying = people();
    leaving.abort();
    await expect(gone).rejects.toMatchObject({ code: 'aborted' });
    open();
    await expect(staying).resolves.toEqual([]);
    const alone = new AbortController();
    now = 60_000;
    const reopen = float.hold();
    const last = cache.read('people', {}, alone.signal);
    alone.abort();
    await expect(last).rejects.toMatchObject({ code: 'aborted' });
    reopen();
    await expect(people()).resolves.toEqual([]);
  });

  test('a failure is not cached', async () => {
    let failing = true;
    const reader = { ...float.reader, listAll: async () => (failing ? Promise.reject(new Error('down')) : []) };
    const kept = createTableCache(reader as unknown as FloatReader, { clock });
    await expect(kept.read('roles', {})).rejects.toThrow('down');
    failing = false;
    await expect(kept.read('roles', {})).resolves.toEqual([]);
  });
});
