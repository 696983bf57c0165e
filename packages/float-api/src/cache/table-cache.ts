/**
 * Caches whole tables that seldom change, because nearly every call looks up names and holidays. Only unexpanded, unsorted
 * lists are cached; allocations, leave and logged time never are.
 */
import type { FloatReader } from '../client-types.js';
import type { Clock } from '../clock.js';
import { FloatApiError } from '../errors.js';
import { PER_PAGE } from '../pages.js';
import type { Query } from '../query.js';
import { identityOf, type RecordOf, type ResourceKey, resourceOf } from '../resources.js';
import { type LruBounds, LruTables } from './lru-tables.js';
import { SharedRequest } from './shared-request.js';

/** Limits and lifetimes of the cache. */
export interface TableCacheOptions extends LruBounds {
  /** Milliseconds for which a table without `modified_since` is served from the cache. */
  readonly tableMs: number;
  /** Milliseconds for which a table with `modified_since` is served; afterwards only its changes are read. */
  readonly deltaMs: number;
}

/** Default limits and lifetimes. */
export const DEFAULT_TABLE_CACHE: TableCacheOptions = {
  tableMs: 60_000,
  deltaMs: 10_000,
  maxTables: 64,
  maxRecords: 50_000,
};

/** A cache of Float's tables. */
export interface TableCache {
  /** Whether a list is cached. */
  caches(key: ResourceKey, query: Query): boolean;
  read<K extends ResourceKey>(key: K, query: Query, signal?: AbortSignal): Promise<readonly RecordOf<K>[]>;
  /** Drops all tables after a write, since a write may change other tables too (a new job title creates a role). */
  clear(): void;
}

/** The cached resources: those with names, and other look-up tables. */
export const CACHED_RESOURCES: ReadonlySet<ResourceKey> = new Set<ResourceKey>([
  'accounts',
  'clients',
  'currencies',
  'departments',
  'holidays',
  'people',
  'phases',
  'project-stages',
  'project-templates',
  'projects',
  'public-holidays',
  'rate-cards',
  'roles',
  'timeoff-types',
]);
/** Parameters that change the form of a response, so that it cannot be merged with changes. */
const UNCACHED_PARAMETERS = ['expand', 'fields', 'modified_since', 'sort'];

type Table = readonly RecordOf<ResourceKey>[];
type Reader = Pick<FloatReader, 'list' | 'listAll'>;

/** Creates a cache in front of a reader. */
export function createTableCache(
  reader: Reader,
  { clock, ...changes }: Partial<TableCacheOptions> & { readonly clock: Clock },
): TableCache {
  const options = { ...DEFAULT_TABLE_CACHE, ...changes };
  const shelf = new LruTables<RecordOf<ResourceKey>>(options);
  const flights = new Map<string, SharedRequest<Table>>();

  /** A table read while a write is running may predate it; it is returned but not cached. */
  function start(name: string, work: (signal: AbortSignal) => Promise<Table>): SharedRequest<Table> {
    const flight = new SharedRequest(async (signal) => {
      const at = clock.now();
      try {
        const records = await work(signal);
        if (flights.get(name) === flight) shelf.put(name, { records, at });
        return records;
      } finally {
        if (flights.get(name) === flight) flights.delete(name);
      }
    });
    flights.set(name, flight);
    return flight;
  }

  async function fresh(key: ResourceKey, query: Query, signal: AbortSignal | undefined): Promise<Table> {
    const name = nameOf(key, query);
    const kept = shelf.get(name);
    const believed = hasDelta(key) ? options.deltaMs : options.tableMs;
    if (kept !== undefined && clock.now() - kept.at < believed) return kept.records;
    const running = flights.get(name);
    if (running !== undefined && !running.abandoned) return running.join(signal);
    const asked = { key, query, known: kept?.records };
    return start(name, (own) => refreshed(reader, asked, own)).join(signal);
  }

  return {
    caches: (key, query) => CACHED_RESOURCES.has(key) && UNCACHED_PARAMETERS.every((name) => query[name] === undefined),
    async read<K extends ResourceKey>(key: K, query: Query, signal?: AbortSignal) {
      try {
        return (await fresh(key, query, signal)) as readonly RecordOf<K>[];
      } catch (error) {
        if (error instanceof FloatApiError || !signal?.aborted) throw error;
        throw new FloatApiError('aborted', { endpoint: `GET ${resourceOf(key).path}`, cause: error });
      }
    },
    clear() {
      shelf.clear();
      flights.clear();
    },
  };
}

interface CacheRead {
  readonly key: ResourceKey;
  readonly query: Query;
  readonly known: Table | undefined;
}

async function refreshed(reader: Reader, asked: CacheRead, signal: AbortSignal): Promise<Table> {
  const merged = asked.known === undefined ? undefined : await withChanges(reader, asked, signal);
  return merged ?? reader.listAll(asked.key, asked.query, { signal });
}

/**
 * Merges changes into the cached records. Deleted records do not appear in `modified_since`, so the total is read as well;
 * if it differs, the result is undefined and the whole table must be read.
 */
async function withChanges(reader: Reader, asked: CacheRead, signal: AbortSignal): Promise<Table | undefined> {
  const { key, query, known = [] } = asked;
  const since = latestStamp(known);
  // This takes two requests, so up to two pages are read directly.
  if (!hasDelta(key) || known.length <= 2 * PER_PAGE || since === undefined) return undefined;
  const [changed, total] = await Promise.all([
    reader.listAll(key, { ...query, modified_since: since }, { signal }),
    totalOf(reader, asked, signal),
  ]);
  const identity = identityOf(resourceOf(key));
  const nameOfRecord = (record: object) => JSON.stringify(identity.map((name) => valueAt(record, name)));
  const merged = [...new Map([...known, ...changed].map((record) => [nameOfRecord(record), record])).values()];
  return merged.length === total ? merged : undefined;
}

async function totalOf(reader: Reader, { key, query }: CacheRead, signal: AbortSignal): Promise<number> {
  for await (const { total } of reader.list(key, query, { signal })) return total;
  return 0;
}

/** The latest of Float's own timestamps, which avoids comparing two clocks. */
function latestStamp(records: Table): string | undefined {
  return records.reduce<string | undefined>((latest, record) => {
    const stamp = valueAt(record, 'modified');
    return typeof stamp === 'string' && (latest === undefined || stamp > latest) ? stamp : latest;
  }, undefined);
}

function valueAt(record: object, name: string): unknown {
  return (record as Readonly<Record<string, unknown>>)[name];
}

function hasDelta(key: ResourceKey): boolean {
  return resourceOf(key).supports?.includes('modified_since') === true;
}

function nameOf(key: ResourceKey, query: Query): string {
  const asked = Object.entries(query).filter(([, value]) => value !== undefined);
  return JSON.stringify([key, ...asked.sort(([a], [b]) => (a < b ? -1 : 1))]);
}
