import { ConfigurationError, kindOf } from './ground/errors.js';
import { memoryStore } from './store/memory/memory-store.js';
import type { Store } from './store/store.js';

const FORMS = '"memory", "lmdb:PATH", or a URL such as "redis://localhost:6379"';

/**
 * The store that a text names, such as an environment variable: `memory`, `lmdb:PATH`, `redis://…` or `rediss://…`. What a
 * store needs is loaded only when it is named.
 *
 * @throws ConfigurationError when it names none, or one that cannot be opened.
 */
export async function openStore(text: string): Promise<Store> {
  if (typeof text !== 'string') throw new ConfigurationError(`openStore takes ${FORMS}; it was given ${kindOf(text)}`);
  if (text === 'memory') return memoryStore();
  if (text.startsWith('lmdb:')) {
    const { lmdbStore } = await import('./store/lmdb/index.js').catch(needs('lmdb'));
    return lmdbStore({ path: text.slice('lmdb:'.length) });
  }
  if (!/^rediss?:\/\//.test(text)) throw new ConfigurationError(`A store is ${FORMS}`);
  const { redisStore } = await import('./store/redis/index.js').catch(needs('redis'));
  return redisStore({ url: text });
}

function needs(name: string): (cause: unknown) => never {
  return (cause) => {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND';
    if (isMissing) throw new ConfigurationError(`This store needs the package "${name}": install it`);
    throw cause;
  };
}
