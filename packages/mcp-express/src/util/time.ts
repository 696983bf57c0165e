/** Longest time of Node's timers. A longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A time that is safe for timers: at most 24.8 days. */
export function timerMs(ms: number): number {
  return Math.min(ms, MAX_TIMER_MS);
}

/**
 * Resolves after `ms` milliseconds.
 * @param ref false lets the process exit before
 */
export function pause(ms: number, ref = true): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    if (!ref) timer.unref();
  });
}

/** The promise, or a rejection if it takes longer than `ms` milliseconds. */
export async function withTimeout<T>(promise: Promise<T>, ms: number): Promise<T> {
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

/** The value of the promise, or `undefined` if it rejects or takes longer than `ms` milliseconds. */
export function valueInTime<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  return withTimeout(promise, ms).catch(() => undefined);
}
