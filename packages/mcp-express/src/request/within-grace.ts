import { setTimeout as delay } from 'node:timers/promises';
import { timerMs } from '../util/time.js';

/** Settles as `work` does, or resolves after `graceMs` milliseconds. */
export async function withinGrace(work: Promise<void>, graceMs: number): Promise<void> {
  const timer = new AbortController();
  try {
    await Promise.race([work, delay(timerMs(graceMs), undefined, { signal: timer.signal }).catch(() => {})]);
  } finally {
    timer.abort();
  }
}
