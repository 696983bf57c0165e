import { isObject } from '../protocol/json-rpc.js';

/** A middleware that waits for its `next`. */
interface Waiting {
  readonly at: 'request' | 'handler';
  /** @param text the result as JSON text */
  resolve(text: string): void;
  reject(error: unknown): void;
}

/**
 * The middleware of one call that waits for the rest. A handler that asks the client in 2026-07-28 never settles, and
 * one that becomes a task settles much later, so the innermost middleware gets their answers from here.
 */
export class WaitingMiddleware {
  readonly #waiting: Waiting[] = [];
  #requestState: unknown;

  /** The handler has ended by asking the client. */
  get hasAsked(): boolean {
    return this.#requestState !== undefined;
  }

  /** @returns the end of waiting */
  add(waiting: Waiting): () => void {
    this.#waiting.push(waiting);
    return () => {
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
    };
  }

  /** Whether a result with these client requests has been written already, and only passes through middleware. */
  isWritten({ requestState }: { readonly requestState?: unknown }): boolean {
    return this.hasAsked && requestState === this.#requestState;
  }

  /** Hands the result with the client requests over. False if no middleware waits. */
  askClient(text: string): boolean {
    const result: unknown = JSON.parse(text);
    if (isObject(result)) this.#requestState = result['requestState'];
    return this.#settle((waiting) => waiting.resolve(text));
  }

  /** Hands the task over that the call became. False if no middleware waits. */
  becomeTask(text: string): boolean {
    return this.#settle((waiting) => waiting.resolve(text), 'request');
  }

  fail(error: unknown): boolean {
    return this.#settle((waiting) => waiting.reject(error));
  }

  #settle(settle: (waiting: Waiting) => void, only?: Waiting['at']): boolean {
    const innermost = this.#waiting.findLast(({ at }) => only === undefined || at === only);
    if (innermost === undefined) return false;
    settle(innermost);
    return true;
  }
}
