import { type RedisClient, redisStore } from 'mcp-express/redis';
import type { FailingStore, Fault } from 'mcp-express/testing';
import { createClient } from 'redis';
import { onCleanup } from './cleanup.js';
import type { RedisServer } from './redis.js';
import { startProxy, type TcpProxy } from './tcp-proxy.js';

const TIMEOUT_MS = 500;

/** How long a way each answer of a slow Redis has; there and back it is far below the time limit. */
const WAY_MS = 40;

/** What takes longer hangs, also where the machine has much else to do. */
const LIMIT_MS = 8_000;

/** A node whose way to Redis can be broken, and a second node with a good one. */
export async function failingRedis(redis: RedisServer, prefix: string): Promise<FailingStore> {
  const [commands, others] = await Promise.all([startProxy(redis.port), startProxy(redis.port)]);
  const proxies = [commands, others];
  const store = redisStore({
    prefix,
    timeoutMs: TIMEOUT_MS,
    createClient: (purpose) => {
      const { port } = purpose === 'commands' ? commands : others;
      const client = createClient({ url: `redis://127.0.0.1:${port}`, disableOfflineQueue: purpose === 'commands' });
      return client as unknown as RedisClient;
    },
  });
  await store.connected();
  const other = redisStore({ url: redis.url, prefix, timeoutMs: 20_000 });
  return { store, other, limitMs: LIMIT_MS, faults: faultsOf(proxies, commands, await operatorOf(redis)) };
}

type Operator = (...command: string[]) => Promise<unknown>;

function faultsOf(proxies: readonly TcpProxy[], commands: TcpProxy, operator: Operator): FailingStore['faults'] {
  const onAll =
    (begin: (proxy: TcpProxy) => void, end: (proxy: TcpProxy) => void): Fault =>
    async () => {
      proxies.forEach(begin);
      return async () => proxies.forEach(end);
    };
  const set =
    (begin: string[], end: string[]): Fault =>
    async () => {
      await operator(...begin);
      return async () => void (await operator(...end));
    };
  const accept = async (): Promise<void> => commands.accept();
  return {
    away: onAll(
      (proxy) => proxy.refuse(),
      (proxy) => proxy.accept(),
    ),
    cutOff: onAll(
      (proxy) => proxy.freeze(),
      (proxy) => proxy.thaw(),
    ),
    broken: async () => {
      commands.loseNextRequest();
      return accept;
    },
    slow: onAll(
      (proxy) => proxy.slow(WAY_MS),
      (proxy) => proxy.accept(),
    ),
    full: set(['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0']),
    readOnly: set(['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']),
    lost: async (answers) => {
      commands.loseAnswerAfter(answers);
      return accept;
    },
  };
}

/** An operator at the console of Redis. */
async function operatorOf(redis: RedisServer): Promise<Operator> {
  const client = createClient({ url: redis.url });
  client.on('error', () => {});
  await client.connect();
  onCleanup(() => client.destroy());
  return (...command) => client.sendCommand(command);
}
