import type { Outcome } from '../observe/observe.js';
import type { InputRequired } from '../protocol/client-requests.js';
import type { McpError } from '../protocol/errors.js';
import type { Params } from '../protocol/json-rpc.js';
import type { Call } from './call.js';
import type { RequestContext } from './request-context.js';
import type { ResponseWriter } from './response-writer.js';
import type { ResultWriter } from './result-writer.js';
import type { CallRequest, Notifier } from './running-call.js';
import type { ClientRequests } from './session-client-requests.js';

/** The end of a call, as observers and the log see it. */
export interface Ending {
  readonly outcome: Outcome;
  readonly error?: McpError;
  readonly cause?: unknown;
}

/** The destination and the format of the answer to a call. */
export interface CallOptions {
  readonly response: ResponseWriter;
  /**
   * Index of the answer among those that the response owes.
   * @default 0
   */
  readonly place?: number;
  /** Writes results in the form of the revision. */
  readonly writer: ResultWriter;
}

/** The services of the node that a call uses, and the registry of running calls. */
export interface CallDeps {
  readonly notifier: Notifier;
  /** The HTTP request of a call, as its handler may see it. */
  requestOf(context: RequestContext): CallRequest;
  /** Creates the client-request channel of a call, at its first client request. */
  clientRequestsOf(call: Call): ClientRequests;
  /** The `InputRequiredResult` that ends this round trip, as JSON text. */
  writeInputRequired(call: Call, required: InputRequired): string;
  /** See `Extensions.outgoing`. */
  outgoing(method: string, params: Params, context: RequestContext): Params | undefined | Promise<Params>;
  ended(call: Call, ending: Ending): void;
  failed(call: Call, cause: unknown): void;
  /** The handler returned a result while a client request was pending. */
  unawaited(call: Call): void;
  /**
   * The call no longer counts as running, although its handler never returns: it awaits a promise that never settles.
   */
  released(call: Call): void;
  dropped(call: Call, method: string): void;
}
