/** One budget for several nodes, counted where all of them can see it. */
import type { Clock } from './clock.js';
import { type CallKind, createRateLimiter, type Limits, type RateLimiter, type Window } from './rate-limit.js';
import { createTurns } from './turns.js';

/** Numbers that all nodes see. Each expires by itself, `windowMs` after it was first counted. */
export interface SharedCounters {
  /** Counts one more. Times are milliseconds since the epoch. */
  count(name: string, windowMs: number): Promise<Counted>;
  read(name: string): Promise<Counted>;
  uncount(name: string): Promise<void>;
  forget(name: string): Promise<void>;
}
interface Counted {
  readonly hits: number;
  readonly resetsAt?: number;
}

export interface SharedLimiterOptions {
  readonly counters: SharedCounters;
  /** Nodes with the same name have one budget. */
  readonly name: string;
  readonly limits: Limits;
  readonly clock: Clock;
  /** Told when the counters cannot be reached; calls then go by this node's own count. */
  readonly failed: (cause: unknown) => void;
}

/**
 * A window is counted in this many slices, and never looks at fewer than all that may reach into it. So it stays below
 * the limit wherever Float's own window begins, and comes close to it: four slices allow 200 in 75 seconds.
 */
const SLICES = 4;
/** How often, within a slice, somebody who has to wait looks again. */
const LOOKS = 10;

export function createSharedLimiter(options: SharedLimiterOptions): RateLimiter {
  const { counters, name, limits, clock, failed } = options;
  // What one node alone may do bounds it as well, and is all there is while the counters cannot be reached.
  const own = createRateLimiter(limits, clock);
  const turns = { read: createTurns(), write: createTurns(), report: createTurns() };

  async function waitForRoom(kind: CallKind, signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      const waitMs = await takePlace(kind);
      if (waitMs === 0) return;
      await clock.sleep(waitMs, signal);
    }
  }

  /** 0 when a place was taken in every window; else nothing was taken, and it is worth looking again after so long. */
  async function takePlace(kind: CallKind): Promise<number> {
    const paused = await counters.read(`${name}:${kind}:pause`);
    const rest = (paused.resetsAt ?? 0) - clock.now();
    if (paused.hits > 0 && rest > 0) return rest;
    const places = limits[kind].map((window) => slicesOf(`${name}:${kind}`, window, clock.now()));
    const counts = await Promise.all(places.map((place) => countIn(counters, place)));
    const full = places.filter(({ window }, index) => (counts[index] ?? 0) > window.max);
    if (full.length === 0) return 0;
    await Promise.all(places.map(({ current }) => counters.uncount(current)));
    return Math.max(...full.map(({ window }) => window.ms)) / SLICES / LOOKS;
  }

  return {
    acquire: (kind, signal) =>
      turns[kind](async () => {
        await own.acquire(kind, signal);
        try {
          await waitForRoom(kind, signal);
        } catch (cause) {
          if (signal?.aborted) throw cause;
          failed(cause);
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

interface Place {
  readonly window: Window;
  /** The counter of the slice that now is in. */
  readonly current: string;
  /** Those of the slices before it that may reach into a window that ends now. */
  readonly earlier: readonly string[];
}

function slicesOf(name: string, window: Window, now: number): Place {
  const slice = Math.floor(now / (window.ms / SLICES));
  const nameAt = (index: number) => `${name}:${window.ms}:${index}`;
  return {
    window,
    current: nameAt(slice),
    earlier: Array.from({ length: SLICES }, (_, back) => nameAt(slice - back - 1)),
  };
}

/** Counts first and looks then: of two nodes that come at once, one sees the other. */
async function countIn(counters: SharedCounters, { window, current, earlier }: Place): Promise<number> {
  const { hits } = await counters.count(current, window.ms * 2);
  const before = await Promise.all(earlier.map((name) => counters.read(name)));
  return before.reduce((sum, one) => sum + one.hits, hits);
}
