/**
 * The promise that `ctx.elicit`, `ctx.sample` and `ctx.roots` return. It reports when it is first awaited, so that the
 * server can warn of client requests whose answer is lost. Its rejection is never unhandled, because a client that
 * cannot be asked must not end the process.
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

  /** `then` returns an ordinary promise. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  // biome-ignore lint/suspicious/noThenProperty: this is a promise class, whose `then` is called by `await`.
  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#onAwaited?.();
    this.#onAwaited = undefined;
    return super.then(onFulfilled, onRejected);
  }
}
