import type { Principal } from '../auth/principal.js';
import type {
  ElicitParams,
  ElicitResult,
  InputResponses,
  Root,
  SampleParams,
  SampleResult,
} from '../protocol/client-requests.js';
import { isObject, type RequestId } from '../protocol/json-rpc.js';
import type { LogLevel } from '../protocol/mcp.js';
import type { SchemaSource } from '../schema/schema.js';
import { AwaitedAnswer } from './awaited-answer.js';
import { assertLog, assertProgress, loggable } from './context-arguments.js';
import { warnIfDeprecated } from './deprecated-features.js';
import type { ElicitFormRequest } from './forms.js';
import { HandlerClient } from './handler-client.js';
import type { CallRequest, ClientInfo, Notifier, RunningCall } from './running-call.js';
import { elicit, roots, sample } from './send-client-request.js';

/** Sends progress. `progress` must increase with each call; a call that does not increase it is ignored. */
export type ReportProgress = (progress: number, total?: number, message?: string) => Promise<void>;

/**
 * Sends a log message. `data` is any JSON value. An error is sent as its text.
 * @throws ConfigurationError for an unknown level
 */
export type Log = (level: LogLevel, data: unknown, logger?: string) => Promise<void>;

/** Sends a notification of an extension. `params` is an object without `_meta`, or with it. */
export type SendNotification = (method: string, params?: Readonly<Record<string, unknown>>) => Promise<void>;

/** Options of client requests. */
export interface AskOptions {
  /**
   * Time to wait for the answer, in milliseconds. Applies to sessions and tasks, where the handler waits.
   * @default the router's `clientRequestTimeoutMs`
   */
  readonly timeoutMs?: number;
  /**
   * Unique key among the client requests of the call. Required if their order may differ between runs.
   * @default the type and a running number, such as `elicitation-1`
   */
  readonly key?: string;
}

/** Asks the user through the client. Accepted input has been validated against the schema. */
export interface Elicit {
  <S extends SchemaSource>(request: ElicitFormRequest<S>, options?: AskOptions): Promise<ElicitResult>;
  (request: ElicitParams, options?: AskOptions): Promise<ElicitResult>;
}

/**
 * The second argument of handlers: the context of one call.
 *
 * `elicit`, `sample` and `roots` work in all revisions. In a session they send a request and wait. From 2026-07-28 on
 * they end the call with the request, and when the client calls again with the response, the handler runs again from
 * the start and gets it. Code before a client request therefore runs more than once, and code after it (including
 * `finally`) does not run in the round trip that asks; `signal` fires then.
 *
 * They reject with an `McpError`: `capability-missing` when the client has not declared the capability, `no-channel`
 * when it accepts no stream, `client-timeout`, `client-error`, `client-answer-invalid`. If a tool does not catch it,
 * the result has `isError`; from 2026-07-28 on, a missing capability and an invalid answer are JSON-RPC errors.
 */
export interface HandlerContext {
  /**
   * Fires when the client cancels, a client request ends the call, a deadline passes, the session ends or the server
   * stops.
   */
  readonly signal: AbortSignal;
  /** The principal, as authenticated with this request. `undefined` for an anonymous caller. */
  readonly principal: Principal | undefined;
  readonly client: ClientInfo;
  /** The MCP revision of this call, such as `2025-11-25`. */
  readonly revision: string;
  /** The session id, in revisions with sessions. */
  readonly sessionId: string | undefined;
  /** The id of the JSON-RPC request. Unique among the running requests of its session, or of its stateless client. */
  readonly requestId: RequestId;
  /**
   * `_meta` of the request, an empty object without one. Text of the client: validate what you use. It has the keys of
   * the protocol too, such as `progressToken`.
   */
  readonly meta: Readonly<Record<string, unknown>>;
  /** The HTTP request of the call. */
  readonly request: CallRequest;
  /** Sends `notifications/progress`, if the client sent a progress token. Awaiting it is optional. */
  readonly progress: ReportProgress;
  /**
   * Sends `notifications/message`, if the client wants this level. Awaiting it is optional.
   * @deprecated by MCP 2026-07-28 (SEP-2577), and not in earlier revisions: log on the server instead.
   */
  readonly log: Log;
  /**
   * Sends a notification of a registered extension on the stream of this call, if the client has declared the
   * extension. Awaiting it is optional. Tasks, which have no stream, send none.
   * @throws ConfigurationError when no extension has the notification, or its schema does not allow the params
   */
  readonly sendNotification: SendNotification;
  readonly elicit: Elicit;
  /**
   * Requests a completion from the client's model.
   * @deprecated by MCP 2026-07-28 (SEP-2577), and not in earlier revisions: call a model provider's API instead.
   */
  readonly sample: (params: SampleParams, options?: AskOptions) => Promise<SampleResult>;
  /**
   * The directories and files that the client lets the server access.
   * @deprecated by MCP 2026-07-28 (SEP-2577), and not in earlier revisions: take paths as arguments or configuration.
   */
  readonly roots: (options?: AskOptions) => Promise<Root[]>;
  /** The client's responses so far to requests returned with `inputRequired`. Not validated. */
  readonly inputResponses: InputResponses;
  /**
   * The state that the handler returned with `inputRequired`. `undefined` in the first run. Authenticated, so clients
   * cannot forge it.
   */
  readonly requestState: unknown;
  /**
   * Turns the call into a task, for tools whose `task` has `start: 'handler'`: the client gets the task now and its
   * result later. Send client requests that the decision needs before. Resolves to false, without effect, if the client
   * does not support tasks.
   */
  readonly startTask: () => Promise<boolean>;
  /**
   * Closes the connection but not the call: the client reconnects for the rest (SEP-1699). Returns false, without
   * effect, if the client could not resume.
   */
  readonly closeStream: () => boolean;
  /** Announces changes of lists and resources to all clients. */
  readonly notify: Notifier;
}

const NO_META = Object.freeze({});

/** Creates functions on access, so that `const { progress } = ctx` works and calls that use none allocate none. */
export class CallContext implements HandlerContext {
  constructor(private readonly scope: RunningCall) {}

  get signal(): AbortSignal {
    return this.scope.signal;
  }

  get principal(): Principal | undefined {
    return this.scope.principal;
  }

  get client(): ClientInfo {
    return new HandlerClient(this.scope.client);
  }

  get revision(): string {
    return this.scope.revision;
  }

  get sessionId(): string | undefined {
    return this.scope.sessionId;
  }

  get requestId(): RequestId {
    return this.scope.message.id;
  }

  get meta(): Readonly<Record<string, unknown>> {
    const meta = this.scope.message.params?.['_meta'];
    return isObject(meta) ? meta : NO_META;
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
      warnIfDeprecated('logging', this.scope.revision);
      return this.scope.log(level, loggable(data), logger ?? undefined);
    };
  }

  get sendNotification(): SendNotification {
    return (method, params = {}) => this.scope.sendNotification(method, params);
  }

  get elicit(): Elicit {
    return (request: ElicitParams | ElicitFormRequest<SchemaSource>, options?: AskOptions) =>
      this.#asked(elicit(this.scope, request, options));
  }

  get sample(): HandlerContext['sample'] {
    return (params, options) => {
      warnIfDeprecated('sampling', this.scope.revision);
      return this.#asked(sample(this.scope, params, options));
    };
  }

  get roots(): HandlerContext['roots'] {
    return (options) => {
      warnIfDeprecated('roots', this.scope.revision);
      return this.#asked(roots(this.scope, options));
    };
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
