/** Runs tasks sequentially in order of arrival. An aborted task leaves the queue. */
export type Queue = (work: () => Promise<void>, signal: AbortSignal | undefined) => Promise<void>;

/** Creates an empty queue. */
export function createQueue(): Queue {
  let tail: Promise<void> = Promise.resolve();
  return async (work, signal) => {
    const previous = tail;
    let free = () => {};
    tail = new Promise<void>((done) => {
      free = done;
    });
    try {
      await orAborted(previous, signal);
      await work();
    } finally {
      // A task that is aborted while it waits must not let its successor overtake the head.
      void previous.then(free);
    }
  };
}

function orAborted(previous: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return previous;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    void previous.then(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
  });
}
