/** Runs work one after the other, in the order in which it came. Leaving the queue frees the place. */
export type Turns = (work: () => Promise<void>, signal: AbortSignal | undefined) => Promise<void>;

export function createTurns(): Turns {
  let tail: Promise<void> = Promise.resolve();
  return async (work, signal) => {
    const turn = tail;
    let free = () => {};
    tail = new Promise<void>((done) => {
      free = done;
    });
    try {
      await orAborted(turn, signal);
      await work();
    } finally {
      // Who gave up before its turn must not let the next one overtake the head.
      void turn.then(free);
    }
  };
}

function orAborted(turn: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return turn;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    void turn.then(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
  });
}
