/** Paged lists: sequential iteration for readers that may stop early, parallel reading of whole lists. */

import { FloatApiError } from './errors.js';
import { type Page, readPage } from './page.js';
import { encodeQuery, type Query } from './query.js';
import type { RequestSender } from './request-sender.js';
import type { Readable } from './resources.js';
import { endpointOf, type HttpRequest } from './transport.js';

/** Float's maximum, which needs the fewest requests. */
export const PER_PAGE = 200;
/**
 * Pages read in parallel. Well below Float's burst limit of ten, so that a long list does not delay all other requests.
 */
const PARALLEL_PAGES = 4;
/** Attempts to read a list that changes while it is read. */
const MAX_READS = 3;
/** At most 200,000 records, which bounds memory. Larger results need a narrower query. */
const MAX_PAGES = 1_000;

/** A list to read. */
export interface Listing {
  readonly row: Readable;
  readonly query: Query;
  /** Fields that identify a record. Lists without any, such as reports, are not checked for duplicates. */
  readonly identity?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

type ReadPage<R> = (page: number, signal: AbortSignal | undefined) => Promise<Page<R>>;

function pageReader<R extends object>(caller: RequestSender, { row, query }: Listing): ReadPage<R> {
  const encoded = encodeQuery(row, query);
  encoded.set('per-page', String(PER_PAGE));
  return async (page, signal) => {
    const asked = new URLSearchParams(encoded);
    asked.set('page', String(page));
    const call: HttpRequest = { method: 'GET', path: row.path, query: asked.toString() };
    const raw = await caller.send(row, call, signal);
    const endpoint = endpointOf(call);
    const found = readPage<R>(raw, { endpoint, row, page, perPage: PER_PAGE });
    if ((found.pages ?? page) > MAX_PAGES)
      throw new FloatApiError('too-many', { endpoint, reason: `${found.total} records` });
    return found;
  };
}

/** Iterates over the pages of a list. */
export async function* iteratePages<R extends object>(
  caller: RequestSender,
  listing: Listing,
): AsyncGenerator<Page<R>> {
  const read = pageReader<R>(caller, listing);
  let before: Page<R> | undefined;
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const found = await read(page, listing.signal);
    if (isPastTheEnd(found, { page, before })) return;
    // Without a page count, only the next page shows whether this was the last.
    pages = found.pages ?? page + 1;
    before = found;
    yield found;
  }
}

interface PagePosition<R> {
  /** Requested page number. */
  readonly page: number;
  readonly before: Page<R> | undefined;
}

/** Past the end of a list, which may have shrunk, Float is believed to repeat its last page. */
function isPastTheEnd<R>(found: Page<R>, { page, before }: PagePosition<R>): boolean {
  if (found.page < page) return true;
  if (before === undefined || before.pages !== undefined) return false;
  return found.records.length === 0 || JSON.stringify(found.records) === JSON.stringify(before.records);
}

/**
 * Reads every record. A record that appears twice because it moved between pages makes the list be read again; one that
 * appears twice at the same places in two reads is two records in Float, and is returned so.
 *
 * @throws FloatApiError `unstable` if the list keeps changing
 */
export async function readAllRecords<R extends object>(caller: RequestSender, listing: Listing): Promise<readonly R[]> {
  const read = pageReader<R>(caller, listing);
  let before: string | undefined;
  for (let reading = 1; reading <= MAX_READS; reading += 1) {
    const pages = await readInParallel(read, listing.signal);
    const records = pages.flatMap((page) => page.records);
    if (isConsistent(pages)) {
      // A single page is one consistent list: its duplicates are Float's own.
      if (pages.length === 1 || !hasDuplicates(records, listing.identity)) return records;
      const order = JSON.stringify(identitiesOf(records, listing.identity));
      if (order === before) return records;
      before = order;
    }
  }
  throw new FloatApiError('unstable', { endpoint: `GET ${listing.row.path}` });
}

async function readInParallel<R>(read: ReadPage<R>, signal: AbortSignal | undefined): Promise<readonly Page<R>[]> {
  const first = await read(1, signal);
  if (first.pages === undefined) return readSequentially(read, first, signal);
  const { pages } = first;
  if (pages <= 1) return [first];
  const found = [first];
  const stop = linkedSignal(signal);
  let last = 1;
  const lane = async () => {
    while (last < pages) {
      last += 1;
      const page = last;
      found[page - 1] = await read(page, stop.signal);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(PARALLEL_PAGES, pages - 1) }, lane));
    return found;
  } finally {
    // After a failure the remaining pages are of no use.
    stop.end();
  }
}

/** Reads a list without a page count sequentially, until a page is not full. */
async function readSequentially<R>(
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

/** Whether all pages belong to one state of the list. A single page is always consistent. */
function isConsistent(pages: readonly Page<unknown>[]): boolean {
  const [first] = pages;
  // Without Float's count there is no total to compare.
  const isCounted = first?.pages !== undefined;
  return pages.every(({ page, total }, index) => page === index + 1 && (!isCounted || total === first?.total));
}

/** A record that moved between pages during the read may have displaced another one. */
function hasDuplicates(records: readonly object[], identity: readonly string[] | undefined): boolean {
  const identities = identitiesOf(records, identity);
  return new Set(identities).size < identities.length;
}

/** Identities of the records. Records without an id are skipped, since nothing distinguishes them. */
function identitiesOf(records: readonly object[], identity: readonly string[] = []): string[] {
  return records.flatMap((record) => {
    const values = identity.map((name) => (record as Readonly<Record<string, unknown>>)[name]);
    return values.every((value) => value === undefined) ? [] : [JSON.stringify(values)];
  });
}

/** A signal that follows the caller's and removes its listener at the end. */
function linkedSignal(outer: AbortSignal | undefined): { readonly signal: AbortSignal; end(): void } {
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
