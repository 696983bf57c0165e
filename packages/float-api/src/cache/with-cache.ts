import { afterWrites } from '../after-writes.js';
import type { FloatClient } from '../client-types.js';
import type { TableCache } from './table-cache.js';

/** Wraps a client with a cache of look-up tables. A write through the client clears it. */
export function withCache(client: FloatClient, cache: TableCache): FloatClient {
  return {
    ...afterWrites(client, () => cache.clear()),
    forget: () => cache.clear(),
    listAll(resource, query = {}, options = {}) {
      if (!cache.caches(resource, query)) return client.listAll(resource, query, options);
      return cache.read(resource, query, options.signal);
    },
  };
}
