import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;

/** Resolves when a condition holds; rejects with its name after a time limit in milliseconds. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> {
  const giveUp = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > giveUp) throw new Error(`did not happen within ${withinMs} ms: ${what}`);
    await delay(POLL_MS);
  }
}
