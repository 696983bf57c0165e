import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedisProcess } from '../redis-process.js';

/** The stores that are attacked. */
export const STORE_NAMES = ['memory', 'lmdb', 'redis'] as const;

/** A store that is attacked. */
export type StoreName = (typeof STORE_NAMES)[number];

/** A fresh store for one measurement. */
export interface TargetStore {
  readonly name: StoreName;
  /** As `openStore` takes it. */
  readonly url: string;
  /** Bytes it holds outside of the node. */
  bytes(): Promise<number>;
  close(): Promise<void>;
}

/** Opens a fresh store. */
export async function openTarget(name: StoreName): Promise<TargetStore> {
  if (name === 'redis') return openRedis();
  if (name === 'lmdb') return openLmdb();
  return { name, url: 'memory', bytes: async () => 0, close: async () => {} };
}

function openLmdb(): TargetStore {
  const path = mkdtempSync(join(tmpdir(), 'hostile-'));
  return {
    name: 'lmdb',
    url: `lmdb:${path}`,
    // The blocks that the file has on the disk: it may be sparse.
    bytes: async () => statSync(join(path, 'data.mdb')).blocks * 512,
    close: async () => rmSync(path, { recursive: true, force: true }),
  };
}

async function openRedis(): Promise<TargetStore> {
  const redis = await RedisProcess.start();
  return { name: 'redis', url: redis.url, bytes: () => redis.usedMemory(), close: () => redis.stop() };
}
