import { memoryStore, type Store } from 'mcp-express';
import { lmdbStore } from 'mcp-express/lmdb';
import { redisStore } from 'mcp-express/redis';
import { newFolder } from '../lmdb/folders.js';
import type { RedisServer } from '../support/redis.js';

/** Bounds of one session; each left out has its default. */
export interface Bounds {
  readonly bytes?: number;
  readonly events?: number;
}

export const STORES = ['memory', 'lmdb', 'redis'] as const;
export type StoreName = (typeof STORES)[number];

let count = 0;

/** A fresh store of this kind. */
export function newStore(name: StoreName, redis: RedisServer, streams: Bounds = {}): Store {
  if (name === 'memory') return memoryStore({ streams });
  if (name === 'lmdb') return lmdbStore({ path: newFolder(), streams });
  count += 1;
  return redisStore({ url: redis.url, prefix: `pressure-${count}:`, streams });
}
