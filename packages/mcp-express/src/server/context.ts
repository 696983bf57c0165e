import type { Principal } from '../auth/principal.js';
import type { ElicitParams, ElicitResult, Root, SampleParams, SampleResult } from '../ground/client-requests.js';
import type { LogLevel } from '../ground/mcp.js';
import { type ElicitFormRequest, elicit, roots, sample } from './ask.js';
import type { CallRequest, CallScope, ClientInfo, Notifier } from './call-scope.js';
import type { SchemaSource } from './schema.js';

/** Reports how far a call is. `progress` must grow from one report to the next; one that does not is not sent. */
export type ReportProgress = (progress: number, total?: number, message?: string) => Promise<void>;

/** Sends a log message to the client. `data` is any JSON value. */
export type Log = (level: LogLevel, data: unknown, logger?: string) => Promise<void>;

export interface AskOptions {
  /** Milliseconds to wait for the answer. @default the router's `clientRequestTimeoutMs` */
  readonly timeoutMs?: number;
}

/** Asks the user, through the client. What is accepted has been checked against the schema. */
export interface Elicit {
  <S extends SchemaSource>(request: ElicitFormRequest<S>, options?: AskOptions): Promise<ElicitResult>;
  (request: ElicitParams, options?: AskOptions): Promise<ElicitResult>;
}

/**
 * What a handler is given beside its arguments. One per call; nothing in it outlives the call.
 *
 * What asks the client (`elicit`, `sample`, `roots`) rejects at once with an `McpError` when the client has not declared
 * the capability (`capability-missing`) or takes no stream (`no-channel`), later with `client-timeout`, `client-error` or
 * `client-answer-invalid`. Such an error that a tool does not catch becomes a tool result with `isError`.
 */
export interface HandlerContext {
  /** Fires when the client cancels, a deadline passes, the session ends or the server stops. */
  readonly signal: AbortSignal;
  /** Who is calling, as authentication left it on this very request. */
  readonly principal: Principal | undefined;
  readonly client: ClientInfo;
  /** The MCP revision this call is served in, such as `2025-11-25`. */
  readonly revision: string;
  /** The session, in revisions that have sessions. */
  readonly sessionId: string | undefined;
  /** The HTTP request that carried the call. */
  readonly request: CallRequest;
  /** Sends `notifications/progress`, if the client asked for it with a progress token. Awaiting it is optional. */
  readonly progress: ReportProgress;
  /** Sends `notifications/message`, if the client wants that level. Awaiting it is optional. */
  readonly log: Log;
  readonly elicit: Elicit;
  /** Asks the client's model. */
  readonly sample: (params: SampleParams, options?: AskOptions) => Promise<SampleResult>;
  /** The directories the client lets the server work in. */
  readonly roots: (options?: AskOptions) => Promise<Root[]>;
  /**
   * Closes the connection that shows this call, not the call: the client comes back for the rest (SEP-1699). False, and
   * nothing is closed, when the client could not come back.
   */
  readonly closeStream: () => boolean;
  /** Tells all clients that a list or a resource has changed. */
  readonly notify: Notifier;
}

/** Functions are made when they are taken, so that `const { progress } = ctx` works and a call that takes none pays none. */
export class CallContext implements HandlerContext {
  constructor(private readonly scope: CallScope) {}

  get signal(): AbortSignal {
    return this.scope.signal;
  }

  get principal(): Principal | undefined {
    return this.scope.principal;
  }

  get client(): ClientInfo {
    return this.scope.client;
  }

  get revision(): string {
    return this.scope.revision;
  }

  get sessionId(): string | undefined {
    return this.scope.sessionId;
  }

  get request(): CallRequest {
    return this.scope.request;
  }

  get notify(): Notifier {
    return this.scope.notifier;
  }

  get progress(): ReportProgress {
    return (progress, total, message) => this.scope.progress(progress, total, message);
  }

  get log(): Log {
    return (level, data, logger) => this.scope.log(level, data, logger);
  }

  get elicit(): Elicit {
    return (request: ElicitParams | ElicitFormRequest<SchemaSource>, options?: AskOptions) =>
      elicit(this.scope, request, options?.timeoutMs);
  }

  get sample(): HandlerContext['sample'] {
    return (params, options) => sample(this.scope, params, options?.timeoutMs);
  }

  get roots(): HandlerContext['roots'] {
    return (options) => roots(this.scope, options?.timeoutMs);
  }

  get closeStream(): HandlerContext['closeStream'] {
    return () => this.scope.closeStream();
  }
}
