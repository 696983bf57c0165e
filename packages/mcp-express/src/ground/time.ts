/** What Node's timers hold: a longer time would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A time as a timer can have it: what is longer than 24 days, or infinite, becomes 24 days. */
export function timerMs(ms: number): number {
  return Math.min(ms, MAX_TIMER_MS);
}
