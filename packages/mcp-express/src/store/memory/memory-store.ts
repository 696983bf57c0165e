import { assertKnown, ConfigurationError } from '../../protocol/errors.js';
import { isOneOfSeveral } from '../../util/workers.js';
import type { Store } from '../store.js';
import { MemoryBus } from './memory-bus.js';
import { MemoryClaims } from './memory-claims.js';
import { MemoryLeases } from './memory-leases.js';
import { MemorySessions } from './memory-sessions.js';
import { DEFAULT_STREAM_LIMITS, MemoryStreams, type StreamLimits } from './memory-streams.js';
import { MemorySubscriptions } from './memory-subscriptions.js';
import { MemoryTasks } from './memory-tasks.js';
import { MemoryValues } from './memory-values.js';
import { MemoryVersions } from './memory-versions.js';

/** Options of `memoryStore`. */
export interface MemoryStoreOptions {
  /** Bounds of the stored events. @default each limit's own */
  readonly streams?: Partial<StreamLimits>;
  /** The clock, in milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** Interval of the sweep that frees expired records. Milliseconds. */
const SWEEP_MS = 5_000;

/**
 * Keeps everything in the memory of this process: for development, tests, and a single node that may lose its sessions.
 * A restart ends all of them.
 *
 * @throws ConfigurationError in a worker of `serve` with several workers, because the others would not know its
 * sessions, and for a wrong option.
 */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  if (isOneOfSeveral()) {
    throw new ConfigurationError(
      'mcpRouter option "store" must be one that processes share, such as redisStore or lmdbStore: `serve` has several workers',
    );
  }
  assertKnown(options, ['streams', 'now'], 'memoryStore');
  assertKnown(options.streams ?? {}, Object.keys(DEFAULT_STREAM_LIMITS), 'memoryStore option "streams"');
  const now = options.now ?? Date.now;
  const streams = new MemoryStreams({ ...DEFAULT_STREAM_LIMITS, ...options.streams }, now);
  const sessions = new MemorySessions(now, (id, expired) => {
    if (expired) streams.forget(id);
    subscriptions.forget(id);
  });
  const subscriptions = new MemorySubscriptions((id) => sessions.has(id));
  const tasks = new MemoryTasks(now);
  const claims = new MemoryClaims(now);
  const leases = new MemoryLeases(now);
  const bus = new MemoryBus();
  const sweeper = setInterval(() => {
    void sessions.sweep();
    streams.sweep();
    tasks.sweep();
    claims.sweep();
    leases.sweep();
  }, SWEEP_MS);
  sweeper.unref();
  return {
    sessions,
    streams,
    subscriptions,
    versions: new MemoryVersions(),
    tasks,
    claims,
    leases,
    values: new MemoryValues(),
    bus,
    close: async () => {
      clearInterval(sweeper);
      bus.clear();
    },
  };
}
