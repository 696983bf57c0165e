import type { Principal } from '../auth/principal.js';
import type {
  ElicitParams,
  ElicitResult,
  InputResponses,
  Root,
  SampleParams,
  SampleResult,
} from '../protocol/client-requests.js';
import type { LogLevel } from '../protocol/mcp.js';
import type { SchemaSource } from '../schema/schema.js';
import { elicit, roots, sample } from './ask.js';
import { AwaitedAnswer } from './awaited-answer.js';
import type { CallRequest, CallScope, ClientInfo, Notifier } from './call-scope.js';
import { assertLog, assertProgress, loggable } from './context-arguments.js';
import type { ElicitFormRequest } from './forms.js';

/** Reports how far a call is. `progress` must grow from one report to the next; one that does not is not sent. */
export type ReportProgress = (progress: number, total?: number, message?: string) => Promise<void>;

/** Sends a log message to the client. `data` is any JSON value. An error is sent as its text. */
export type Log = (level: LogLevel, data: unknown, logger?: string) => Promise<void>;

export interface AskOptions {
  /**
   * Milliseconds to wait for the answer, where the call waits: in sessions and tasks.
   * @default the router's `clientRequestTimeoutMs`
   */
  readonly timeoutMs?: number;
  /**
   * Names the question among those of its call. Needed where the order of questions is not the same in every run.
   * @default from its kind and how many of that kind were asked before, such as `elicitation-1`
   */
  readonly key?: string;
}

/** Asks the user, through the client. What is accepted has been checked against the schema. */
export interface Elicit {
  <S extends SchemaSource>(request: ElicitFormRequest<S>, options?: AskOptions): Promise<ElicitResult>;
  (request: ElicitParams, options?: AskOptions): Promise<ElicitResult>;
}

/**
 * What a handler is given beside its arguments. One per call; nothing in it outlives the call.
 *
 * What asks the client (`elicit`, `sample`, `roots`) serves both eras. In a session it sends a request and waits. From
 * 2026-07-28 on it ends the exchange with the question, and when the client comes back with the answer the handler is run
 * again from the top and finds it there. So what stands before a question runs more than once, and what stands after it
 * (`finally` too) does not run in the round that asks: `signal` fires then.
 *
 * It rejects with an `McpError`: `capability-missing` when the client has not declared the capability, `no-channel` when
 * it takes no stream, `client-timeout`, `client-error`, `client-answer-invalid`. One that a tool does not catch becomes a
 * tool result with `isError`; from 2026-07-28 on a missing capability and an invalid answer are JSON-RPC errors.
 */
export interface HandlerContext {
  /** Fires when the client cancels or must be asked, a deadline passes, the session ends or the server stops. */
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
  /** What the client has answered so far to questions that a handler returned with `inputRequired`. Unchecked. */
  readonly inputResponses: InputResponses;
  /** What the handler kept for itself with `inputRequired`; `undefined` in the first run. Nobody else can have written it. */
  readonly requestState: unknown;
  /**
   * Goes on as a task, for a tool whose `task` says `start: 'handler'`: the client gets the task now and its result later.
   * What was to be asked first, ask before. False, and nothing happened, when the client knows no tasks.
   */
  readonly startTask: () => Promise<boolean>;
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
    return (progress, total, message) => {
      assertProgress(progress, total, message);
      return this.scope.progress(progress, total, message ?? undefined);
    };
  }

  get log(): Log {
    return (level, data, logger) => {
      assertLog(level, logger);
      return this.scope.log(level, loggable(data), logger ?? undefined);
    };
  }

  get elicit(): Elicit {
    return (request: ElicitParams | ElicitFormRequest<SchemaSource>, options?: AskOptions) =>
      this.#asked(elicit(this.scope, request, options));
  }

  get sample(): HandlerContext['sample'] {
    return (params, options) => this.#asked(sample(this.scope, params, options));
  }

  get roots(): HandlerContext['roots'] {
    return (options) => this.#asked(roots(this.scope, options));
  }

  get inputResponses(): InputResponses {
    return this.scope.inputs.responses;
  }

  get requestState(): unknown {
    return this.scope.inputs.state;
  }

  get startTask(): HandlerContext['startTask'] {
    return () => this.scope.startTask();
  }

  get closeStream(): HandlerContext['closeStream'] {
    return () => this.scope.closeStream();
  }

  #asked<T>(answer: Promise<T>): Promise<T> {
    this.scope.unawaited += 1;
    return AwaitedAnswer.of(answer, () => {
      this.scope.unawaited -= 1;
    });
  }
}
