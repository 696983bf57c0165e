/** A rate limiter that shares its budget among nodes. */
import type { Clock } from './clock.js';
import { createQueue } from './queue.js';
import { type CallKind, createRateLimiter, type Limits, type RateLimiter, type Window } from './rate-limit.js';

/** Counters that all nodes see. Each expires `windowMs` after its first count. */
export interface SharedCounters {
  /** Increments a counter. Times are milliseconds since the epoch. */
  count(name: string, windowMs: number): Promise<Counted>;
  read(name: string): Promise<Counted>;
  uncount(name: string): Promise<void>;
  forget(name: string): Promise<void>;
}
interface Counted {
  readonly hits: number;
  readonly resetsAt?: number;
}

/** Options of a shared limiter. */
export interface SharedLimiterOptions {
  readonly counters: SharedCounters;
  /** Nodes with the same name share one budget. */
  readonly name: string;
  readonly limits: Limits;
  readonly clock: Clock;
  /** Called if the counters are unreachable; the node's own limiter applies then. */
  readonly onError: (cause: unknown) => void;
}

/**
 * Slices per window. The limiter counts by slice and sums all slices that may overlap a window, so it stays below the limit
 * wherever Float's own window begins, and close to it: with four slices 200 requests take 75 seconds.
 */
const SLICES = 4;
/** Polls of a waiting request per slice. */
const POLLS_PER_SLICE = 10;

/** Creates a limiter on shared counters. */
export function createSharedLimiter(options: SharedLimiterOptions): RateLimiter {
  const { counters, name, limits, clock, onError } = options;
  // The node's own limiter always applies, and alone while the counters are unreachable.
  const own = createRateLimiter(limits, clock);
  const queues = { read: createQueue(), write: createQueue(), report: createQueue() };

  async function waitForRoom(kind: CallKind, signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      const waitMs = await takePlace(kind);
      if (waitMs === 0) return;
      await clock.sleep(waitMs, signal);
    }
  }

  /** Takes a slot in every window and returns 0, or takes none and returns the milliseconds until the next poll. */
  async function takePlace(kind: CallKind): Promise<number> {
    const paused = await counters.read(`${name}:${kind}:pause`);
    const rest = (paused.resetsAt ?? 0) - clock.now();
    if (paused.hits > 0 && rest > 0) return rest;
    const places = limits[kind].map((window) => slicesOf(`${name}:${kind}`, window, clock.now()));
    const counts = await Promise.all(places.map((place) => countIn(counters, place)));
    const full = places.filter(({ window }, index) => (counts[index] ?? 0) > window.max);
    if (full.length === 0) return 0;
    await Promise.all(places.map(({ current }) => counters.uncount(current)));
    return Math.max(...full.map(({ window }) => window.ms)) / SLICES / POLLS_PER_SLICE;
  }

  return {
    acquire: (kind, signal) =>
      queues[kind](async () => {
        await own.acquire(kind, signal);
        try {
          await waitForRoom(kind, signal);
        } catch (cause) {
          if (signal?.aborted) throw cause;
          onError(cause);
        }
      }, signal),
    async pause(kind, ms) {
      await own.pause(kind, ms);
      const place = `${name}:${kind}:pause`;
      const { resetsAt = 0 } = await counters.read(place);
      if (resetsAt >= clock.now() + ms) return;
      await counters.forget(place);
      await counters.count(place, Math.ceil(ms));
    },
  };
}

interface WindowCounters {
  readonly window: Window;
  /** Counter of the current slice. */
  readonly current: string;
  /** Counters of the earlier slices that may overlap a window ending now. */
  readonly earlier: readonly string[];
}

function slicesOf(name: string, window: Window, now: number): WindowCounters {
  const slice = Math.floor(now / (window.ms / SLICES));
  const nameAt = (index: number) => `${name}:${window.ms}:${index}`;
  return {
    window,
    current: nameAt(slice),
    earlier: Array.from({ length: SLICES }, (_, back) => nameAt(slice - back - 1)),
  };
}

/** Increments before reading, so that of two simultaneous nodes at least one sees the other. */
async function countIn(counters: SharedCounters, { window, current, earlier }: WindowCounters): Promise<number> {
  const { hits } = await counters.count(current, window.ms * 2);
  const before = await Promise.all(earlier.map((name) => counters.read(name)));
  return before.reduce((sum, one) => sum + one.hits, hits);
}
