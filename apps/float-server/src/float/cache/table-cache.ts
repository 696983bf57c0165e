/**
 * Keeps whole tables that seldom change, because names and holidays are looked up in nearly every call. Only unexpanded,
 * unsorted lists are kept; allocations, leave and logged time never are.
 */
import type { FloatReader } from '../client-types.js';
import type { Clock } from '../clock.js';
import { FloatApiError } from '../errors.js';
import { PER_PAGE } from '../pages.js';
import type { Query } from '../query.js';
import { identityOf, type RecordOf, type ResourceKey, resourceOf } from '../resources.js';
import { Flight } from './flight.js';
import { Shelf, type ShelfBounds } from './shelf.js';

export interface TableCacheOptions extends ShelfBounds {
  /** How long a table is believed that has no `modified_since`. */
  readonly tableMs: number;
  /** How long one is believed that has it; then only what changed is read. */
  readonly deltaMs: number;
}

export const DEFAULT_TABLE_CACHE: TableCacheOptions = {
  tableMs: 60_000,
  deltaMs: 10_000,
  maxTables: 64,
  maxRecords: 50_000,
};

export interface TableCache {
  /** Whether this list is one that is kept. */
  takes(key: ResourceKey, query: Query): boolean;
  read<K extends ResourceKey>(key: K, query: Query, signal?: AbortSignal): Promise<readonly RecordOf<K>[]>;
  /** After a write: one write changes more tables than its own (a new title makes a role). */
  clear(): void;
}

/** Names, and what else is looked up all the time. */
export const KEPT: ReadonlySet<ResourceKey> = new Set<ResourceKey>([
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
/** These shape the answer, so that it is no table to be merged with changes. */
const SHAPING = ['expand', 'fields', 'modified_since', 'sort'];

type Table = readonly RecordOf<ResourceKey>[];
type Reader = Pick<FloatReader, 'list' | 'listAll'>;

export function createTableCache(
  reader: Reader,
  { clock, ...changes }: Partial<TableCacheOptions> & { readonly clock: Clock },
): TableCache {
  const options = { ...DEFAULT_TABLE_CACHE, ...changes };
  const shelf = new Shelf<RecordOf<ResourceKey>>(options);
  const flights = new Map<string, Flight<Table>>();

  /** What is read while a write runs may be older than the write: then it is answered, but not kept. */
  function start(name: string, work: (signal: AbortSignal) => Promise<Table>): Flight<Table> {
    const flight = new Flight(async (signal) => {
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
    takes: (key, query) => KEPT.has(key) && SHAPING.every((name) => query[name] === undefined),
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

interface Asked {
  readonly key: ResourceKey;
  readonly query: Query;
  readonly known: Table | undefined;
}

async function refreshed(reader: Reader, asked: Asked, signal: AbortSignal): Promise<Table> {
  const merged = asked.known === undefined ? undefined : await withChanges(reader, asked, signal);
  return merged ?? reader.listAll(asked.key, asked.query, { signal });
}

/**
 * The known records with what changed since. A deletion leaves no trace in `modified_since`, so the number of records is
 * asked for as well; where it does not fit, the answer is `undefined` and the whole table has to be read.
 */
async function withChanges(reader: Reader, asked: Asked, signal: AbortSignal): Promise<Table | undefined> {
  const { key, query, known = [] } = asked;
  const since = latestStamp(known);
  // Two calls are needed here, so two pages are read as fast.
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

async function totalOf(reader: Reader, { key, query }: Asked, signal: AbortSignal): Promise<number> {
  for await (const { total } of reader.list(key, query, { signal })) return total;
  return 0;
}

/** Float's own stamps: no clock of ours is compared with one of theirs. */
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
