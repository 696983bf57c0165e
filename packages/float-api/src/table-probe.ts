/** Detects changes of a table with as few requests as Float allows. */
import { CACHED_RESOURCES } from './cache/table-cache.js';
import type { CallOptions, FloatReader } from './client-types.js';
import { idField, type RecordOf, type ResourceKey, resourceOf } from './resources.js';

/** Whether the table changed since the last call; always true on the first. */
export type TableProbe = (options?: CallOptions) => Promise<boolean>;

/**
 * Creates a probe of a table.
 *
 * @param since time of Float's clock after which changes count as unseen: `YYYY-MM-DD hh:mm:ss`
 */
export function createTableProbe(api: FloatReader, key: ResourceKey, since: string): TableProbe {
  const { supports } = resourceOf(key);
  const isLarge = supports?.includes('modified_since') === true && !CACHED_RESOURCES.has(key);
  const look = isLarge ? changesOf(api, key, since) : wholeOf(api, key);
  let known: string | undefined;
  return async (options = {}) => {
    const seen = await look(options);
    const changed = seen.now !== known;
    known = seen.next ?? seen.now;
    return changed;
  };
}

interface Observed {
  /** Fingerprint of the observed state. */
  readonly now: string;
  /** Fingerprint the next call will observe if nothing changes, where it differs. */
  readonly next?: string;
}

type Observe = (options: CallOptions) => Promise<Observed>;

/** Reads the whole table: it is either cached by the client, which then reads changes only, or short. */
function wholeOf(api: FloatReader, key: ResourceKey): Observe {
  return async (options) => ({ now: JSON.stringify(await api.listAll(key, {}, options)) });
}

/**
 * Reads the records modified since the last known change, and the total: deleted records appear in no list of changes, and
 * the log of deletions can only be read from its beginning.
 */
function changesOf(api: FloatReader, key: ResourceKey, start: string): Observe {
  const id = idField(resourceOf(key));
  let since = start;
  return async (options) => {
    const [changed, total] = await Promise.all([
      api.listAll(key, { modified_since: since }, options),
      totalOf(api, key, { id, options }),
    ]);
    since = [since, ...changed.map(stampOf)].sort().at(-1) ?? since;
    // `modified_since` includes its second, so the next call returns these records again.
    const again = changed.filter((record) => stampOf(record) >= since);
    return { now: JSON.stringify([total, changed]), next: JSON.stringify([total, again]) };
  };
}

interface Counting {
  readonly id: string;
  readonly options: CallOptions;
}

/** Reads the total from the headers of a page without contents. */
async function totalOf(api: FloatReader, key: ResourceKey, { id, options }: Counting): Promise<number> {
  for await (const { total } of api.list(key, { fields: id }, options)) return total;
  return 0;
}

function stampOf(record: RecordOf<ResourceKey>): string {
  const stamp: unknown = (record as { modified?: unknown }).modified;
  return typeof stamp === 'string' ? stamp : '';
}
