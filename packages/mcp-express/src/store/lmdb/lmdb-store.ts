import { assertKnown, ConfigurationError } from '../../protocol/errors.js';
import type { Store } from '../store.js';
import { DEFAULT_STREAM_LIMITS, type StreamLimits } from '../stream-limits.js';
import { LmdbBus } from './lmdb-bus.js';
import { LmdbClaims, LmdbLeases, LmdbValues, LmdbVersions } from './lmdb-key-values.js';
import { LmdbSessions } from './lmdb-sessions.js';
import { LmdbStreams } from './lmdb-streams.js';
import { LmdbSubscriptions } from './lmdb-subscriptions.js';
import { LmdbTasks } from './lmdb-tasks.js';
import { StoreFile } from './store-file.js';
import { type Sweepable, Sweeper } from './sweeper.js';

/** Options of `lmdbStore`. */
export interface LmdbStoreOptions {
  /**
   * The directory of the file, created when it does not exist. It must be on a local disk: LMDB cannot be shared over a
   * network. @default none
   */
  readonly path: string;
  /** Bounds of the stored events. @default each limit's own */
  readonly streams?: Partial<StreamLimits>;
  /** Milliseconds between polls for changes by other processes. @default 25 */
  readonly lookMs?: number;
  /**
   * Milliseconds after which a write that is not committed is refused, because another process or the disk blocks it.
   * @default 5000
   */
  readonly timeoutMs?: number;
  /** The clock, in milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/**
 * Written by `ping` to see whether there is space: a small change finds some in the file long after the disk is full.
 */
const PROBE = ' '.repeat(32 * 1024);

/**
 * Keeps everything in one file of this machine: sessions, streams and tasks survive a restart, and a process that is
 * killed.
 *
 * - **Durability.** A method resolves after its commit, so a killed process loses nothing that it confirmed. The
 *   operating system then writes the commit to disk; a power failure or a crash of the operating system loses the
 *   commits of the last moment, always whole ones from the newest backwards, and leaves the file consistent.
 * - **Processes.** Several processes of this machine, in one PID namespace, may open the same path. Atomic steps are
 *   atomic across them. In the process that writes, readers of a stream and subscribers of the bus are notified
 *   immediately; in others within `lookMs`. A process that is stopped in the middle of a commit blocks the others until
 *   it continues: their writes are refused after `timeoutMs`. A killed process blocks nothing.
 * - **Removal.** If the file is removed or replaced while it is open, every method rejects, from at most a second later
 *   until the file is back or the process restarts: other processes would write to another file.
 * - **Space.** The file grows to the largest amount held at one time. Its space is reused, but the file does not
 *   shrink.
 *
 * @throws ConfigurationError with the name of the option, also when the file cannot be opened, is damaged, or has an
 * unreadable format.
 */
export function lmdbStore(options: LmdbStoreOptions): Store {
  assertKnown(options, ['path', 'streams', 'lookMs', 'timeoutMs', 'now'], 'lmdbStore');
  const { path, lookMs = 25, timeoutMs = 5_000, now = Date.now } = options;
  if (typeof path !== 'string' || path === '')
    throw new ConfigurationError('lmdbStore option "path" must be a directory');
  if (!(lookMs > 0)) throw new ConfigurationError('lmdbStore option "lookMs" must be more than 0');
  if (!(timeoutMs > 0)) throw new ConfigurationError('lmdbStore option "timeoutMs" must be more than 0');
  const limits = limitsOf(options.streams);
  const file = new StoreFile(path, timeoutMs);
  const sessions = new LmdbSessions(file, now, (tx, name) => streams.forget(tx, name));
  const streams = new LmdbStreams({
    file,
    limits,
    now,
    lookMs,
    livesUntil: (session, time) => sessions.livesUntil(session, time),
  });
  const tasks = new LmdbTasks(file, now);
  const claims = new LmdbClaims(file, now);
  const leases = new LmdbLeases(file, now);
  const swept: readonly Sweepable[] = [
    { queues: [sessions.expiries], sweep: (tx, time) => sessions.sweep(tx, time) },
    { queues: [streams.endedStreams, streams.abandonedSessions], sweep: (tx, time) => streams.sweep(tx, time) },
    { queues: [tasks.expiries], sweep: (tx, time) => tasks.sweep(tx, time) },
    { queues: [claims.expiries], sweep: (_step, time) => claims.sweep(time) },
    { queues: [leases.expiries], sweep: (_step, time) => leases.sweep(time) },
  ];
  const sweeper = new Sweeper(file, now, swept);
  return {
    sessions,
    streams,
    subscriptions: new LmdbSubscriptions(file, (name) => sessions.isAlive(name)),
    versions: new LmdbVersions(file),
    tasks,
    claims,
    leases,
    values: new LmdbValues(file),
    bus: new LmdbBus(file, lookMs),
    ping: () => file.write(() => void file.tables.about.put('probe', PROBE)),
    close: async () => {
      await sweeper.close();
      await file.close();
    },
  };
}

function limitsOf(given: Partial<StreamLimits> = {}): StreamLimits {
  assertKnown(given, Object.keys(DEFAULT_STREAM_LIMITS), 'lmdbStore option "streams"');
  const limits = { ...DEFAULT_STREAM_LIMITS, ...given };
  for (const [name, value] of Object.entries(limits)) {
    if (typeof value !== 'number' || !(value >= 0)) {
      throw new ConfigurationError(`lmdbStore option "streams.${name}" must be a number of at least 0`);
    }
  }
  return limits;
}
