import type { Principal } from '../auth/principal.js';
import { assertAskable } from '../protocol/client-capabilities.js';
import type { InputRequired } from '../protocol/client-requests.js';
import { McpError } from '../protocol/errors.js';
import { errorText, type JsonRpcRequest, type Params, resultText } from '../protocol/json-rpc.js';
import type { LogLevel } from '../protocol/mcp.js';
import { timerMs } from '../util/time.js';
import type { AnswerKeeper } from './answer-keeper.js';
import type { CallHost, CallManner, Ending } from './call-host.js';
import { callLate, callOver } from './call-over.js';
import type { Ask, CallRequest, CallScope, ClientInfo, Notifier, RoundInputs } from './call-scope.js';
import type { Caller } from './caller.js';
import { Progress, progressParams, progressTokenOf } from './progress.js';
import type { Questions } from './questions.js';
import type { ResultWriter } from './result-writer.js';
import { NO_INPUTS } from './rounds.js';
import { isWanted, logParams, writable } from './writable.js';

const DONE = Promise.resolve();
const RESULT = { outcome: 'result' } as const;

/** A JSON-RPC request being answered. It ends exactly once: with a result, an error or, if cancelled, no response. */
export class Call implements CallScope {
  #abort: AbortController | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #ended = false;
  #left = false;
  /** The call ended before its handler did, for a reason that must fire the handler's signal. */
  #stopped = false;
  #failure: { readonly cause: unknown } | undefined;
  #questions: Questions | undefined;
  unawaited = 0;
  #keeper: AnswerKeeper | undefined;
  /** Milliseconds of `performance.now()`. */
  readonly begunAt = performance.now();
  readonly #progress = new Progress(this.begunAt);
  /** Responses from earlier round trips. Grows when the round trips happen on this call's own stream. */
  inputs: RoundInputs = NO_INPUTS;

  constructor(
    readonly message: JsonRpcRequest,
    readonly caller: Caller,
    private readonly how: CallManner,
    private readonly host: CallHost,
  ) {
    if (caller.inputs !== undefined) this.inputs = caller.inputs;
  }

  /** Created on first access, because most handlers never use it. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#stopped) this.#abort.abort();
    return this.#abort.signal;
  }

  get writer(): ResultWriter {
    return this.how.writer;
  }

  /** Index of this request among the requests of its POST. */
  get place(): number {
    return this.how.place ?? 0;
  }

  /** Groups calls and streams: the session id, or the id of a stateless request. */
  get key(): string {
    return this.caller.key;
  }

  get sessionId(): string | undefined {
    return this.caller.sessionId;
  }

  get principal(): Principal | undefined {
    return this.caller.principal;
  }

  get revision(): string {
    return this.caller.revision.id;
  }

  /** The HTTP request, as the handler may see it. */
  get request(): CallRequest {
    return this.host.requestOf(this);
  }

  get client(): ClientInfo {
    return this.caller.client;
  }

  get isEnded(): boolean {
    return this.#ended;
  }

  /** The call ended by asking for input, so the node no longer counts its handler as running. */
  get isLeft(): boolean {
    return this.#left;
  }

  get notifier(): Notifier {
    return this.host.notifier;
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
    if (!isWanted(level, this.caller.logLevel)) return DONE;
    return this.notify('notifications/message', logParams(level, data, logger));
  }

  async ask(ask: Ask): Promise<Params> {
    assertAskable(this.caller, ask.method, ask.params);
    if (this.#ended) throw callOver();
    this.#questions ??= this.host.questionsOf(this);
    return this.#questions.ask(ask);
  }

  toolFailed(cause?: unknown): void {
    this.#failure = { cause };
  }

  /** Always false here: only a tool with `task` can start one (see `protocol/tasks`). */
  startTask(): Promise<boolean> {
    return Promise.resolve(false);
  }

  closeStream(): boolean {
    return !this.#ended && this.how.reply.closeConnection();
  }

  /** Fails the call with `deadline-exceeded` after `timeoutMs` milliseconds. */
  limit(timeoutMs: number): void {
    this.#deadline = setTimeout(() => this.abandon(callLate(timeoutMs)), timerMs(timeoutMs));
  }

  /** Registers a keeper that receives the outcome as well, for retries with the same idempotency key. */
  keepAnswer(keeper: AnswerKeeper): void {
    this.#keeper = keeper;
  }

  /** @param result JSON text. */
  succeed(result: string): void {
    if (this.#ended && this.#failure !== undefined) this.#keeper?.none();
    else this.#keeper?.result(result);
    const isAwaited = this.unawaited <= 0 && this.#questions?.isOpen !== true;
    if (!this.#ended && this.#failure === undefined && !isAwaited) this.host.unawaited(this);
    const ending = this.#failure === undefined ? RESULT : ({ outcome: 'tool-error', ...this.#failure } as const);
    if (this.#end(ending)) this.#answer(resultText(this.message.id, result));
  }

  fail(error: McpError): void {
    if (!this.#end({ outcome: 'error', error, cause: error.cause })) return this.#keeper?.none();
    // The client calls again once the user has visited the page.
    if (error.code === 'url-elicitation-required') this.#keeper?.none();
    else this.#keeper?.error(error);
    if (this.caller.revision.era === 'legacy') return this.#answer(errorText(this.message.id, error));
    const { answerStatus: status, headers, modernRpcCode: code } = error;
    this.#answer(errorText(this.message.id, error, code), status, status === 200 ? undefined : headers);
  }

  /** A task takes over the handler, and counts it from now on. */
  handOver(): void {
    this.#left = true;
    this.host.left(this);
  }

  /** Ends this round trip with the input it requires. The handler runs again in the next one, so it is not awaited. */
  leave(required: InputRequired): void {
    this.#keeper?.none();
    if (this.#ended) return;
    try {
      const result = this.host.writeRequired(this, required);
      this.#questions = undefined; // The client gets them now; their promises stay pending.
      if (!this.#end({ outcome: 'input-required' })) return;
      this.#answer(resultText(this.message.id, result));
    } catch (thrown) {
      const error = McpError.from(thrown);
      this.fail(error);
      if (error.code === 'internal-error') this.host.failed(this, error.cause);
    }
    this.#left = true;
    this.#stopped = true;
    this.#abort?.abort(callOver());
    this.host.left(this);
  }

  /** The client no longer wants the answer: "the receiver SHOULD NOT send a response" (MCP, Cancellation). */
  cancel(reason: unknown): void {
    if (!this.#end({ outcome: 'cancelled' })) return;
    this.#stopped = true;
    this.#abort?.abort(reason);
    this.how.reply.waive();
  }

  /** The client of a stateless call has disconnected for good: the call goes on only for a keeper. */
  clientGone(): void {
    if (this.#keeper === undefined) this.cancel('The client is gone');
    else this.how.reply.waive();
  }

  /** The session has ended, and its streams with it. */
  interrupt(error: McpError): void {
    if (!this.#end({ outcome: 'error', error })) return;
    this.#stopped = true;
    this.#abort?.abort(error);
    this.how.reply.interrupt(this.place, errorText(this.message.id, error));
  }

  /** Stops waiting for the handler. The answer is still stored on the stream, so that the client can fetch it. */
  abandon(error: McpError): void {
    this.#stopped ||= !this.#ended;
    this.fail(error);
    this.#abort?.abort(error);
  }

  say(text: string): Promise<void> | false {
    return this.#ended ? false : this.how.reply.say(text);
  }

  notify(method: string, params: Params): Promise<void> {
    const text = writable(method, params);
    const said = this.#ended || text === undefined ? false : this.how.reply.say(text);
    if (said !== false) return said;
    this.host.dropped(this, method);
    return DONE;
  }

  #answer(text: string, status?: number, headers?: Readonly<Record<string, string>>): void {
    this.how.reply.answer(this.place, text, status, headers);
  }

  #end(ending: Ending): boolean {
    if (this.#ended) return false;
    this.#questions?.end(ending.error ?? callOver());
    this.#ended = true;
    clearTimeout(this.#deadline);
    this.host.ended(this, ending);
    return true;
  }
}
