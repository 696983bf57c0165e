import type { InputRequired } from '../../protocol/client-requests.js';
import type { Call } from '../../request/call.js';
import { isInputRequired } from '../../request/input-required.js';
import type { RunningCall } from '../../request/running-call.js';
import { WaitingMiddleware } from '../../request/waiting-middleware.js';
import type { AnyParams, AnyResult } from './middleware.js';
import type { Chain } from './registered-middleware.js';
import { isUnchanged, runChain, type Settle } from './run-middleware.js';

/** The text of a result, or the input that the handler requires. */
type Ran = string | InputRequired;

/** A handler and its result. */
export interface HandlerRun {
  /** Runs the handler with validated arguments. */
  run(args: unknown): Promise<Ran>;
  /**
   * Validates and writes a result that middleware has changed.
   * @param isChanged whether a member differs from that of the handler's own result
   */
  write(result: AnyResult, isChanged: (member: string) => boolean): Ran | Promise<Ran>;
}

/** Runs a handler with validated arguments. */
export type AroundHandler = (args: unknown, handler: HandlerRun) => Promise<Ran>;

/**
 * Runs a handler through the middleware `at: 'handler'`.
 * @param scope the call, or the task that it became
 */
export function aroundHandler(chain: Chain, call: Call, scope: RunningCall): AroundHandler {
  return async (args, handler) => {
    const target = new HandlerTarget(call, scope, handler);
    const { params = {} } = scope.message;
    const result = await runChain(chain, target, args === undefined ? params : { ...params, arguments: args });
    return target.textOf(result);
  };
}

class HandlerTarget {
  readonly method: string;
  #text: string | undefined;

  constructor(
    private readonly call: Call,
    readonly scope: RunningCall,
    private readonly handler: HandlerRun,
  ) {
    this.method = scope.message.method;
  }

  async last(params: AnyParams): Promise<AnyResult> {
    const ran = await this.handler.run(params['arguments']);
    // As an object, whose own requests the handler has not sent yet.
    return typeof ran === 'string' ? this.#read(ran) : { ...ran };
  }

  waits({ resolve, reject }: Settle): () => void {
    this.call.middleware ??= new WaitingMiddleware();
    return this.call.middleware.add({ at: 'handler', resolve: (text) => resolve(this.#read(text)), reject });
  }

  textOf(result: AnyResult): Ran | Promise<Ran> {
    if (isInputRequired(result)) return result;
    const text = this.#text;
    if (text !== undefined && isUnchanged(result, text)) return text;
    const given = text === undefined ? undefined : (JSON.parse(text) as AnyResult);
    return this.handler.write(
      result,
      (member) => given === undefined || !isUnchanged(result[member], JSON.stringify(given[member])),
    );
  }

  #read(text: string): AnyResult {
    this.#text = text;
    return JSON.parse(text) as AnyResult;
  }
}
