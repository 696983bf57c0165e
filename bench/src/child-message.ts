import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const ANSWER_MS = 30_000;

export function isGone(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/**
 * What a child process says next.
 *
 * @param fail throws an error of the process that ended, or says nothing, instead.
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
