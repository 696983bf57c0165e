import type { Principal } from '../auth/principal.js';
import { assertAccepts } from '../protocol/client-capabilities.js';
import type { InputRequired } from '../protocol/client-requests.js';
import { McpError } from '../protocol/errors.js';
import { errorText, type JsonRpcRequest, type Params, resultText } from '../protocol/json-rpc.js';
import type { LogLevel } from '../protocol/mcp.js';
import { timerMs } from '../util/time.js';
import type { CallDeps, CallOptions, Ending } from './call-deps.js';
import { callEnded, callLate } from './call-ended.js';
import { NO_INPUTS } from './mrtr.js';
import { isWanted, logParams, notificationTextIfJson, sendExtensionNotification } from './notifications.js';
import type { OutcomeRecorder } from './outcome-recorder.js';
import { Progress, progressParams, progressTokenOf } from './progress.js';
import type { RequestContext } from './request-context.js';
import type { ResultWriter } from './result-writer.js';
import type { CallRequest, ClientRequest, DeclaredClient, MrtrInputs, Notifier, RunningCall } from './running-call.js';
import type { ClientRequests } from './session-client-requests.js';

const DONE = Promise.resolve();
const RESULT = { outcome: 'result' } as const;

/** A JSON-RPC request being answered. It ends exactly once: with a result, an error or, if cancelled, no response. */
export class Call implements RunningCall {
  #abort: AbortController | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #ended = false;
  #released = false;
  /** The call ended before its handler did, for a reason that must fire the handler's signal. */
  #stopped = false;
  #failure: { readonly cause: unknown } | undefined;
  #clientRequests: ClientRequests | undefined;
  unawaited = 0;
  #recorder: OutcomeRecorder | undefined;
  /** Milliseconds of `performance.now()`. */
  readonly begunAt = performance.now();
  readonly #progress = new Progress(this.begunAt);
  /** Responses from earlier round trips. Grows when the round trips happen on this call's own stream. */
  inputs: MrtrInputs = NO_INPUTS;

  constructor(
    readonly message: JsonRpcRequest,
    readonly context: RequestContext,
    readonly options: CallOptions,
    private readonly deps: CallDeps,
  ) {
    if (context.inputs !== undefined) this.inputs = context.inputs;
  }

  /** Created on first access, because most handlers never use it. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#stopped) this.#abort.abort();
    return this.#abort.signal;
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
    return this.deps.requestOf(this);
  }

  get client(): DeclaredClient {
    return this.context.client;
  }

  get isEnded(): boolean {
    return this.#ended;
  }

  /** The call ended by asking for input, so the node no longer counts its handler as running. */
  get isReleased(): boolean {
    return this.#released;
  }

  get notifier(): Notifier {
    return this.deps.notifier;
  }

  progress(progress: number, total?: number, message?: string): Promise<void> {
    const token = progressTokenOf(this.message);
    if (token === undefined || !this.#progress.grows(progress)) return DONE;
    return this.notify('notifications/progress', progressParams(token, progress, total, message));
  }

  /** Sends progress to a client that asked for it and has received nothing for `silentMs`. */
  heartbeat(silentMs: number): void {
    if (!this.#ended && this.#progress.silentFor() >= silentMs) void this.progress(this.#progress.next);
  }

  log(level: LogLevel, data: unknown, logger?: string): Promise<void> {
    if (!isWanted(level, this.context.logLevel)) return DONE;
    return this.notify('notifications/message', logParams(level, data, logger));
  }

  sendNotification(method: string, params: Params): Promise<void> {
    return sendExtensionNotification(this, method, this.deps.outgoing(method, params, this.context));
  }

  async requestClient(ask: ClientRequest): Promise<Params> {
    assertAccepts(this.context, ask.method, ask.params);
    if (this.#ended) throw callEnded();
    this.#clientRequests ??= this.deps.clientRequestsOf(this);
    return this.#clientRequests.request(ask);
  }

  toolFailed(cause?: unknown): void {
    this.#failure = { cause };
  }

  /** Always false here: only a tool with `task` can start one (see `features/tasks`). */
  startTask(): Promise<boolean> {
    return Promise.resolve(false);
  }

  closeStream(): boolean {
    return !this.#ended && this.options.response.closeConnection();
  }

  /** Fails the call with `deadline-exceeded` after `timeoutMs` milliseconds. */
  limit(timeoutMs: number): void {
    this.#deadline = setTimeout(() => this.abandon(callLate(timeoutMs)), timerMs(timeoutMs));
  }

  /** Registers a keeper that receives the outcome as well, for retries with the same idempotency key. */
  recordOutcome(keeper: OutcomeRecorder): void {
    this.#recorder = keeper;
  }

  /** @param result JSON text. */
  succeed(result: string): void {
    if (this.#ended && this.#failure !== undefined) this.#recorder?.none();
    else this.#recorder?.result(result);
    const isAwaited = this.unawaited <= 0 && this.#clientRequests?.isOpen !== true;
    if (!this.#ended && this.#failure === undefined && !isAwaited) this.deps.unawaited(this);
    const ending = this.#failure === undefined ? RESULT : ({ outcome: 'tool-error', ...this.#failure } as const);
    if (this.#end(ending)) this.#answer(resultText(this.message.id, result));
  }

  fail(error: McpError): void {
    if (!this.#end({ outcome: 'error', error, cause: error.cause })) return this.#recorder?.none();
    // The client calls again once the user has visited the page.
    if (error.code === 'url-elicitation-required') this.#recorder?.none();
    else this.#recorder?.error(error);
    if (this.context.revision.era === 'legacy') return this.#answer(errorText(this.message.id, error));
    const { answerStatus: status, headers, modernRpcCode: code } = error;
    this.#answer(errorText(this.message.id, error, code), status, status === 200 ? undefined : headers);
  }

  /** A task takes over the handler, and counts it from now on. */
  becomeTask(): void {
    this.#released = true;
    this.deps.released(this);
  }

  /** Ends this round trip with the input it requires. The handler runs again in the next one, so it is not awaited. */
  requireInput(required: InputRequired): void {
    this.#recorder?.none();
    if (this.#ended) return;
    try {
      const result = this.deps.writeInputRequired(this, required);
      this.#clientRequests = undefined; // The client gets them now; their promises stay pending.
      if (!this.#end({ outcome: 'input-required' })) return;
      this.#answer(resultText(this.message.id, result));
    } catch (thrown) {
      const error = McpError.from(thrown);
      this.fail(error);
      if (error.code === 'internal-error') this.deps.failed(this, error.cause);
    }
    this.#released = true;
    this.#stopped = true;
    this.#abort?.abort(callEnded());
    this.deps.released(this);
  }

  /** The client no longer wants the answer: "the receiver SHOULD NOT send a response" (MCP, Cancellation). */
  cancel(reason: unknown): void {
    if (!this.#end({ outcome: 'cancelled' })) return;
    this.#stopped = true;
    this.#abort?.abort(reason);
    this.options.response.waive();
  }

  /** The client of a stateless call has disconnected for good: the call goes on only for a keeper. */
  clientGone(): void {
    if (this.#recorder === undefined) this.cancel('The client is gone');
    else this.options.response.waive();
  }

  /** The session has ended, and its streams with it. */
  interrupt(error: McpError): void {
    if (!this.#end({ outcome: 'error', error })) return;
    this.#stopped = true;
    this.#abort?.abort(error);
    this.options.response.interrupt(this.options.place ?? 0, errorText(this.message.id, error));
  }

  /** Stops waiting for the handler. The answer is still stored on the stream, so that the client can fetch it. */
  abandon(error: McpError): void {
    this.#stopped ||= !this.#ended;
    this.fail(error);
    this.#abort?.abort(error);
  }

  send(text: string): Promise<void> | false {
    return this.#ended ? false : this.options.response.send(text);
  }

  notify(method: string, params: Params): Promise<void> {
    const text = notificationTextIfJson(method, params);
    const said = this.#ended || text === undefined ? false : this.options.response.send(text);
    if (said !== false) return said;
    this.deps.dropped(this, method);
    return DONE;
  }

  #answer(text: string, status?: number, headers?: Readonly<Record<string, string>>): void {
    this.options.response.answer(this.options.place ?? 0, text, status, headers);
  }

  #end(ending: Ending): boolean {
    if (this.#ended) return false;
    this.#clientRequests?.end(ending.error ?? callEnded());
    this.#ended = true;
    clearTimeout(this.#deadline);
    this.deps.ended(this, ending);
    return true;
  }
}
