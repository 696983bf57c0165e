/** Lists of several pages: one page after the other for whoever may stop early, side by side for whoever wants all. */
import type { Caller } from './caller.js';
import { FloatApiError } from './errors.js';
import { type Page, readPage } from './page.js';
import { encodeQuery, type Query } from './query.js';
import type { Readable } from './resources.js';
import { type Call, endpointOf } from './transport.js';

/** Float's cap: the fewer calls, the longer the minute's budget lasts. */
export const PER_PAGE = 200;
/** Well below Float's burst of ten, so that one long list does not keep every other call waiting. */
const SIDE_BY_SIDE = 4;
/** A list that changed while it was read is read again, but not for ever. */
const READINGS = 3;
/** 200 000 records: whoever needs more wants a shorter range, and this process its memory. */
const MAX_PAGES = 1_000;

export interface Listing {
  readonly row: Readable;
  readonly query: Query;
  /** The fields that tell records apart; a list without any (a report) cannot be checked for doubles. */
  readonly identity?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

type ReadPage<R> = (page: number, signal: AbortSignal | undefined) => Promise<Page<R>>;

function pageReader<R extends object>(caller: Caller, { row, query }: Listing): ReadPage<R> {
  const encoded = encodeQuery(row, query);
  encoded.set('per-page', String(PER_PAGE));
  return async (page, signal) => {
    const asked = new URLSearchParams(encoded);
    asked.set('page', String(page));
    const call: Call = { method: 'GET', path: row.path, query: asked.toString() };
    const raw = await caller.send(row, call, signal);
    const endpoint = endpointOf(call);
    const found = readPage<R>(raw, { endpoint, row, page, perPage: PER_PAGE });
    if ((found.pages ?? page) > MAX_PAGES)
      throw new FloatApiError('too-many', { endpoint, said: `${found.total} records` });
    return found;
  };
}

export async function* pagesOf<R extends object>(caller: Caller, listing: Listing): AsyncGenerator<Page<R>> {
  const read = pageReader<R>(caller, listing);
  let before: Page<R> | undefined;
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const found = await read(page, listing.signal);
    if (isPastTheEnd(found, { page, before })) return;
    // Not counted: the next page tells whether this was the last.
    pages = found.pages ?? page + 1;
    before = found;
    yield found;
  }
}

interface Place<R> {
  /** The page that was asked for. */
  readonly page: number;
  readonly before: Page<R> | undefined;
}

/** Past the end of a list, which may have become shorter, Float is thought to answer its last page once more. */
function isPastTheEnd<R>(found: Page<R>, { page, before }: Place<R>): boolean {
  if (found.page < page) return true;
  if (before === undefined || before.pages !== undefined) return false;
  return found.records.length === 0 || JSON.stringify(found.records) === JSON.stringify(before.records);
}

/**
 * Every record. One that comes twice, because it moved from page to page while they were read, makes the list be read
 * again; one that comes twice in the same places each time is two records to Float, and so to the caller.
 *
 * @throws FloatApiError `unstable` when the list does not hold still
 */
export async function everyRecord<R extends object>(caller: Caller, listing: Listing): Promise<readonly R[]> {
  const read = pageReader<R>(caller, listing);
  let before: string | undefined;
  for (let reading = 1; reading <= READINGS; reading += 1) {
    const pages = await sideBySide(read, listing.signal);
    const records = pages.flatMap((page) => page.records);
    if (heldStill(pages)) {
      // A single page is cut from one list: its doubles are Float's own.
      if (pages.length === 1 || !hasDoubles(records, listing.identity)) return records;
      const order = JSON.stringify(identitiesOf(records, listing.identity));
      if (order === before) return records;
      before = order;
    }
  }
  throw new FloatApiError('unstable', { endpoint: `GET ${listing.row.path}` });
}

async function sideBySide<R>(read: ReadPage<R>, signal: AbortSignal | undefined): Promise<readonly Page<R>[]> {
  const first = await read(1, signal);
  if (first.pages === undefined) return oneByOne(read, first, signal);
  const { pages } = first;
  if (pages <= 1) return [first];
  const found = [first];
  const stop = linked(signal);
  let last = 1;
  const lane = async () => {
    while (last < pages) {
      last += 1;
      const page = last;
      found[page - 1] = await read(page, stop.signal);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, pages - 1) }, lane));
    return found;
  } finally {
    // After the first failure the other pages are of no use to anybody.
    stop.end();
  }
}

/** The pages of a list that Float does not count: the one after the other until one is not full. */
async function oneByOne<R>(
  read: ReadPage<R>,
  first: Page<R>,
  signal: AbortSignal | undefined,
): Promise<readonly Page<R>[]> {
  const found = [first];
  for (let before = first; before.pages === undefined; ) {
    const page = found.length + 1;
    const next = await read(page, signal);
    if (isPastTheEnd(next, { page, before })) break;
    found.push(next);
    before = next;
  }
  return found;
}

/** Pages were cut from one and the same list. With a single page there is nothing to compare. */
function heldStill(pages: readonly Page<unknown>[]): boolean {
  const [first] = pages;
  // Without Float's count there is no total to compare.
  const isCounted = first?.pages !== undefined;
  return pages.every(({ page, total }, index) => page === index + 1 && (!isCounted || total === first?.total));
}

/** A record that moved from one page to another while they were read hides one that was pushed out. */
function hasDoubles(records: readonly object[], identity: readonly string[] | undefined): boolean {
  const identities = identitiesOf(records, identity);
  return new Set(identities).size < identities.length;
}

/** Records without an id are left out: nothing tells them apart. */
function identitiesOf(records: readonly object[], identity: readonly string[] = []): string[] {
  return records.flatMap((record) => {
    const values = identity.map((name) => (record as Readonly<Record<string, unknown>>)[name]);
    return values.every((value) => value === undefined) ? [] : [JSON.stringify(values)];
  });
}

/** A signal of our own that also obeys the caller's, and leaves no listener on it. */
function linked(outer: AbortSignal | undefined): { readonly signal: AbortSignal; end(): void } {
  const own = new AbortController();
  const abort = () => own.abort(outer?.reason);
  outer?.addEventListener('abort', abort, { once: true });
  if (outer?.aborted) abort();
  return {
    signal: own.signal,
    end() {
      outer?.removeEventListener('abort', abort);
      own.abort();
    },
  };
}
