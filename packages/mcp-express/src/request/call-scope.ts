import type { IncomingHttpHeaders } from 'node:http';
import type { Principal } from '../auth/principal.js';
import type { InputRequest, InputResponses } from '../protocol/client-requests.js';
import type { Params } from '../protocol/json-rpc.js';
import type { ClientCapabilities, Implementation, LogLevel } from '../protocol/mcp.js';
import type { ResultWriter } from './result-writer.js';

/** The HTTP request that carried a call. */
export interface CallRequest {
  /**
   * As Node gives them, with lower-case names, without those that carry credentials: `authorization`, `cookie`,
   * `x-api-key` and whatever else has the name of a secret, unless the option `credentialHeaders` names them.
   */
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** The caller's address, as Express sees it (`trust proxy`); `undefined` once the client is gone. */
  readonly ip: string | undefined;
}

/** What a client said about itself. */
export interface ClientInfo {
  readonly info: Implementation | undefined;
  readonly capabilities: ClientCapabilities;
}

/** A request to the client. */
export interface Ask {
  readonly method: InputRequest['method'];
  readonly params: Params;
  /** Milliseconds to wait for the answer. @default the router's `clientRequestTimeoutMs` */
  readonly timeoutMs?: number | undefined;
  /** Names the question among those of its call. @default from its kind and how many of that kind came before */
  readonly key?: string | undefined;
}

/** What the client has answered, and what the handler kept for itself, in earlier rounds of the same call. */
export interface RoundInputs {
  readonly responses: InputResponses;
  readonly state: unknown;
}

/** Tells clients that something they may know has changed. */
export interface Notifier {
  /** The list of tools changed for reasons that registration does not show, such as who may see what. */
  toolsChanged(): Promise<void>;
  resourcesChanged(): Promise<void>;
  promptsChanged(): Promise<void>;
  /** A resource changed: tells whoever is subscribed to this URI and may see it. */
  resourceUpdated(uri: string): Promise<void>;
  /**
   * The user is done with the page of this `elicitationId`: tells the one client that was asked to send the user there, on
   * whichever node it is. False, and nobody is told, when that is not known (any more), or the session is gone.
   */
  elicitationComplete(elicitationId: string): Promise<boolean>;
}

/** What a running call can reach. The protocol room provides it; `HandlerContext` is the face of it users see. */
export interface CallScope {
  readonly signal: AbortSignal;
  readonly principal: Principal | undefined;
  readonly sessionId: string | undefined;
  readonly revision: string;
  readonly client: ClientInfo;
  readonly request: CallRequest;
  readonly notifier: Notifier;
  /** The shape of its results. */
  readonly writer: ResultWriter;
  /** The result tells that the tool failed. @param cause what its handler threw, or returned and should not have. */
  toolFailed(cause?: unknown): void;
  /** Does nothing when the client did not ask for progress, or when `progress` has not grown. */
  progress(progress: number, total?: number, message?: string): Promise<void>;
  /** Does nothing when the client wants only what is more severe. */
  log(level: LogLevel, data: unknown, logger?: string): Promise<void>;
  ask(ask: Ask): Promise<Params>;
  /** Client requests that the handler has made and not awaited. Counted by its context. */
  unawaited: number;
  readonly inputs: RoundInputs;
  closeStream(): boolean;
  /** Resolves once what follows runs as a task. False when it does not, because the client knows no tasks. */
  startTask(): Promise<boolean>;
}
