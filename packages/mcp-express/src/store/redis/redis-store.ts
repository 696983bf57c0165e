import type { createClient } from 'redis';
import libraries from '#libraries';
import { assertKnown, ConfigurationError } from '../../protocol/errors.js';
import type { Store } from '../store.js';
import { Commands, type RedisClient } from './client.js';
import { backOff } from './connection.js';
import { warnOfEviction } from './eviction-policy.js';
import { Keys } from './keys.js';
import { Leftovers } from './leftovers.js';
import { isForGood, Permissions } from './permissions.js';
import { RedisBus } from './redis-bus.js';
import { RedisCounters } from './redis-counters.js';
import { RedisClaims, RedisLeases, RedisValues, RedisVersions } from './redis-key-values.js';
import { RedisSessions } from './redis-sessions.js';
import { type RedisStreamLimits, RedisStreams } from './redis-streams.js';
import { RedisSubscriptions } from './redis-subscriptions.js';
import { RedisTasks } from './redis-tasks.js';
import { StreamNotifications } from './stream-notifications.js';

export interface RedisStoreOptions {
  /** Where Redis is, such as `redis://localhost:6379` or `rediss://user:password@redis.example.com:6379/0`. @default none */
  readonly url?: string;
  /**
   * Makes a client of the package `redis` that is not connected yet, for a cluster, Sentinel or options of one's own:
   * `() => createCluster({ … })`. Called three times; the store connects them and closes them. Instead of `url`.
   * @default none
   */
  readonly createClient?: (purpose: 'commands' | 'wakes' | 'bus') => RedisClient;
  /** What every key begins with. Servers that do not share clients must not share it. @default 'mcp:' */
  readonly prefix?: string;
  /** Milliseconds without any answer after which Redis counts as away, and requests are refused. @default 2000 */
  readonly timeoutMs?: number;
  /** What the streams of one session may hold. @default each limit its own */
  readonly streams?: Partial<RedisStreamLimits>;
}

export interface RedisStore extends Store {
  /**
   * Resolves when Redis was reached for the first time; rejects when that takes longer than `timeoutMs`, Redis does not
   * let the store do what it needs, or holds what another version wrote and this one cannot read; the message names it.
   */
  connected(): Promise<void>;
}

const DEFAULT_LIMITS: RedisStreamLimits = {
  bytes: 8 * 1024 * 1024,
  events: 10_000,
  streams: 1_000,
  ageMs: 5 * 60_000,
};

/**
 * Everything in Redis 7 or Valkey: for any number of nodes. Any of them serves any request, and none is missed for long.
 *
 * @throws ConfigurationError naming the option.
 */
export function redisStore(options: RedisStoreOptions): RedisStore {
  assertKnown(options, ['url', 'createClient', 'prefix', 'timeoutMs', 'streams'], 'redisStore');
  assertKnown(options.streams ?? {}, Object.keys(DEFAULT_LIMITS), 'redisStore option "streams"');
  const { prefix = 'mcp:', timeoutMs = 2_000, streams } = options;
  const create = clientsOf(options);
  if (/[{}]/.test(prefix)) throw new ConfigurationError('redisStore option "prefix" must not contain "{" or "}"');
  if (!(timeoutMs > 0)) throw new ConfigurationError('redisStore option "timeoutMs" must be more than 0');
  const keys = new Keys(prefix);
  const commands = new Commands(create('commands'), timeoutMs, keys.format);
  warnOfEviction(commands, keys);
  const wakes = new StreamNotifications(create('wakes'), keys);
  const bus = new RedisBus(commands, create('bus'), keys);
  const rights = new Permissions(commands, keys, { wakes, bus });
  const subscriptions = new RedisSubscriptions(commands, keys);
  const leftovers = new Leftovers(commands);
  return {
    sessions: new RedisSessions(commands, keys, (id) => void subscriptions.renew(id), leftovers),
    streams: new RedisStreams(commands, keys, wakes, { ...DEFAULT_LIMITS, ...streams }),
    subscriptions,
    versions: new RedisVersions(commands, keys),
    tasks: new RedisTasks(commands, keys),
    claims: new RedisClaims(commands, keys),
    leases: new RedisLeases(commands, keys),
    values: new RedisValues(commands, keys),
    counters: new RedisCounters(commands, keys),
    bus,
    ping: () => rights.check(),
    connected: async () => {
      await commands.connected();
      // What passes by itself, such as a Redis that is full, is no reason not to start.
      await rights.check().catch((cause: unknown) => {
        if (isForGood(cause)) throw cause;
      });
    },
    close: async () => {
      leftovers.close();
      bus.close();
      wakes.close();
      commands.close();
    },
  };
}

function clientsOf({ url, createClient: create }: RedisStoreOptions): NonNullable<RedisStoreOptions['createClient']> {
  if (create !== undefined) return create;
  if (url === undefined) throw new ConfigurationError('redisStore needs the option "url" or "createClient"');
  const pattern = patternOf(url);
  return (purpose) =>
    // A command that cannot be sent now is refused now; who listens waits for the connection to come back.
    pattern.duplicate({ disableOfflineQueue: purpose === 'commands' }) as unknown as RedisClient;
}

/** To make one takes long, to make another like it does not. */
function patternOf(url: string): ReturnType<typeof createClient> {
  const redis = loaded();
  const isRedis = URL.canParse(url) && /^rediss?:$/.test(new URL(url).protocol);
  try {
    if (isRedis) return redis.createClient({ url, socket: { reconnectStrategy: backOff } });
  } catch {
    // A database that is no number, or a "%" that encodes nothing. What was thrown may repeat a password.
  }
  throw new ConfigurationError(
    'redisStore option "url" must be such as "redis://localhost:6379" or "rediss://user:password@redis.example.com:6379/0", ' +
      'with a number for the database, and with "/", "?", "#", "@" and "%" in a password as "%2F", "%3F", "%23", "%40" and "%25"',
  );
}

function loaded(): ReturnType<typeof libraries.redis> {
  try {
    return libraries.redis();
  } catch (cause) {
    throw new ConfigurationError('redisStore needs the package "redis": install it', { cause });
  }
}
