import { setTimeout as delay } from 'node:timers/promises';
import { timerMs } from '../util/time.js';

/** Resolves when `work` has settled, or after `graceMs` milliseconds. */
export async function withinGrace(work: Promise<void>, graceMs: number): Promise<void> {
  const timer = new AbortController();
  await Promise.race([work, delay(timerMs(graceMs), undefined, { signal: timer.signal }).catch(() => {})]);
  timer.abort();
}
