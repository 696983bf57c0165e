/** One running request that several callers await. It is aborted when its last caller has left. */
export class SharedRequest<T> {
  readonly #controller = new AbortController();
  readonly #result: Promise<T>;
  #waiting = 0;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.#result = work(this.#controller.signal);
    // The request may fail after its last caller has left.
    this.#result.catch(() => {});
  }

  /** Whether the request was aborted, so that a new one must be started. */
  get abandoned(): boolean {
    return this.#controller.signal.aborted;
  }

  /**
   * Awaits the result.
   *
   * @throws the signal's reason if it aborts first; other callers keep waiting
   */
  async join(signal: AbortSignal | undefined): Promise<T> {
    this.#waiting += 1;
    try {
      return await orAborted(this.#result, signal);
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#controller.abort();
    }
  }
}

function orAborted<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return result;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
