import { onCleanup } from './cleanup.js';

const TICK_MS = 5;
/** The largest step of one tick. Milliseconds. */
const MOST_MS = 20;

/**
 * A clock for a store, in milliseconds since 1970, that stops while this process is suspended: after a pause of the
 * machine, nothing that is about to be used has expired. It is never ahead of the real one.
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
