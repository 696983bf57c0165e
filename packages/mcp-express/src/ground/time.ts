/** What Node's timers hold: a longer time would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A time as a timer can have it: what is longer than 24 days, or infinite, becomes 24 days. */
export function timerMs(ms: number): number {
  return Math.min(ms, MAX_TIMER_MS);
}

/** Resolves after so many milliseconds. @param ref whether the process stays alive for it. */
export function pause(ms: number, ref = true): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    if (!ref) timer.unref();
  });
}

/** What the promise gives, or a rejection when that takes longer. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms).unref();
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** `undefined` when it failed, or is not there in time. */
export function inTime<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  return within(promise, ms).catch(() => undefined);
}
