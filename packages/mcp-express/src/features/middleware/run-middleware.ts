import { kindOf } from '../../protocol/errors.js';
import { isObject, type Params } from '../../protocol/json-rpc.js';
import { CallContext } from '../../request/context.js';
import type { RunningCall } from '../../request/running-call.js';
import type { AnyParams, AnyResult, Middleware, MiddlewareContext } from './middleware.js';
import type { Chain } from './registered-middleware.js';

/** The request that middleware runs around. */
export interface MiddlewareTarget {
  readonly scope: RunningCall;
  readonly method: string;
  /** The method itself. */
  last(params: AnyParams): Promise<AnyResult>;
  /**
   * Announces that a middleware waits for its `next`, which `settle` settles with a result if the handler asks the client
   * or becomes a task. Returns the end of waiting.
   */
  waits?(settle: Settle): () => void;
}

/** Settles a pending `next`. */
export interface Settle {
  resolve(result: AnyResult): void;
  reject(error: unknown): void;
}

/** The context of one middleware. */
class ChainContext extends CallContext implements MiddlewareContext {
  constructor(
    scope: RunningCall,
    readonly method: string,
    readonly params: AnyParams,
  ) {
    super(scope);
  }
}

/**
 * Runs a chain of middleware around a request.
 * @returns the result that the first middleware returned: an object, not validated further
 * @throws the error of the first middleware, or a TypeError for a result that is no object
 */
export function runChain(chain: Chain, target: MiddlewareTarget, params: Params): Promise<AnyResult> {
  return new ChainRun(chain, target).from(0, params);
}

class ChainRun {
  constructor(
    private readonly chain: Chain,
    private readonly target: MiddlewareTarget,
  ) {}

  /** The result of the middleware at `index` and all later ones. */
  async from(index: number, params: AnyParams): Promise<AnyResult> {
    const middleware = this.chain[index];
    if (middleware === undefined) return this.target.last(params);
    const { scope, method } = this.target;
    let misuse: string | undefined;
    const next = (changed: AnyParams = params): Promise<AnyResult> => {
      const result = misuse === undefined ? this.#next(index, changed) : Promise.reject(new Error(misuse));
      misuse ??= `${nameOf(middleware)} called next() twice`;
      // A middleware that answers without waiting must not cause an unhandled rejection.
      result.catch(() => {});
      return result;
    };
    const result: unknown = await middleware(new ChainContext(scope, method, params), next);
    misuse ??= `${nameOf(middleware)} called next() after its answer`;
    if (isObject(result)) return result;
    const returned = `${nameOf(middleware)} returned ${kindOf(result)} for ${method}`;
    throw new TypeError(`${returned}. Return the result of next(), or a result of your own`);
  }

  #next(index: number, params: unknown): Promise<AnyResult> {
    if (!isObject(params)) {
      return Promise.reject(
        new TypeError(`next() takes the changed params, an object; it was given ${kindOf(params)}`),
      );
    }
    let stop: (() => void) | undefined;
    return new Promise<AnyResult>((resolve, reject) => {
      stop = this.target.waits?.({ resolve, reject });
      this.from(index + 1, params).then(resolve, reject);
    }).finally(() => stop?.());
  }
}

function nameOf({ name }: Middleware): string {
  return name === '' ? 'A middleware' : `The middleware "${name}"`;
}

/** Whether a value is the one that was written as `text`. Most middleware returns the result as it is. */
export function isUnchanged(value: unknown, text: string | undefined): boolean {
  try {
    return JSON.stringify(value) === text;
  } catch {
    return false;
  }
}
