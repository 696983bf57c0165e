import type { Params } from '../../protocol/json-rpc.js';
import type { Call } from '../../request/call.js';
import { callEnded } from '../../request/call-ended.js';
import { WaitingMiddleware } from '../../request/waiting-middleware.js';
import type { FeatureDeps, FeatureMethod } from '../feature.js';
import type { AnyParams, AnyResult } from './middleware.js';
import { assertParams } from './param-checks.js';
import type { Chain } from './registered-middleware.js';
import { checkedResult } from './result-checks.js';
import { isUnchanged, runChain, type Settle } from './run-middleware.js';

/** Results that have cache hints (MCP 2026-07-28, Caching). */
const CACHEABLE: ReadonlySet<string> = new Set([
  'server/discover',
  'tools/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'prompts/list',
]);

const NO_PARAMS: Params = Object.freeze({});
const UNCACHED = { ttlMs: 0, cacheScope: 'private' };

/**
 * Answers a request through the middleware `at: 'request'`. The limit of calls (`callTimeoutMs`) applies to the
 * middleware before the method, and again to the middleware after it.
 * @returns the result as JSON text; `undefined` if the call has ended otherwise
 */
export async function answerThrough(
  call: Call,
  chain: Chain,
  method: FeatureMethod,
  deps: FeatureDeps,
): Promise<string | undefined> {
  assertParams(call.message);
  const request = new MiddlewareRequest(call, method, deps);
  call.middleware = request.waiting;
  call.limit(deps.callTimeoutMs);
  try {
    const text = request.textOf(await runChain(chain, request, call.message.params ?? NO_PARAMS));
    if (!request.isAsking) return text;
    call.endWithInput(text);
    return undefined;
  } finally {
    call.handler = request.running;
    if (call.handler !== undefined) call.stopHandler();
  }
}

class MiddlewareRequest {
  readonly waiting = new WaitingMiddleware();
  readonly method: string;
  isAsking = false;
  /** The method, while it runs. */
  #running: Promise<string | undefined> | undefined;
  /** The result of the method as JSON text. */
  #inner: string | undefined;

  constructor(
    readonly scope: Call,
    private readonly answered: FeatureMethod,
    private readonly deps: FeatureDeps,
  ) {
    this.method = scope.message.method;
  }

  /** The method that still runs although the middleware has answered. A handler that asks the client never settles. */
  get running(): Promise<unknown> | undefined {
    return this.waiting.hasAsked ? undefined : this.#running;
  }

  async last(params: AnyParams): Promise<AnyResult> {
    const { scope } = this;
    if (params !== scope.message.params) scope.message = { ...scope.message, params };
    scope.limit(0);
    try {
      const text = await this.#run();
      if (text === undefined) throw callEnded();
      return this.#read(text);
    } finally {
      scope.limit(this.deps.callTimeoutMs);
    }
  }

  waits({ resolve, reject }: Settle): () => void {
    return this.waiting.add({ at: 'request', resolve: (text) => resolve(this.#read(text)), reject });
  }

  /**
   * The result of the middleware as JSON text.
   * @throws TypeError when it is no result of this method, or JSON would change it
   */
  textOf(result: AnyResult): string {
    this.isAsking = result.resultType === 'input_required';
    const inner = this.#inner;
    if (inner !== undefined && isUnchanged(result, inner)) return inner;
    this.#assertType(result);
    const { writer } = this.scope;
    const hints = this.scope.context.revision.era === 'modern' && CACHEABLE.has(this.method) ? UNCACHED : {};
    return checkedResult(this.method, result, () => writer.rewrite({ ...result, ...hints, ...hintsOf(result) }));
  }

  async #run(): Promise<string | undefined> {
    const given = this.answered.handle(this.scope, this.deps);
    if (typeof given === 'string') return given;
    this.#running = given;
    try {
      return await given;
    } finally {
      this.#running = undefined;
    }
  }

  /**
   * Middleware may depend on the caller, so shared caches must not keep a result that passes through it, unless the
   * middleware says so itself.
   */
  #read(text: string): AnyResult {
    this.#inner = text;
    const result = JSON.parse(text) as AnyResult;
    return result['cacheScope'] === 'public' ? { ...result, cacheScope: 'private' } : result;
  }

  /** Only the method can start a task or seal the state of a round trip. */
  #assertType({ resultType = 'complete', taskId, requestState }: AnyResult): void {
    if (resultType === 'complete') return;
    const inner = this.#inner === undefined ? {} : (JSON.parse(this.#inner) as AnyResult);
    const isInner = inner.resultType === resultType;
    if (isInner && inner['taskId'] === taskId && inner['requestState'] === requestState) return;
    const instead =
      resultType === 'input_required' ? '. Call ctx.elicit, ctx.sample or ctx.roots to ask the client' : '';
    throw new TypeError(
      `The middleware of ${this.method} returned a "${resultType}" result that is not the one of next()${instead}`,
    );
  }
}

/** The cache hints of a result, as far as it has them. */
function hintsOf({ ttlMs, cacheScope }: AnyResult): Readonly<Record<string, unknown>> {
  return { ...(ttlMs === undefined ? {} : { ttlMs }), ...(cacheScope === undefined ? {} : { cacheScope }) };
}
