import type { DrainOptions } from '../util/drains.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Clients send SIGKILL soon after SIGTERM. Milliseconds. */
const GRACE_MS = 1_000;

/**
 * Closes the server on the first signal, and exits. A second signal exits at once. An application with listeners of its
 * own decides itself when to exit.
 *
 * @returns removes the listeners.
 */
export function endOnSignals(close: (options: DrainOptions) => Promise<void>): () => void {
  let isEnding = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    const isShared = process.listenerCount(signal) > 1;
    if (isEnding && !isShared) process.exit(1);
    isEnding = true;
    void close({ graceMs: GRACE_MS }).finally(() => {
      if (!isShared) process.exit();
    });
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}
