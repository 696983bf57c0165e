import type { Clock } from './clock.js';
import { createTurns } from './turns.js';

export type CallKind = 'read' | 'write' | 'report';

/** At most `max` calls may start within any `ms` milliseconds. */
export interface Window {
  readonly max: number;
  readonly ms: number;
}
export type Limits = Readonly<Record<CallKind, readonly Window[]>>;

const MINUTE = 60_000;
const SECOND = 1_000;

/** Float's limits per company. The bursts are in no header, so only the caller's side can keep them. */
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
 * Shares out Float's limit, which is per company: one in this process, or one that several nodes share. A shared one
 * that cannot reach its store should go on by itself; if it rejects instead, the call fails as `unsent`.
 */
export interface RateLimiter {
  /**
   * Resolves when a call of this kind may start, at once or after a wait; each time, one call is counted. Waiting calls
   * start in the order in which they came. Rejects with the signal's reason when it aborts, and then counts nothing.
   */
  acquire(kind: CallKind, signal?: AbortSignal): Promise<void>;
  /** Nothing of this kind starts before `ms` from now: Float said so. */
  pause(kind: CallKind, ms: number): void | Promise<void>;
}

/**
 * When the next call may start, given when the former ones did (ascending). A log of starts rather than a counter of
 * tokens: a bucket of 200 that refills 200 a minute lets 400 through in its first minute, and Float counts all of them.
 */
export function nextStart(windows: readonly Window[], starts: readonly number[], now: number): number {
  return windows.reduce((earliest, { max, ms }) => {
    const blocking = starts[starts.length - max];
    return blocking === undefined ? earliest : Math.max(earliest, blocking + ms);
  }, now);
}

export function createRateLimiter(limits: Limits | false, clock: Clock): RateLimiter {
  // Off means off: not even Float's own words make a caller wait.
  if (limits === false) return { acquire: async (_kind, signal) => signal?.throwIfAborted(), pause: () => {} };
  const lanes = { read: lane(clock), write: lane(clock), report: lane(clock) };
  return {
    acquire: (kind, signal) => lanes[kind].acquire(limits[kind], signal),
    pause: (kind, ms) => lanes[kind].pause(ms),
  };
}

/** One queue: the head waits for its moment, the others for the head. Leaving the queue frees the place. */
function lane(clock: Clock) {
  const starts: number[] = [];
  let pausedUntil = 0;
  const turns = createTurns();

  async function waitForMoment(windows: readonly Window[], signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      const now = clock.now();
      const start = Math.max(nextStart(windows, starts, now), pausedUntil);
      if (start <= now) return;
      await clock.sleep(start - now, signal);
    }
  }

  function acquire(windows: readonly Window[], signal: AbortSignal | undefined): Promise<void> {
    return turns(async () => {
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

/** Keeps as many starts as the widest window can ask about. */
function remember(starts: number[], now: number, windows: readonly Window[]): void {
  if (windows.length === 0) return;
  starts.push(now);
  if (starts.length > Math.max(...windows.map((window) => window.max))) starts.shift();
}
