import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const ANSWER_MS = 30_000;

/** Whether a child process has ended. */
export function isGone(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/**
 * Waits for the next message of a child process.
 *
 * @param fail throws the error for a process that has ended or sends no message in time.
 */
export async function nextMessage<T>(child: ChildProcess, fail: (what: string) => never): Promise<T> {
  if (isGone(child)) fail('ended');
  const settled = new AbortController();
  const { signal } = settled;
  const said = once(child, 'message', { signal }).then(([message]) => message as T);
  const ended = once(child, 'exit', { signal }).then(() => fail('ended'));
  const late = delay(ANSWER_MS, undefined, { signal }).then(() => fail('does not answer'));
  try {
    return await Promise.race([said, ended, late]);
  } finally {
    settled.abort();
  }
}
