import { setTimeout as delay } from 'node:timers/promises';

/** A promise with its resolving functions. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

/** Creates a promise that the test settles. */
export function deferred<T = void>(): Deferred<T> {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((whenGood, whenBad) => {
    resolve = whenGood;
    reject = whenBad;
  });
  return { promise, resolve, reject };
}

/** Milliseconds. It only determines how long a failing test takes. */
export const PATIENCE_MS = 30_000;

const POLL_MS = 2;

/** Resolves with the first value of `look` that is neither false nor undefined. Rejects after `ms`, naming `what`. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs = PATIENCE_MS,
): Promise<T> {
  const giveUp = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > giveUp) throw new Error(`did not happen within ${withinMs} ms: ${what}`);
    await delay(POLL_MS);
  }
}

/** The promise, or a rejection naming `what` after `ms`. */
export async function within<T>(what: string, promise: Promise<T>, ms = PATIENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`did not happen within ${ms} ms: ${what}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
