import type { Principal } from '../auth/principal.js';
import type { McpError } from '../ground/errors.js';
import { errorText, type JsonRpcRequest, notificationText, type Params, resultText } from '../ground/json-rpc.js';
import type { CallRequest, CallScope } from '../server/call-scope.js';
import type { SessionRecord } from '../store/store.js';
import type { Reply } from './reply.js';

/** Who is calling, and through what. The same for all calls of one POST. */
export interface Caller {
  readonly session: SessionRecord;
  readonly principal: Principal | undefined;
  /** The revision this request is served in: its header's, else the session's. */
  readonly revision: string;
  readonly request: CallRequest;
}

type Outcome = 'result' | 'error' | 'cancelled';

/** How a call came to its end, for those who watch. */
export interface Ending {
  readonly outcome: Outcome;
  readonly error?: McpError;
}

/** Who keeps the list of running calls. */
export interface CallHost {
  ended(call: Call, ending: Ending): void;
  dropped(call: Call, method: string): void;
}

/**
 * One JSON-RPC request being answered. It has exactly one end: a result, an error or, when the
 * client cancelled it, silence.
 */
export class Call implements CallScope {
  #abort: AbortController | undefined;
  #ended = false;
  /** Milliseconds of `performance.now()`. */
  readonly begunAt = performance.now();

  constructor(
    readonly message: JsonRpcRequest,
    private readonly caller: Caller,
    private readonly reply: Reply,
    private readonly host: CallHost,
  ) {}

  /** Made when first asked for: most handlers never look. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#ended && !this.#abort.signal.aborted) this.#abort.abort();
    return this.#abort.signal;
  }

  get sessionId(): string {
    return this.caller.session.id;
  }

  get principal(): Principal | undefined {
    return this.caller.principal;
  }

  get revision(): string {
    return this.caller.revision;
  }

  get request(): CallRequest {
    return this.caller.request;
  }

  get client(): CallScope['client'] {
    return { info: this.caller.session.client, capabilities: this.caller.session.capabilities };
  }

  get progressToken(): string | number | undefined {
    const meta = this.message.params?.['_meta'] as Params | undefined;
    const token = meta?.['progressToken'];
    return typeof token === 'string' || typeof token === 'number' ? token : undefined;
  }

  notify(method: string, params: Params): Promise<void> {
    const said = this.#ended ? false : this.reply.notify(notificationText(method, params));
    if (said !== false) return said;
    this.host.dropped(this, method);
    return Promise.resolve();
  }

  /** @param result JSON text. */
  succeed(result: string): void {
    if (!this.#end({ outcome: 'result' })) return;
    this.reply.answer(resultText(this.message.id, result));
  }

  fail(error: McpError): void {
    if (!this.#end({ outcome: 'error', error })) return;
    this.reply.answer(errorText(this.message.id, error));
  }

  /** The client no longer wants the answer: "the receiver SHOULD NOT send a response" (MCP, Cancellation). */
  cancel(reason: unknown): void {
    if (!this.#end({ outcome: 'cancelled' })) return;
    this.#abort?.abort(reason);
    this.reply.waive();
  }

  /** The session is gone, and its streams with it. */
  interrupt(error: McpError): void {
    if (!this.#end({ outcome: 'error', error })) return;
    this.#abort?.abort(error);
    this.reply.interrupt(errorText(this.message.id, error));
  }

  /** The node stops before the handler did. The answer is logged, so that it can still be fetched elsewhere. */
  abandon(error: McpError): void {
    this.#abort?.abort(error);
    this.fail(error);
  }

  #end(ending: Ending): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    this.host.ended(this, ending);
    return true;
  }
}
