import { afterWrites } from '../after-writes.js';
import type { FloatClient } from '../client-types.js';
import type { TableCache } from './table-cache.js';

/** The client with its slow tables kept. Whoever writes through it reads what was written. */
export function withCache(client: FloatClient, cache: TableCache): FloatClient {
  return {
    ...afterWrites(client, () => cache.clear()),
    forget: () => cache.clear(),
    listAll(resource, query = {}, options = {}) {
      if (!cache.takes(resource, query)) return client.listAll(resource, query, options);
      return cache.read(resource, query, options.signal);
    },
  };
}
