import { type Caller, createCaller } from './caller.js';
import { type Clock, systemClock } from './clock.js';
import { FloatApiError } from './errors.js';
import { type Page, readPage } from './page.js';
import { encodeQuery, type Query } from './query.js';
import { FLOAT_LIMITS, type Limits } from './rate-limit.js';
import {
  type CreateOf,
  type IdOf,
  type Operation,
  type RecordOf,
  type Resource,
  type ResourceKey,
  resourceOf,
  supports,
  type UpdateOf,
} from './resources.js';
import { DEFAULT_RETRY, type RetryPolicy } from './retry.js';
import { type Call, createTransport, endpointOf, type Transport } from './transport.js';
import { answeredRecord, bodyText } from './write.js';

export type { Page } from './page.js';
export type { Query, QueryValue } from './query.js';

export interface FloatClientOptions {
  /** With the version: `https://api.float.com/v3`, or the sandbox's url. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Float asks for the application's name with a contact address: `Name (mail@example.com)`. */
  readonly userAgent: string;
  /** Milliseconds for one HTTP request; waiting for the rate limit does not count. @default 15000 */
  readonly timeoutMs?: number | undefined;
  /** Calls per time; `false` switches the limiter off. @default FLOAT_LIMITS */
  readonly limits?: Limits | false | undefined;
  /** `{ attempts: 1 }` switches retries off. @default DEFAULT_RETRY */
  readonly retry?: Partial<RetryPolicy> | undefined;
  readonly clock?: Clock | undefined;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}
export interface GetOptions extends CallOptions {
  readonly expand?: readonly string[] | undefined;
  readonly fields?: readonly string[] | undefined;
}

export interface FloatClient {
  /** Every page, one after the other; leaving the loop stops the reading. */
  list<K extends ResourceKey>(resource: K, query?: Query, options?: CallOptions): AsyncIterable<Page<K>>;
  /** Every record of every page. */
  listAll<K extends ResourceKey>(resource: K, query?: Query, options?: CallOptions): Promise<readonly RecordOf<K>[]>;
  get<K extends ResourceKey>(resource: K, id: IdOf<K>, options?: GetOptions): Promise<RecordOf<K>>;
  create<K extends ResourceKey>(resource: K, body: CreateOf<K>, options?: CallOptions): Promise<RecordOf<K>>;
  update<K extends ResourceKey>(
    resource: K,
    id: IdOf<K>,
    changes: UpdateOf<K>,
    options?: CallOptions,
  ): Promise<RecordOf<K>>;
  /** Permanent. Archiving is an update: `{ active: 0 }`. */
  delete<K extends ResourceKey>(resource: K, id: IdOf<K>, options?: CallOptions): Promise<void>;
  /** Waits for running calls, then closes the connections. */
  close(): Promise<void>;
}

const DEFAULT_TIMEOUT_MS = 15_000;
/** Float's cap: the fewer calls, the longer the minute's budget lasts. */
const PER_PAGE = 200;

/** The client of Float's API v3. All it throws once it is built are FloatApiErrors. */
export function createFloatClient(options: FloatClientOptions): FloatClient {
  const transport = openTransport(options);
  const caller = createCaller(transport, {
    limits: options.limits ?? FLOAT_LIMITS,
    retry: { ...DEFAULT_RETRY, ...options.retry },
    clock: options.clock ?? systemClock,
  });
  return { ...readingOf(caller), ...writingOf(caller), close: () => transport.close() };
}

function openTransport({ baseUrl, apiKey, userAgent, timeoutMs = DEFAULT_TIMEOUT_MS }: FloatClientOptions): Transport {
  // The message names the option, never the value: it may be a key with a line break at its end.
  if (!/^[\x21-\x7e]+$/.test(apiKey)) throw new TypeError('apiKey must be visible characters without spaces');
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new TypeError(`baseUrl must be an http(s) URL: ${baseUrl}`);
  }
  const headers = { authorization: `Bearer ${apiKey}`, accept: 'application/json', 'user-agent': userAgent };
  return createTransport({ baseUrl: url, headers, secret: apiKey, timeoutMs });
}

function readingOf(caller: Caller): Pick<FloatClient, 'list' | 'listAll' | 'get'> {
  const list: FloatClient['list'] = (resource, query, options) => pagesOf(caller, resource, { query, ...options });
  return {
    list,
    async listAll<K extends ResourceKey>(resource: K, query?: Query, options?: CallOptions) {
      const all: RecordOf<K>[] = [];
      for await (const { records } of list(resource, query, options)) all.push(...records);
      return all;
    },
    async get(resource, id, { signal, expand, fields } = {}) {
      const row = rowFor(resource, 'get');
      const query = encodeQuery(row, { expand: expand?.join(','), fields: fields?.join(',') }).toString();
      return exchange(caller, resource, { call: { method: 'GET', path: itemPath(row, id), query }, signal });
    },
  };
}

function writingOf(caller: Caller): Pick<FloatClient, 'create' | 'update' | 'delete'> {
  return {
    async create(resource, body, { signal } = {}) {
      const row = rowFor(resource, 'create');
      return exchange(caller, resource, {
        call: { method: 'POST', path: row.path, body: bodyText(row, body) },
        signal,
      });
    },
    async update(resource, id, changes, { signal } = {}) {
      const row = rowFor(resource, 'update');
      const call: Call = { method: 'PATCH', path: itemPath(row, id), body: bodyText(row, changes) };
      return exchange(caller, resource, { call, signal });
    },
    async delete(resource, id, { signal } = {}) {
      const row = rowFor(resource, 'delete');
      await caller.send(row, { method: 'DELETE', path: itemPath(row, id) }, signal);
    },
  };
}

interface Listing extends CallOptions {
  readonly query?: Query | undefined;
}

async function* pagesOf<K extends ResourceKey>(caller: Caller, resource: K, asked: Listing): AsyncGenerator<Page<K>> {
  const row = rowFor(resource, 'list');
  const query = encodeQuery(row, asked.query ?? {});
  query.set('per-page', String(PER_PAGE));
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    query.set('page', String(page));
    const call: Call = { method: 'GET', path: row.path, query: query.toString() };
    const raw = await caller.send(row, call, asked.signal);
    const found = readPage<K>(raw, { endpoint: endpointOf(call), page, perPage: PER_PAGE });
    // Records went while we read. Float is thought to answer a page past the end with the last page once more.
    if (found.page < page) return;
    pages = found.pages;
    yield found;
  }
}

interface Exchange extends CallOptions {
  readonly call: Call;
}

async function exchange<K extends ResourceKey>(caller: Caller, resource: K, asked: Exchange): Promise<RecordOf<K>> {
  const row = resourceOf(resource);
  const raw = await caller.send(row, asked.call, asked.signal);
  return answeredRecord(row, raw, endpointOf(asked.call)) as unknown as RecordOf<K>;
}

function rowFor(resource: ResourceKey, operation: Operation): Resource {
  const row = resourceOf(resource);
  if (supports(row, operation)) return row;
  const summary = `Float's API cannot ${operation} a ${row.singular}`;
  throw new FloatApiError('invalid', { endpoint: row.path, summary });
}

function itemPath(row: Resource, id: number | string): string {
  return `${row.path}/${encodeURIComponent(String(id))}`;
}
