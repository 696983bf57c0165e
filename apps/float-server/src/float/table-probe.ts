/** Tells whether a table is another than at the last look, for as few calls as Float lets it be known. */
import { KEPT } from './cache/table-cache.js';
import type { CallOptions, FloatReader } from './client-types.js';
import { idField, type RecordOf, type ResourceKey, resourceOf } from './resources.js';

/** True when something changed since the last time it was asked; the first time always. */
export type TableProbe = (options?: CallOptions) => Promise<boolean>;

/** @param since a time from which on, by Float's clock, changes cannot have been seen yet: `YYYY-MM-DD hh:mm:ss` */
export function createTableProbe(api: FloatReader, key: ResourceKey, since: string): TableProbe {
  const { supports } = resourceOf(key);
  const isLarge = supports?.includes('modified_since') === true && !KEPT.has(key);
  const look = isLarge ? changesOf(api, key, since) : wholeOf(api, key);
  let known: string | undefined;
  return async (options = {}) => {
    const seen = await look(options);
    const changed = seen.now !== known;
    known = seen.next ?? seen.now;
    return changed;
  };
}

interface Seen {
  /** What was seen, as text that is the same for the same. */
  readonly now: string;
  /** What the next look will see if nothing changes, where that is not the same. */
  readonly next?: string;
}

type Look = (options: CallOptions) => Promise<Seen>;

/** The client keeps such tables, and reads of them what changed; the others are short. */
function wholeOf(api: FloatReader, key: ResourceKey): Look {
  return async (options) => ({ now: JSON.stringify(await api.listAll(key, {}, options)) });
}

/**
 * What was modified since the latest change that is known, and how many records there are: a record that was deleted is
 * in no list of changes, and the log of deletions can only be read from its beginning.
 */
function changesOf(api: FloatReader, key: ResourceKey, start: string): Look {
  const id = idField(resourceOf(key));
  let since = start;
  return async (options) => {
    const [changed, total] = await Promise.all([
      api.listAll(key, { modified_since: since }, options),
      totalOf(api, key, { id, options }),
    ]);
    since = [since, ...changed.map(stampOf)].sort().at(-1) ?? since;
    // Float's "since" includes that second, so the next look sees its records once more.
    const again = changed.filter((record) => stampOf(record) >= since);
    return { now: JSON.stringify([total, changed]), next: JSON.stringify([total, again]) };
  };
}

interface Counting {
  readonly id: string;
  readonly options: CallOptions;
}

/** A page without the records' contents has the number of all of them in its headers. */
async function totalOf(api: FloatReader, key: ResourceKey, { id, options }: Counting): Promise<number> {
  for await (const { total } of api.list(key, { fields: id }, options)) return total;
  return 0;
}

function stampOf(record: RecordOf<ResourceKey>): string {
  const stamp: unknown = (record as { modified?: unknown }).modified;
  return typeof stamp === 'string' ? stamp : '';
}
