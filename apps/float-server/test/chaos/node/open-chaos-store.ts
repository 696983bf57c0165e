import { openStore, type Store } from 'mcp-express';
import { type RedisClient, redisStore } from 'mcp-express/redis';
import { createCluster, createSentinel } from 'redis';
import { MASTER_NAME } from '../stores/redis-sentinel.js';

/** Opens a store by name: as `openStore`, and also `redis-sentinel:PORT` and `redis-cluster:PORT,PORT`. */
export async function openChaosStore(name: string): Promise<Store> {
  const [kind, places = ''] = name.split(':');
  if (kind !== 'redis-sentinel' && kind !== 'redis-cluster') return openStore(name);
  const ports = places.split(',').map(Number);
  const createClient = kind === 'redis-sentinel' ? sentinelAt(ports) : clusterAt(ports);
  return redisStore({ createClient: (purpose) => createClient(purpose) as unknown as RedisClient });
}

function sentinelAt(ports: readonly number[]) {
  return (purpose: string) =>
    createSentinel({
      name: MASTER_NAME,
      sentinelRootNodes: ports.map((port) => ({ host: '127.0.0.1', port })),
      nodeClientOptions: { disableOfflineQueue: purpose === 'commands' },
    });
}

function clusterAt(ports: readonly number[]) {
  return (purpose: string) =>
    createCluster({
      rootNodes: ports.map((port) => ({ url: `redis://127.0.0.1:${port}` })),
      defaults: { disableOfflineQueue: purpose === 'commands' },
    });
}
