import type { Principal } from '../auth/principal.js';
import type { ClientCapabilities, Implementation } from '../ground/mcp.js';
import type { CallRequest, CallScope } from './call-scope.js';

/** Reports how far a call is. `progress` must grow from one report to the next; one that does not is not sent. */
export type ReportProgress = (progress: number, total?: number, message?: string) => Promise<void>;

/** What a handler is given beside its arguments. One per call; nothing in it outlives the call. */
export interface HandlerContext {
  /** Fires when the client cancels, the session ends or the server stops. */
  readonly signal: AbortSignal;
  /** Who is calling, as authentication left it on this very request. */
  readonly principal: Principal | undefined;
  /** What the client said about itself. */
  readonly client: { readonly info: Implementation | undefined; readonly capabilities: ClientCapabilities };
  /** The MCP revision this call is served in, such as `2025-11-25`. */
  readonly revision: string;
  /** The session, in revisions that have sessions. */
  readonly sessionId: string | undefined;
  /** The HTTP request that carried the call. */
  readonly request: CallRequest;
  /** Sends `notifications/progress`, if the client asked for it with a progress token. Awaiting it is optional. */
  readonly progress: ReportProgress;
}

const SENT = Promise.resolve();

/** Functions are made when they are taken, so that `const { progress } = ctx` works and a call that takes none pays none. */
export class CallContext implements HandlerContext {
  #lastProgress = -Infinity;

  constructor(private readonly scope: CallScope) {}

  get signal(): AbortSignal {
    return this.scope.signal;
  }

  get principal(): Principal | undefined {
    return this.scope.principal;
  }

  get client(): HandlerContext['client'] {
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

  get progress(): ReportProgress {
    return (progress, total, message) => this.#report(progress, total, message);
  }

  #report(progress: number, total: number | undefined, message: string | undefined): Promise<void> {
    const { progressToken } = this.scope;
    // "The progress value MUST increase with each notification" (MCP 2025-11-25, Progress).
    if (progressToken === undefined || !(progress > this.#lastProgress)) return SENT;
    this.#lastProgress = progress;
    return this.scope.notify('notifications/progress', {
      progressToken,
      progress,
      ...(total === undefined ? {} : { total }),
      ...(message === undefined ? {} : { message }),
    });
  }
}
