import type { Clock } from './clock.js';
import { createQueue } from './queue.js';

/** Kinds of requests, each with a limit of its own. */
export type CallKind = 'read' | 'write' | 'report';

/** At most `max` requests may start within any `ms` milliseconds. */
export interface Window {
  readonly max: number;
  readonly ms: number;
}
/** The windows of each kind of request. */
export type Limits = Readonly<Record<CallKind, readonly Window[]>>;

const MINUTE = 60_000;
const SECOND = 1_000;

/** Float's limits per company. No header reports the bursts, so the client has to keep them. */
export const FLOAT_LIMITS: Limits = {
  read: [
    { max: 200, ms: MINUTE },
    { max: 10, ms: SECOND },
  ],
  write: [
    { max: 100, ms: MINUTE },
    { max: 4, ms: SECOND },
  ],
  report: [
    { max: 30, ms: MINUTE },
    { max: 10, ms: SECOND },
  ],
};

/**
 * Distributes Float's limit, which applies per company: within this process, or among nodes that share a limiter. A shared
 * limiter should fall back to local limits if its store is unreachable; if it rejects instead, the call fails as `unsent`.
 */
export interface RateLimiter {
  /**
   * Resolves when a request of this kind may start, and counts it. Waiting requests start in order of arrival. Rejects
   * with the signal's reason if it aborts, without counting.
   */
  acquire(kind: CallKind, signal?: AbortSignal): Promise<void>;
  /** Blocks requests of this kind for `ms` milliseconds, as Float demanded. */
  pause(kind: CallKind, ms: number): void | Promise<void>;
}

/**
 * The earliest start of the next request, given the starts of earlier ones (ascending). A log of starts instead of a token
 * bucket: a bucket of 200 that refills 200 a minute passes 400 in its first minute, and Float counts all of them.
 */
export function nextStart(windows: readonly Window[], starts: readonly number[], now: number): number {
  return windows.reduce((earliest, { max, ms }) => {
    const blocking = starts[starts.length - max];
    return blocking === undefined ? earliest : Math.max(earliest, blocking + ms);
  }, now);
}

/** Creates a limiter for this process; `false` disables it. */
export function createRateLimiter(limits: Limits | false, clock: Clock): RateLimiter {
  // Disabled completely: Float's own pauses are ignored too.
  if (limits === false) return { acquire: async (_kind, signal) => signal?.throwIfAborted(), pause: () => {} };
  const lanes = { read: lane(clock), write: lane(clock), report: lane(clock) };
  return {
    acquire: (kind, signal) => lanes[kind].acquire(limits[kind], signal),
    pause: (kind, ms) => lanes[kind].pause(ms),
  };
}

/** One queue: its head waits for a free slot, the others for the head. An aborted request leaves the queue. */
function lane(clock: Clock) {
  const starts: number[] = [];
  let pausedUntil = 0;
  const queue = createQueue();

  async function waitForMoment(windows: readonly Window[], signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      const now = clock.now();
      const start = Math.max(nextStart(windows, starts, now), pausedUntil);
      if (start <= now) return;
      await clock.sleep(start - now, signal);
    }
  }

  function acquire(windows: readonly Window[], signal: AbortSignal | undefined): Promise<void> {
    return queue(async () => {
      await waitForMoment(windows, signal);
      remember(starts, clock.now(), windows);
    }, signal);
  }

  return {
    acquire,
    pause(ms: number): void {
      pausedUntil = Math.max(pausedUntil, clock.now() + ms);
    },
  };
}

/** Keeps as many starts as the largest window needs. */
function remember(starts: number[], now: number, windows: readonly Window[]): void {
  if (windows.length === 0) return;
  starts.push(now);
  if (starts.length > Math.max(...windows.map((window) => window.max))) starts.shift();
}
