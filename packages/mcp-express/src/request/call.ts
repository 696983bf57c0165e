import { assertAccepts } from '../protocol/client-capabilities.js';
import type { InputRequired } from '../protocol/client-requests.js';
import { McpError } from '../protocol/errors.js';
import { errorText, type Params, resultText } from '../protocol/json-rpc.js';
import type { LogLevel } from '../protocol/mcp.js';
import { timerMs } from '../util/time.js';
import type { Ending } from './call-deps.js';
import { callEnded, callLate } from './call-ended.js';
import { CallMessages, sendExtensionNotification } from './call-messages.js';
import { CallOrigin } from './call-origin.js';
import type { OutcomeRecorder } from './outcome-recorder.js';
import type { ClientRequest, RunningCall } from './running-call.js';
import type { ClientRequests } from './session-client-requests.js';
import type { WaitingMiddleware } from './waiting-middleware.js';

const RESULT = { outcome: 'result' } as const;

/** A JSON-RPC request being answered. It ends exactly once: with a result, an error or, if cancelled, no response. */
export class Call extends CallOrigin implements RunningCall {
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
  readonly #messages = new CallMessages(this, this.begunAt);
  /** Set while middleware runs around this call. */
  middleware: WaitingMiddleware | undefined;
  /** Settles with a handler that middleware did not wait for. It counts as running until then. */
  handler: Promise<unknown> | undefined;

  /** Created on first access, because most handlers never use it. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#stopped) this.#abort.abort();
    return this.#abort.signal;
  }

  get isEnded(): boolean {
    return this.#ended;
  }

  /** The call ended by asking for input, so the node no longer counts its handler as running. */
  get isReleased(): boolean {
    return this.#released;
  }

  progress(progress: number, total?: number, message?: string): Promise<void> {
    return this.#messages.progress(progress, total, message);
  }

  heartbeat(silentMs: number): void {
    this.#messages.heartbeat(silentMs);
  }

  log(level: LogLevel, data: unknown, logger?: string): Promise<void> {
    return this.#messages.log(level, data, logger);
  }

  notify(method: string, params: Params): Promise<void> {
    return this.#messages.notify(method, params);
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

  /** Fails the call with `deadline-exceeded` after `timeoutMs` milliseconds, instead of an earlier limit. 0: never. */
  limit(timeoutMs: number): void {
    clearTimeout(this.#deadline);
    if (timeoutMs > 0 && !this.#ended) {
      this.#deadline = setTimeout(() => this.abandon(callLate(timeoutMs)), timerMs(timeoutMs));
    }
  }

  /** Registers a keeper that receives the outcome as well, for retries with the same idempotency key. */
  recordOutcome(keeper: OutcomeRecorder): void {
    this.#recorder = keeper;
  }

  /** Gives a result to the recorder, before middleware changes it. @param result JSON text. */
  recordResult(result: string): void {
    if (this.#ended && this.#failure !== undefined) this.#recorder?.none();
    else this.#recorder?.result(result);
  }

  /** Gives an error to the recorder, before middleware changes it. */
  recordError(error: McpError): void {
    // After `url-elicitation-required` the client calls again once the user has visited the page.
    if (this.#ended || error.code === 'url-elicitation-required') this.#recorder?.none();
    else this.#recorder?.error(error);
  }

  /** @param result JSON text. */
  succeed(result: string): void {
    this.recordResult(result);
    const isAwaited = this.unawaited <= 0 && this.#clientRequests?.isOpen !== true;
    if (!this.#ended && this.#failure === undefined && !isAwaited) this.deps.unawaited(this);
    const ending = this.#failure === undefined ? RESULT : ({ outcome: 'tool-error', ...this.#failure } as const);
    if (this.#end(ending)) this.#answer(resultText(this.message.id, result));
  }

  fail(error: McpError): void {
    this.recordError(error);
    if (!this.#end({ outcome: 'error', error, cause: error.cause })) return;
    if (this.context.revision.era === 'legacy') return this.#answer(errorText(this.message.id, error));
    const { answerStatus: status, headers, modernRpcCode: code } = error;
    this.#answer(errorText(this.message.id, error, code), status, status === 200 ? undefined : headers);
  }

  /** A task takes over the handler, and counts it from now on. @param created the result, as JSON text */
  becomeTask(created: string): void {
    this.recordResult(created);
    if (this.middleware?.becomeTask(created) !== true) this.succeed(created);
    this.#released = true;
    this.deps.released(this);
  }

  /** Ends this round trip with the input it requires. The handler runs again in the next one, so it is not awaited. */
  requireInput(required: InputRequired): void {
    this.#recorder?.none();
    if (this.#ended) return;
    const isWritten = this.middleware?.isWritten(required) === true;
    // The handler had ended by asking already.
    if (this.middleware?.hasAsked === true && !isWritten) return;
    try {
      const text = isWritten ? this.writer.rewrite(required) : this.deps.writeInputRequired(this, required);
      this.#clientRequests = undefined; // The client gets them now; their promises stay pending.
      if (this.middleware?.askClient(text) !== true) this.endWithInput(text);
    } catch (thrown) {
      if (this.middleware?.fail(thrown) === true) return;
      const error = McpError.from(thrown);
      this.fail(error);
      if (error.code === 'internal-error') this.deps.failed(this, error.cause);
      this.#abandonHandler();
    }
  }

  /** @param result a result that requires input, as JSON text */
  endWithInput(result: string): void {
    if (this.#end({ outcome: 'input-required' })) this.#answer(resultText(this.message.id, result));
    this.#abandonHandler();
  }

  #abandonHandler(): void {
    this.#released = true;
    this.stopHandler();
    this.deps.released(this);
  }

  /** Aborts the signal of a handler whose result is not wanted any more. */
  stopHandler(): void {
    this.#stopped = true;
    this.#abort?.abort(callEnded());
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

  dropped(method: string): void {
    this.deps.dropped(this, method);
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
