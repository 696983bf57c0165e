import type { IncomingHttpHeaders } from 'node:http';
import type { Principal } from '../auth/principal.js';
import type { Params } from '../ground/json-rpc.js';
import type { ClientCapabilities, Implementation, LogLevel } from '../ground/mcp.js';

/** The HTTP request that carried a call. */
export interface CallRequest {
  /** As Node gives them: lower-case names. */
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
  readonly method: string;
  readonly params: Params;
  /** The capabilities the client must have declared, as paths such as `sampling.tools`. */
  readonly needs: readonly string[];
  /** Milliseconds to wait for the answer. @default the router's `clientRequestTimeoutMs` */
  readonly timeoutMs?: number | undefined;
}

/** Tells clients that something they may know has changed. */
export interface Notifier {
  /** The list of tools changed for reasons that registration does not show, such as who may see what. */
  toolsChanged(): Promise<void>;
  resourcesChanged(): Promise<void>;
  promptsChanged(): Promise<void>;
  /** A resource changed: tells the sessions that are subscribed to this URI. */
  resourceUpdated(uri: string): Promise<void>;
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
  /** Does nothing when the client did not ask for progress, or when `progress` has not grown. */
  progress(progress: number, total?: number, message?: string): Promise<void>;
  /** Does nothing when the client wants only what is more severe. */
  log(level: LogLevel, data: unknown, logger?: string): Promise<void>;
  ask(ask: Ask): Promise<Params>;
  closeStream(): boolean;
}
