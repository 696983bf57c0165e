import { assertKnown, ConfigurationError } from '../../protocol/errors.js';
import type { Store } from '../store.js';
import { DEFAULT_STREAM_LIMITS, type StreamLimits } from '../stream-limits.js';
import { LmdbBus } from './lmdb-bus.js';
import { LmdbSessions } from './lmdb-sessions.js';
import { LmdbStreams } from './lmdb-streams.js';
import { LmdbSubscriptions } from './lmdb-subscriptions.js';
import { LmdbTasks } from './lmdb-tasks.js';
import { Opened } from './opened.js';
import { LmdbClaims, LmdbLeases, LmdbValues, LmdbVersions } from './small-parts.js';
import { Sweeper, type Swept } from './sweeper.js';

export interface LmdbStoreOptions {
  /**
   * The directory of the file, which is made when it is not there. On a disk of this machine: LMDB cannot be shared over a
   * network.
   * @default none
   */
  readonly path: string;
  /** What the streams of one session may hold. @default each limit its own */
  readonly streams?: Partial<StreamLimits>;
  /** Milliseconds between looks for what other processes wrote. @default 25 */
  readonly lookMs?: number;
  /** Milliseconds after which a change that was not committed is refused: another process, or the disk, holds it up. @default 5000 */
  readonly timeoutMs?: number;
  /** The clock, in milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** What is written to see whether there is room: a small change finds some in the file long after the disk is full. */
const PROBE = ' '.repeat(32 * 1024);

/**
 * Everything in one file of this machine: sessions, streams and tasks survive a restart, and a process that is killed.
 *
 * - **Durable.** What a method resolved for is committed: whoever kills the process takes nothing of it away. It is on its
 *   way to the disk then; a power failure, or a crash of the operating system, loses what was committed in the moment
 *   before, as whole commits from the last one back, and leaves the file in order.
 * - **Several processes** of this machine, in one PID namespace, may be given the same path. All that must be atomic is,
 *   across them. In the process that writes, readers of a stream and listeners of the bus hear at once; in others within
 *   `lookMs`. A process that is stopped in the middle of a commit holds up the others until it goes on: what they would
 *   change is refused after `timeoutMs`. One that is killed holds up nothing.
 * - **Removed.** A file that was removed or replaced while it is open is noticed within a second. From then on every method rejects,
 *   until it is back or the process starts again: what another process writes would be elsewhere.
 * - **Space.** The file grows to what is held at once, and is reused; it does not shrink.
 *
 * @throws ConfigurationError naming the option: when the path cannot be opened, is damaged, or of another version.
 */
export function lmdbStore(options: LmdbStoreOptions): Store {
  assertKnown(options, ['path', 'streams', 'lookMs', 'timeoutMs', 'now'], 'lmdbStore');
  const { path, lookMs = 25, timeoutMs = 5_000, now = Date.now } = options;
  if (typeof path !== 'string' || path === '')
    throw new ConfigurationError('lmdbStore option "path" must be a directory');
  if (!(lookMs > 0)) throw new ConfigurationError('lmdbStore option "lookMs" must be more than 0');
  if (!(timeoutMs > 0)) throw new ConfigurationError('lmdbStore option "timeoutMs" must be more than 0');
  const limits = limitsOf(options.streams);
  const opened = new Opened(path, timeoutMs);
  const sessions = new LmdbSessions(opened, now, (step, name) => streams.forget(step, name));
  const streams = new LmdbStreams({
    opened,
    limits,
    now,
    lookMs,
    livesUntil: (session, time) => sessions.livesUntil(session, time),
  });
  const tasks = new LmdbTasks(opened, now);
  const claims = new LmdbClaims(opened, now);
  const leases = new LmdbLeases(opened, now);
  const swept: readonly Swept[] = [
    { due: [sessions.due], sweep: (step, time) => sessions.sweep(step, time) },
    { due: [streams.ends, streams.shelves], sweep: (step, time) => streams.sweep(step, time) },
    { due: [tasks.due], sweep: (step, time) => tasks.sweep(step, time) },
    { due: [claims.due], sweep: (_step, time) => claims.sweep(time) },
    { due: [leases.due], sweep: (_step, time) => leases.sweep(time) },
  ];
  const sweeper = new Sweeper(opened, now, swept);
  return {
    sessions,
    streams,
    subscriptions: new LmdbSubscriptions(opened, (name) => sessions.isAlive(name)),
    versions: new LmdbVersions(opened),
    tasks,
    claims,
    leases,
    values: new LmdbValues(opened),
    bus: new LmdbBus(opened, lookMs),
    ping: () => opened.write(() => void opened.tables.about.put('probe', PROBE)),
    close: async () => {
      await sweeper.close();
      await opened.close();
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
