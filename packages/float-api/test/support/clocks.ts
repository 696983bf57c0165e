import type { Clock } from '../../src/clock.js';

/** A clock whose waits end immediately: time jumps ahead. Records the waits. */
export function instantClock(start = 0): Clock & { readonly waits: number[] } {
  let now = start;
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      waits.push(ms);
      now += ms;
    },
  };
}

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** A clock that stands still until `advance` is called. */
export function manualClock(): Clock & { advance(ms: number): Promise<void> } {
  let now = 0;
  let sleepers: Sleeper[] = [];
  return {
    now: () => now,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        const sleeper = { until: now + ms, wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          reject(signal.reason);
        });
      });
    },
    async advance(ms) {
      const end = now + ms;
      for (;;) {
        await settled();
        const next = sleepers.filter(({ until }) => until <= end).sort((a, b) => a.until - b.until)[0];
        if (next === undefined) break;
        sleepers = sleepers.filter((other) => other !== next);
        now = next.until;
        next.wake();
      }
      now = end;
      await settled();
    },
  };
}

/** Resolves after all pending promise callbacks have run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
