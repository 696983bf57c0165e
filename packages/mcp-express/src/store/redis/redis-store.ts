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

/** Options of `redisStore`. Either `url` or `createClient` is required. */
export interface RedisStoreOptions {
  /** The address of Redis: `redis://localhost:6379`, or `rediss://user:password@redis.example.com:6379/0`. @default none */
  readonly url?: string;
  /**
   * Makes a client of the package `redis` that is not connected yet, for a cluster, Sentinel or own client options:
   * `() => createCluster({ … })`. Called three times; the store connects and closes the clients. Instead of `url`.
   * @default none
   */
  readonly createClient?: (purpose: 'commands' | 'wakes' | 'bus') => RedisClient;
  /** Prefix of all keys. Servers that do not share sessions need prefixes of their own. @default 'mcp:' */
  readonly prefix?: string;
  /** Milliseconds without any answer after which Redis counts as unreachable, and requests are refused. @default 2000 */
  readonly timeoutMs?: number;
  /** Limits of the streams of one session. @default each limit's own */
  readonly streams?: Partial<RedisStreamLimits>;
}

/** The store made by `redisStore`. */
export interface RedisStore extends Store {
  /**
   * Resolves when Redis was reached for the first time. Rejects, with the reason in the message, when that takes longer
   * than `timeoutMs`, when the user lacks a permission, or when Redis holds data of a version that this one cannot read.
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
 * A store in Redis 7 or Valkey, for any number of nodes: each node serves every request, and others take over for one that
 * dies.
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
      // Temporary failures, such as a Redis that is full, are no reason not to start.
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
    // Commands fail at once while there is no connection; blocking reads and subscriptions wait for it.
    pattern.duplicate({ disableOfflineQueue: purpose === 'commands' }) as unknown as RedisClient;
}

/** A client to duplicate: loading the library and parsing the URL happen once. @throws ConfigurationError */
function patternOf(url: string): ReturnType<typeof createClient> {
  const redis = loaded();
  const isRedis = URL.canParse(url) && /^rediss?:$/.test(new URL(url).protocol);
  try {
    if (isRedis) return redis.createClient({ url, socket: { reconnectStrategy: backOff } });
  } catch {
    // A database that is not a number, or a malformed percent-encoding. The error may contain the password: no `cause`.
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
