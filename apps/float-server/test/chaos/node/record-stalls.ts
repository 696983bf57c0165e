import type { Journal } from './journal.js';

const EVERY_MS = 100;

/** Shorter stalls have no effect on leases and time limits. Milliseconds. */
const LATE_MS = 500;

/** Records in the journal when this process did not run: stopped by a signal, or on an overloaded machine. */
export function recordStalls(journal: Journal): void {
  let last = performance.now();
  const look = (): void => {
    const now = performance.now();
    const late = now - last - EVERY_MS;
    if (late > LATE_MS) journal.writeStalled(late);
    last = now;
  };
  setInterval(look, EVERY_MS).unref();
}
