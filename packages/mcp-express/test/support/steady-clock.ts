import { onCleanup } from './cleanup.js';

const TICK_MS = 5;
/** What one tick adds at most. */
const MOST_MS = 20;

/**
 * A clock for a store, in milliseconds since 1970, that stands still while this process does: where the machine takes a
 * break, nothing expires that somebody was about to use. It is never ahead of the real one.
 */
export function steadyClock(): () => number {
  let now = Date.now();
  let last = performance.now();
  const timer = setInterval(() => {
    const passed = performance.now() - last;
    last += passed;
    now += Math.min(passed, MOST_MS);
  }, TICK_MS);
  onCleanup(() => clearInterval(timer));
  return () => Math.floor(now);
}
