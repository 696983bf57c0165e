import type { Principal } from '../auth/principal.js';
import { McpError } from '../ground/errors.js';
import { errorText, type JsonRpcRequest, notificationText, type Params, resultText } from '../ground/json-rpc.js';
import { LOG_LEVELS, type LogLevel } from '../ground/mcp.js';
import { timerMs } from '../ground/time.js';
import type { Ask, CallRequest, CallScope, ClientInfo, Notifier } from '../server/call-scope.js';
import type { SessionRecord } from '../store/store.js';
import { assertCapability } from './capabilities.js';
import type { Asked, ClientRequests } from './client-requests.js';
import { Progress } from './progress.js';
import type { Reply } from './reply.js';

/** Who is calling, and through what. The same for all calls of one POST. */
export interface Caller {
  readonly session: SessionRecord;
  readonly principal: Principal | undefined;
  readonly request: CallRequest;
}

/** How a call came to its end, for those who watch. */
export interface Ending {
  readonly outcome: 'result' | 'error' | 'cancelled';
  readonly error?: McpError;
}

/** What calls need from their node, and who keeps the list of them. */
export interface CallHost {
  readonly notifier: Notifier;
  readonly clientRequests: ClientRequests;
  /** Milliseconds a client has for an answer. */
  readonly clientRequestTimeoutMs: number;
  ended(call: Call, ending: Ending): void;
  dropped(call: Call, method: string): void;
}

const DONE = Promise.resolve();

/** What clients get who never said which log messages they want (MCP, Logging: the server may decide). */
const DEFAULT_LOG_LEVEL: LogLevel = 'info';

/** What JSON leaves out where it stands, although a log message must have it. */
const JSON_HAS_NO: ReadonlySet<string> = new Set(['undefined', 'function', 'symbol']);

/**
 * One JSON-RPC request being answered. It has exactly one end: a result, an error or, when the client cancelled it,
 * silence.
 */
export class Call implements CallScope {
  #abort: AbortController | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #ended = false;
  /** What the client has not answered yet. */
  readonly #asked = new Set<Asked>();
  /** Milliseconds of `performance.now()`. */
  readonly begunAt = performance.now();
  readonly #progress = new Progress(this.begunAt);

  constructor(
    readonly message: JsonRpcRequest,
    private readonly caller: Caller,
    private readonly reply: Reply,
    private readonly host: CallHost,
  ) {}

  /** Made when first asked for: most handlers never look. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#ended) this.#abort.abort();
    return this.#abort.signal;
  }

  get sessionId(): string {
    return this.caller.session.id;
  }

  get principal(): Principal | undefined {
    return this.caller.principal;
  }

  get revision(): string {
    return this.caller.session.revision;
  }

  get request(): CallRequest {
    return this.caller.request;
  }

  get client(): ClientInfo {
    return { info: this.caller.session.client, capabilities: this.caller.session.capabilities };
  }

  get notifier(): Notifier {
    return this.host.notifier;
  }

  get #progressToken(): string | number | undefined {
    const meta = this.message.params?.['_meta'] as Params | undefined;
    const token = meta?.['progressToken'];
    return typeof token === 'string' || typeof token === 'number' ? token : undefined;
  }

  progress(progress: number, total?: number, message?: string): Promise<void> {
    const progressToken = this.#progressToken;
    if (progressToken === undefined || !this.#progress.grows(progress)) return DONE;
    return this.#notify('notifications/progress', {
      progressToken,
      progress,
      ...(Number.isFinite(total) ? { total } : {}),
      ...(message === undefined ? {} : { message }),
    });
  }

  /** Tells a client that asked for progress, and has heard nothing for this long, that the call is still running. */
  heartbeat(silentMs: number): void {
    if (!this.#ended && this.#progress.silentFor() >= silentMs) void this.progress(this.#progress.next);
  }

  log(level: LogLevel, data: unknown, logger?: string): Promise<void> {
    const wanted = (this.caller.session.logLevel as LogLevel | undefined) ?? DEFAULT_LOG_LEVEL;
    if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(wanted)) return DONE;
    return this.#notify('notifications/message', {
      level,
      data: JSON_HAS_NO.has(typeof data) ? null : data,
      ...(logger === undefined ? {} : { logger }),
    });
  }

  async ask({ method, params, needs, timeoutMs = this.host.clientRequestTimeoutMs }: Ask): Promise<Params> {
    for (const need of needs) assertCapability(this.caller.session, need);
    const asked = this.host.clientRequests.expect(this.sessionId, timeoutMs, this.signal);
    this.#asked.add(asked);
    try {
      const text = JSON.stringify({ jsonrpc: '2.0', id: asked.id, method, params });
      const said = this.#ended ? false : this.reply.say(text);
      if (said === false) throw noChannel(method);
      await said;
      return await asked.answer;
    } catch (cause) {
      this.#withdraw(asked, cause);
      throw cause;
    } finally {
      this.#asked.delete(asked);
    }
  }

  closeStream(): boolean {
    return !this.#ended && this.reply.closeConnection();
  }

  /** From now on the call may take this long. */
  limit(timeoutMs: number): void {
    this.#deadline = setTimeout(() => {
      this.abandon(new McpError('deadline-exceeded', `The call was not finished within ${timeoutMs} ms`));
    }, timerMs(timeoutMs));
  }

  /** @param result JSON text. */
  succeed(result: string): void {
    if (this.#end({ outcome: 'result' })) this.reply.answer(resultText(this.message.id, result));
  }

  fail(error: McpError): void {
    if (this.#end({ outcome: 'error', error })) this.reply.answer(errorText(this.message.id, error));
  }

  /** The client no longer wants the answer: "the receiver SHOULD NOT send a response" (MCP, Cancellation). */
  cancel(reason: unknown): void {
    if (!this.#end({ outcome: 'cancelled' })) return;
    this.#abort?.abort(reason);
    this.reply.waive();
  }

  /** The session is gone, and its streams with it. */
  interrupt(error: McpError): void {
    if (!this.#end({ outcome: 'error', error })) return;
    this.#abort?.abort(error);
    this.reply.interrupt(errorText(this.message.id, error));
  }

  /** The handler is not waited for any longer. The answer is logged, so that it can still be fetched. */
  abandon(error: McpError): void {
    this.fail(error);
    this.#abort?.abort(error);
  }

  #notify(method: string, params: Params): Promise<void> {
    const text = writable(method, params);
    const said = this.#ended || text === undefined ? false : this.reply.say(text);
    if (said !== false) return said;
    this.host.dropped(this, method);
    return DONE;
  }

  /** A client that is still asking its user should stop; one that has answered, or was never asked, need not be told. */
  #withdraw(asked: Asked, reason: unknown): void {
    asked.forget(reason);
    const needless = McpError.is(reason) && (reason.code === 'client-error' || reason.code === 'no-channel');
    if (this.#ended || needless) return;
    void this.#notify('notifications/cancelled', { requestId: asked.id, reason: 'No longer waited for' });
  }

  #end(ending: Ending): boolean {
    if (this.#ended) return false;
    for (const asked of this.#asked) this.#withdraw(asked, ending.error ?? callOver());
    this.#ended = true;
    clearTimeout(this.#deadline);
    this.host.ended(this, ending);
    return true;
  }
}

function noChannel(method: string): McpError {
  return new McpError('no-channel', `The client takes no stream, so it cannot be asked: ${method}`);
}

function callOver(): McpError {
  return new McpError('client-timeout', 'The call ended before the client had answered');
}

/** A notification as text; `undefined` when a handler put into it what JSON cannot say. */
function writable(method: string, params: Params): string | undefined {
  try {
    return notificationText(method, params);
  } catch {
    return undefined;
  }
}
