import type { Principal } from '../auth/principal.js';
import type { JsonRpcRequest } from '../protocol/json-rpc.js';
import type { CallDeps, CallOptions } from './call-deps.js';
import { NO_INPUTS } from './mrtr.js';
import type { RequestContext } from './request-context.js';
import type { ResultWriter } from './result-writer.js';
import type { CallRequest, DeclaredClient, MrtrInputs, Notifier } from './running-call.js';

/** The request of a call, and its sender. */
export abstract class CallOrigin {
  /** Responses from earlier round trips. Grows when the round trips happen on this call's own stream. */
  inputs: MrtrInputs = NO_INPUTS;
  /** The request, with the params that middleware has passed on. */
  message: JsonRpcRequest;

  /** @param sent the request as the client sent it */
  constructor(
    readonly sent: JsonRpcRequest,
    readonly context: RequestContext,
    readonly options: CallOptions,
    protected readonly deps: CallDeps,
  ) {
    this.message = sent;
    if (context.inputs !== undefined) this.inputs = context.inputs;
  }

  get writer(): ResultWriter {
    return this.options.writer;
  }

  /** Groups calls and streams: the session id, or the id of a stateless request. */
  get key(): string {
    return this.context.key;
  }

  get sessionId(): string | undefined {
    return this.context.sessionId;
  }

  get principal(): Principal | undefined {
    return this.context.principal;
  }

  get revision(): string {
    return this.context.revision.id;
  }

  /** The HTTP request, as the handler may see it. */
  get request(): CallRequest {
    return this.deps.requestOf(this.context);
  }

  get client(): DeclaredClient {
    return this.context.client;
  }

  get notifier(): Notifier {
    return this.deps.notifier;
  }
}
