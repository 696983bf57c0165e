/** Parallel reading of pages, and lists that change meanwhile, without a network. */
import { describe, expect, test } from '@jest/globals';
import { FloatApiError } from './errors.js';
import { readAllRecords } from './pages.js';
import type { RequestSender } from './request-sender.js';
import { identityOf, resourceOf } from './resources.js';
import type { HttpRequest, RawResponse } from './transport.js';

interface Served {
  readonly ids: readonly number[];
  readonly total: number;
  readonly pages: number;
  readonly page?: number;
  /** Instead of clients with the ids. */
  readonly records?: readonly object[];
}

/** Answers each page by the function; counts what is asked and how much of it at once. */
function callerOf(serve: (page: number, call: number) => Served | Promise<Served>) {
  const seen = { pages: [] as number[], most: 0, running: 0 };
  const caller: RequestSender = {
    async send(_row, call: HttpRequest, signal) {
      const page = Number(new URLSearchParams(call.query).get('page'));
      seen.pages.push(page);
      seen.running += 1;
      seen.most = Math.max(seen.most, seen.running);
      await new Promise((resolve) => setImmediate(resolve));
      seen.running -= 1;
      if (signal?.aborted) throw new FloatApiError('aborted', { endpoint: 'GET /clients' });
      return rawOf(await serve(page, seen.pages.length), page);
    },
  };
  return { caller, seen };
}

function rawOf({ ids, total, pages, page, records }: Served, asked: number): RawResponse {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-pagination-total-count': String(total),
    'x-pagination-page-count': String(pages),
    'x-pagination-current-page': String(page ?? asked),
  };
  const text = JSON.stringify(records ?? ids.map((client_id) => ({ client_id })));
  return { status: 200, text, header: (name) => headers[name] };
}

const row = resourceOf('clients');
const read = (caller: RequestSender, signal?: AbortSignal) =>
  readAllRecords<{ client_id: number }>(caller, { row, query: {}, identity: ['client_id'], signal });
const idsOf = async (caller: RequestSender) => (await read(caller)).map(({ client_id }) => client_id);

describe('readAllRecords', () => {
  test('reads at most four pages at a time and keeps their order', async () => {
    const { caller, seen } = callerOf((page) => ({ ids: [page], total: 9, pages: 9 }));
    await expect(idsOf(caller)).resolves.toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(seen.most).toBe(4);
    expect(seen.pages).toHaveLength(9);
  });

  test('one page is one call', async () => {
    const { caller, seen } = callerOf(() => ({ ids: [1], total: 1, pages: 1 }));
    await expect(idsOf(caller)).resolves.toEqual([1]);
    expect(seen.pages).toEqual([1]);
  });

  test('a record deleted meanwhile causes another read', async () => {
    // 1 goes after the first page was cut: 3 would move up to it and be missed.
    const { caller, seen } = callerOf((page, call) => {
      if (call === 1) return { ids: [1, 2], total: 4, pages: 2 };
      return page === 1 ? { ids: [2, 3], total: 3, pages: 2 } : { ids: [4], total: 3, pages: 2 };
    });
    await expect(idsOf(caller)).resolves.toEqual([2, 3, 4]);
    expect(seen.pages).toEqual([1, 2, 1, 2]);
  });

  test('a duplicate record or a repeated last page causes another read', async () => {
    const doubled = callerOf((page, call) => ({ ids: call <= 2 ? [1] : [page], total: 2, pages: 2 }));
    await expect(idsOf(doubled.caller)).resolves.toEqual([1, 2]);
    const again = callerOf((page, call) => ({ ids: [page], total: 2, pages: 2, page: call === 2 ? 1 : page }));
    await expect(idsOf(again.caller)).resolves.toEqual([1, 2]);
  });

  test('a list that keeps changing is an error, never a partial result', async () => {
    const { caller, seen } = callerOf((page, call) => ({ ids: [page], total: call, pages: 2 }));
    await expect(idsOf(caller)).rejects.toMatchObject({ code: 'unstable', endpoint: 'GET /clients' });
    expect(seen.pages).toHaveLength(6);
  });

  test('records that Float itself returns twice are preserved', async () => {
    const alone = callerOf(() => ({ ids: [1, 2, 1], total: 3, pages: 1 }));
    await expect(idsOf(alone.caller)).resolves.toEqual([1, 2, 1]);
    expect(alone.seen.pages).toEqual([1]);
    const several = callerOf((page) => ({ ids: [page, 7], total: 4, pages: 2 }));
    await expect(idsOf(several.caller)).resolves.toEqual([1, 7, 2, 7]);
    // Two reads show that nothing moved.
    expect(several.seen.pages).toEqual([1, 2, 1, 2]);
  });

  test('an id may be unique together with another field only, such as that of a public holiday in its region', async () => {
    const pages = [1, 2].map((region) => [1, 2, 3].map((id) => ({ id, region, name: `${region}.${id}`, dates: [] })));
    const { caller, seen } = callerOf((page) => ({ ids: [], total: 6, pages: 2, records: pages[page - 1]! }));
    const holidays = resourceOf('public-holidays');
    const all = await readAllRecords(caller, { row: holidays, query: {}, identity: identityOf(holidays) });
    expect(all).toEqual(pages.flat());
    expect(seen.pages).toEqual([1, 2]);
  });

  test('the first failure stops the other pages', async () => {
    const { caller, seen } = callerOf((page) => {
      if (page === 3) throw new FloatApiError('timeout', { endpoint: 'GET /clients' });
      return { ids: [page], total: 100, pages: 100 };
    });
    await expect(read(caller)).rejects.toMatchObject({ code: 'timeout' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen.pages.length).toBeLessThanOrEqual(9);
  });

  test("obeys the caller's signal, and leaves no listener on it", async () => {
    const controller = new AbortController();
    const { caller } = callerOf((page) => {
      if (page === 2) controller.abort();
      return { ids: [page], total: 50, pages: 50 };
    });
    await expect(read(caller, controller.signal)).rejects.toMatchObject({ code: 'aborted' });
  });

  test('an excessive page count is rejected at once', async () => {
    const { caller, seen } = callerOf(() => ({ ids: [1], total: 1_000_000, pages: 5_000 }));
    await expect(read(caller)).rejects.toMatchObject({ code: 'too-many' });
    expect(seen.pages).toEqual([1]);
  });
});
