import type { Principal } from '../auth/principal.js';
import type { AnyParams, AnyResult } from '../features/middleware/middleware.js';
import type { Chain } from '../features/middleware/registered-middleware.js';
import { checkedResult } from '../features/middleware/result-checks.js';
import { runChain } from '../features/middleware/run-middleware.js';
import { McpError } from '../protocol/errors.js';
import type { JsonRpcRequest, Params } from '../protocol/json-rpc.js';
import { callLate } from '../request/call-ended.js';
import { HandlerRequest } from '../request/handler-request.js';
import { NO_INPUTS } from '../request/mrtr.js';
import { SESSION_RESULTS } from '../request/result-writer.js';
import type { CallRequest, DeclaredClient, Notifier, RunningCall } from '../request/running-call.js';
import type { SessionRecord } from '../store/store.js';
import { timerMs } from '../util/time.js';
import { readHandshake } from './initialize.js';

/** The settings that middleware of `initialize` needs. */
export interface InitializeDeps {
  readonly changes: Notifier;
  /** Milliseconds. 0 disables the limit. */
  readonly callTimeoutMs: number;
  /** Names, in lower case, of headers with credentials that middleware may see. */
  readonly credentialHeaders: ReadonlySet<string>;
}

/** The session that `initialize` opens, not stored yet, and its result as JSON text. */
export interface AnsweredInitialize {
  readonly record: SessionRecord;
  readonly result: string;
}

/** An `initialize` request and its sender. */
interface Opening {
  readonly message: JsonRpcRequest;
  readonly principal: Principal | undefined;
  readonly request: CallRequest;
  /** The answer without middleware. */
  answer(params: Params | undefined): Promise<AnsweredInitialize>;
}

const DONE = Promise.resolve();

/**
 * Answers `initialize` through its middleware.
 * @throws McpError `invalid-params`, or the error of the middleware
 */
export async function initializeThrough(
  chain: Chain,
  opening: Opening,
  deps: InitializeDeps,
): Promise<AnsweredInitialize> {
  const { message, answer } = opening;
  const method = 'initialize';
  let answered: AnsweredInitialize | undefined;
  const last = async (params: AnyParams): Promise<AnyResult> => {
    answered = await answer(params);
    return JSON.parse(answered.result) as AnyResult;
  };
  const scope = new InitializeCall(opening, deps);
  const result = await scope.limited(runChain(chain, { scope, method, last }, message.params ?? {}));
  const text = checkedResult(method, result, () => JSON.stringify(result));
  const { record } = answered ?? (await answer(message.params));
  if (result['protocolVersion'] === record.revision) return { record, result: text };
  throw new TypeError(`The middleware of initialize answered with another "protocolVersion" than ${record.revision}`);
}

/** `initialize` as its middleware sees it. It has no stream, so nothing can be sent before its answer. */
class InitializeCall implements RunningCall {
  readonly #abort = new AbortController();
  readonly sessionId = undefined;
  readonly writer = SESSION_RESULTS;
  readonly inputs = NO_INPUTS;
  unawaited = 0;
  readonly message: JsonRpcRequest;
  readonly principal: Principal | undefined;
  readonly revision: string;
  readonly client: DeclaredClient;
  readonly request: CallRequest;
  readonly notifier: Notifier;
  readonly #timeoutMs: number;

  constructor({ message, principal, request }: Opening, deps: InitializeDeps) {
    const { revision, client: info, capabilities } = readHandshake(message.params);
    this.message = message;
    this.principal = principal;
    this.revision = revision.id;
    this.client = { info, capabilities };
    this.request = new HandlerRequest(request, deps.credentialHeaders);
    this.notifier = deps.changes;
    this.#timeoutMs = deps.callTimeoutMs;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** @throws McpError `deadline-exceeded` when the result takes longer than `callTimeoutMs` */
  async limited<T>(result: Promise<T>): Promise<T> {
    if (this.#timeoutMs === 0) return result;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const error = callLate(this.#timeoutMs);
        this.#abort.abort(error);
        reject(error);
      }, timerMs(this.#timeoutMs));
    });
    return Promise.race([result, late]).finally(() => clearTimeout(timer));
  }

  toolFailed(): void {}

  progress(): Promise<void> {
    return DONE;
  }

  log(): Promise<void> {
    return DONE;
  }

  sendNotification(): Promise<void> {
    return DONE;
  }

  requestClient({ method }: { readonly method: string }): Promise<Params> {
    return Promise.reject(new McpError('no-channel', `The client cannot be asked anything by initialize: ${method}`));
  }

  startTask(): Promise<boolean> {
    return Promise.resolve(false);
  }

  closeStream(): boolean {
    return false;
  }
}
