/**
 * The promise that `ctx.elicit`, `ctx.sample` and `ctx.roots` return. It reports the first time that something waits for
 * it, so that a question whose answer gets lost can be warned of. Its rejection is never unhandled: whether a client can
 * be asked is up to the client, and must not end the process.
 */
export class AwaitedAnswer<T> extends Promise<T> {
  #onAwaited: (() => void) | undefined;

  /** @param onAwaited called at the first `await`, `then`, `catch` or `finally` */
  static of<T>(answer: Promise<T>, onAwaited: () => void): AwaitedAnswer<T> {
    const awaited = new AwaitedAnswer<T>((resolve, reject) => {
      answer.then(resolve, reject);
    });
    Promise.prototype.then.call(awaited, undefined, () => {});
    awaited.#onAwaited = onAwaited;
    return awaited;
  }

  /** What `then` returns is an ordinary promise. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise. `await` calls `then` of a class of its own.
  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#onAwaited?.();
    this.#onAwaited = undefined;
    return super.then(onFulfilled, onRejected);
  }
}
