import type { IncomingHttpHeaders } from 'node:http';
import type { Principal } from '../auth/principal.js';
import type { InputRequest, InputResponses } from '../protocol/client-requests.js';
import type { JsonRpcRequest, Params } from '../protocol/json-rpc.js';
import type { ClientCapabilities, Implementation, LogLevel } from '../protocol/mcp.js';
import type { ResultWriter } from './result-writer.js';

/** The HTTP request of a call. */
export interface CallRequest {
  /**
   * Headers in the form of Node, with lower-case names. Headers with credentials are removed unless the option
   * `credentialHeaders` names them: `authorization`, `cookie`, `x-api-key` and all others with the name of a secret.
   */
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** The client's address as Express determines it (`trust proxy`). `undefined` once the client has disconnected. */
  readonly ip: string | undefined;
}

/** The client's declaration about itself. */
export interface DeclaredClient {
  readonly info: Implementation | undefined;
  readonly capabilities: ClientCapabilities;
}

/** The client's declaration about itself, as handlers see it. */
export interface ClientInfo extends DeclaredClient {
  /** The settings with which the client declared an extension. `undefined` if it did not declare it. */
  extension(id: string): Readonly<Record<string, unknown>> | undefined;
}

/** A client request: elicitation, sampling or roots. */
export interface ClientRequest {
  readonly method: InputRequest['method'];
  readonly params: Params;
  /**
   * Time to wait for the answer, in milliseconds.
   * @default the router's `clientRequestTimeoutMs`
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Unique key among the client requests of the call.
   * @default the type and a running number, such as `elicitation-1`
   */
  readonly key?: string | undefined;
  /** The trace context of the wait, which becomes part of the id of the request. */
  readonly trace?: string | undefined;
}

/** The client's responses and the handler's own state from earlier round trips of the call. */
export interface MrtrInputs {
  readonly responses: InputResponses;
  readonly state: unknown;
}

/** Notifies clients of changes. */
export interface Notifier {
  /** Announces a change of the list of tools that registration does not show, such as a change of permissions. */
  toolsChanged(): Promise<void>;
  resourcesChanged(): Promise<void>;
  promptsChanged(): Promise<void>;
  /** Announces a change of a resource to the subscribers of this URI that may see it. */
  resourceUpdated(uri: string): Promise<void>;
  /**
   * Reports that the user has finished a URL elicitation, to the client that was asked for it, on any node. Resolves to
   * false, without a notification, if the elicitation is unknown or expired, or its session has ended.
   */
  elicitationComplete(elicitationId: string): Promise<boolean>;
}

/** The capabilities of a running call, provided by the protocol room. Handlers see them as `HandlerContext`. */
export interface RunningCall {
  readonly signal: AbortSignal;
  readonly principal: Principal | undefined;
  readonly sessionId: string | undefined;
  /** The JSON-RPC request. */
  readonly message: JsonRpcRequest;
  readonly revision: string;
  readonly client: DeclaredClient;
  readonly request: CallRequest;
  readonly notifier: Notifier;
  /** Writes results in the form of the revision. */
  readonly writer: ResultWriter;
  /**
   * Marks the result as a failure of the tool.
   * @param cause the unexpected error of the handler, or the cause of an invalid result
   */
  toolFailed(cause?: unknown): void;
  /** Does nothing if the client did not ask for progress, or if `progress` has not increased. */
  progress(progress: number, total?: number, message?: string): Promise<void>;
  /** Does nothing if the client only wants more severe messages. */
  log(level: LogLevel, data: unknown, logger?: string): Promise<void>;
  /** Sends a notification of an extension, if the client has declared it. */
  sendNotification(method: string, params: Params): Promise<void>;
  requestClient(ask: ClientRequest): Promise<Params>;
  /** Client requests that the handler has made and not awaited. Counted by its context. */
  unawaited: number;
  readonly inputs: MrtrInputs;
  closeStream(): boolean;
  /**
   * Resolves to true once the handler runs as a task, to false if it cannot because the client does not support tasks.
   */
  startTask(): Promise<boolean>;
}
