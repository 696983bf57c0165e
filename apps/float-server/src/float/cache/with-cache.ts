import type { FloatClient } from '../client-types.js';
import type { TableCache } from './table-cache.js';

/** The client with its slow tables kept. Whoever writes through it reads what was written. */
export function withCache(client: FloatClient, cache: TableCache): FloatClient {
  /** Also after a failure, for the change may have been made. */
  async function writing<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } finally {
      cache.clear();
    }
  }
  return {
    ...client,
    listAll(resource, query = {}, options = {}) {
      if (!cache.takes(resource, query)) return client.listAll(resource, query, options);
      return cache.read(resource, query, options.signal);
    },
    create: (resource, body, options) => writing(client.create(resource, body, options)),
    update: (resource, id, changes, options) => writing(client.update(resource, id, changes, options)),
    delete: (resource, id, options) => writing(client.delete(resource, id, options)),
    act: (resource, action, body, options) => writing(client.act(resource, action, body, options)),
  };
}
