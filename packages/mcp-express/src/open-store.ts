import { ConfigurationError, kindOf } from './protocol/errors.js';
import { memoryStore } from './store/memory/memory-store.js';
import type { Store } from './store/store.js';

const FORMS = '"memory", "lmdb:PATH", or a URL such as "redis://localhost:6379"';

/**
 * Opens the store that a string names, for example from an environment variable: `memory`, `lmdb:PATH`, `redis://…` or
 * `rediss://…`. The packages of a store are loaded only if it is named.
 *
 * @throws ConfigurationError if the string names no store, or the store cannot be opened.
 */
export async function openStore(text: string): Promise<Store> {
  if (typeof text !== 'string') throw new ConfigurationError(`openStore takes ${FORMS}; it was given ${kindOf(text)}`);
  if (text === 'memory') return memoryStore();
  if (text.startsWith('lmdb:')) {
    const { lmdbStore } = await import('./store/lmdb/index.js');
    return lmdbStore({ path: text.slice('lmdb:'.length) });
  }
  if (!/^rediss?:\/\//.test(text)) throw new ConfigurationError(`A store is ${FORMS}`);
  const { redisStore } = await import('./store/redis/index.js');
  return redisStore({ url: text });
}
