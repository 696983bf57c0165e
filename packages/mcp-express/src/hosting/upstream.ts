import type { OpeningContext } from '../features/delegate.js';
import type { JsonRpcMessage, RequestId } from '../protocol/json-rpc.js';
import type { Call } from '../request/call.js';
import type { RequestContext } from '../request/request-context.js';

/** The session or the stateless request to which messages of a hosted server belong. */
export interface HostedContext {
  readonly context: RequestContext | OpeningContext;
  /** Absent outside requests, such as during `initialize`. */
  readonly call?: Call | undefined;
}

/** Receives what a hosted server sends. */
export interface UpstreamEvents {
  /**
   * @param related the id of the request during which the server sent it, if the message has one
   * @param context the request or session from which the server's code was called, if that is known
   */
  message(message: JsonRpcMessage, related?: RequestId, context?: HostedContext): void;
  /** The server has ended. Called once. @param cause as its callers may see it in the log */
  closed(cause: unknown): void;
}

/** A connected server. */
export interface UpstreamConnection {
  send(message: JsonRpcMessage, context: HostedContext | undefined): void;
  /** Ends the server. Resolves when nothing of it is left. */
  close(): Promise<void>;
}

/** Something that makes servers and connects them: a factory of SDK servers, or a command. */
export interface Upstream {
  /** Names the server in errors. */
  readonly what: string;
  /** Every message of the server comes with its context. Otherwise the context follows from the running calls. */
  readonly knowsContext: boolean;
  connect(events: UpstreamEvents): Promise<UpstreamConnection>;
}
