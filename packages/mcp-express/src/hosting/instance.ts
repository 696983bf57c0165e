import type { ServerDescription } from '../features/delegate.js';
import { McpError } from '../protocol/errors.js';
import {
  isNotification,
  isObject,
  isRequest,
  type JsonRpcMessage,
  type JsonRpcResponse,
  type Params,
  type RequestId,
} from '../protocol/json-rpc.js';
import { isImplementation } from '../protocol/mcp.js';
import { timerMs } from '../util/time.js';
import { HostedError, serverGone } from './hosted-error.js';
import { KeptLists } from './kept-lists.js';
import { PendingRequests } from './pending-requests.js';
import type { Profile } from './profile.js';
import { ServerMessages, type ServerMessagesDeps } from './server-messages.js';
import type { HostedContext, Upstream, UpstreamConnection } from './upstream.js';

/** Settings of an instance. */
export interface InstanceOptions {
  readonly upstream: Upstream;
  /** Milliseconds for the server to start and to answer `initialize`. */
  readonly startTimeoutMs: number;
  readonly messages: ServerMessagesDeps;
}

/** One connected server, initialized for clients with one profile. */
export class Instance {
  readonly pending = new PendingRequests();
  readonly lists = new KeptLists();
  readonly #messages: ServerMessages;
  #connection: UpstreamConnection | undefined;
  #isReady = false;
  #description: ServerDescription | undefined;
  #gone: McpError | undefined;
  #onGone: (() => void) | undefined;

  constructor(
    /** The session that alone uses the server, if there is one. */
    readonly home: HostedContext | undefined,
    private readonly options: InstanceOptions,
  ) {
    this.#messages = new ServerMessages(this, options.messages);
  }

  /** The server as it described itself. */
  get description(): ServerDescription {
    if (this.#description === undefined) throw new Error('the instance was used before it was started');
    return this.#description;
  }

  /** The server has been initialized, and has handled that. */
  get isReady(): boolean {
    return this.#isReady;
  }

  get isGone(): boolean {
    return this.#gone !== undefined;
  }

  get knowsContext(): boolean {
    return this.options.upstream.knowsContext;
  }

  /** @param onGone called once, when the server has ended by itself */
  async start({ revision, client, capabilities }: Profile, context: HostedContext, onGone: () => void): Promise<void> {
    this.#onGone = onGone;
    const { startTimeoutMs, upstream } = this.options;
    const late = AbortSignal.timeout(timerMs(startTimeoutMs));
    const { promise: tooLate, stop } = rejection(late, () => notStarted(upstream.what, startTimeoutMs));
    const connecting = upstream.connect({
      message: (message, related, from) => this.#receive(message, related, from),
      closed: (cause) => this.#end(cause),
    });
    try {
      this.#connection = await Promise.race([connecting, tooLate]);
      const params = { protocolVersion: revision, capabilities, clientInfo: client };
      const asked = this.request('initialize', params, context);
      this.#description = described(await Promise.race([asked, tooLate]), upstream.what);
      this.notify('notifications/initialized', undefined, context);
      // Servers may register tools for this client in this handler: the first list has them already.
      await new Promise(setImmediate);
      this.#isReady = this.#gone === undefined;
      if (this.#gone !== undefined) throw this.#gone;
    } catch (thrown) {
      // A connection that comes later is closed, too.
      connecting.then((connection) => connection.close()).catch(() => {});
      this.#gone ??= McpError.is(thrown) ? thrown : serverGone(upstream.what, thrown);
      throw thrown;
    } finally {
      stop();
    }
  }

  /**
   * Sends a request, and resolves with its result.
   * @param signal cancels it
   * @throws McpError `hosted-error` if the server has ended, or the error with which it answered
   */
  request(method: string, params: Params | undefined, context: HostedContext, signal?: AbortSignal): Promise<Params> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone);
    const { id, answer } = this.pending.add(context, this.knowsContext ? undefined : params);
    const sent = this.knowsContext ? params : this.pending.withOwnToken(id, params);
    const onAbort = (): void => {
      if (this.pending.reject(id, signal?.reason)) this.#cancel(id, context, signal?.reason);
    };
    if (signal !== undefined) {
      signal.addEventListener('abort', onAbort, { once: true });
      const done = (): void => signal.removeEventListener('abort', onAbort);
      answer.then(done, done);
    }
    try {
      this.#connection?.send({ jsonrpc: '2.0', id, method, ...(sent === undefined ? {} : { params: sent }) }, context);
    } catch (thrown) {
      this.pending.reject(id, serverGone(this.options.upstream.what, thrown));
    }
    if (signal?.aborted === true) onAbort();
    return answer;
  }

  notify(method: string, params: Params | undefined, context: HostedContext): void {
    if (this.#gone !== undefined) return;
    this.respond({ jsonrpc: '2.0', method, ...(params === undefined ? {} : { params }) }, context);
  }

  /** Sends a notification or a response. */
  respond(message: JsonRpcMessage, context: HostedContext | undefined): void {
    try {
      this.#connection?.send(message, context);
    } catch (thrown) {
      this.options.messages.failed(`sending to ${this.options.upstream.what}`, thrown);
    }
  }

  async close(): Promise<void> {
    this.#onGone = undefined;
    this.#end(new Error('the node closed it'));
    await this.#connection?.close();
  }

  #receive(message: JsonRpcMessage, related: RequestId | undefined, from: HostedContext | undefined): void {
    if (isRequest(message)) this.#messages.onRequest(message, related, from);
    else if (isNotification(message)) this.#messages.onNotification(message, related, from);
    else this.#settle(message);
  }

  #settle({ id, result, error }: JsonRpcResponse): void {
    const settled =
      error === undefined ? this.pending.resolve(id, result ?? {}) : this.pending.reject(id, new HostedError(error));
    // A second answer, or one that is no longer wanted.
    if (!settled) this.options.messages.unexpected(this.options.upstream.what);
  }

  #cancel(requestId: RequestId, context: HostedContext, reason: unknown): void {
    const text = reason instanceof Error ? reason.message : typeof reason === 'string' ? reason : undefined;
    this.notify('notifications/cancelled', { requestId, ...(text === undefined ? {} : { reason: text }) }, context);
  }

  #end(cause: unknown): void {
    if (this.#gone !== undefined && this.pending.size === 0) return;
    this.#gone ??= serverGone(this.options.upstream.what, cause);
    this.pending.rejectAll(this.#gone);
    this.#messages.close();
    this.#onGone?.();
    this.#onGone = undefined;
  }
}

function described(result: Params, what: string): ServerDescription {
  const { capabilities, serverInfo, instructions } = result;
  if (isObject(capabilities) && isImplementation(serverInfo)) {
    return { capabilities, serverInfo, instructions: typeof instructions === 'string' ? instructions : undefined };
  }
  throw new McpError('hosted-error', `${what} answered "initialize" without "capabilities" and "serverInfo"`);
}

function notStarted(what: string, ms: number): McpError {
  return new McpError('hosted-error', `${what} did not start within ${ms} ms`);
}

function rejection(signal: AbortSignal, reason: () => Error): { promise: Promise<never>; stop(): void } {
  let stop = (): void => {};
  const promise = new Promise<never>((_resolve, reject) => {
    const onAbort = (): void => reject(reason());
    signal.addEventListener('abort', onAbort, { once: true });
    stop = () => signal.removeEventListener('abort', onAbort);
  });
  promise.catch(() => {});
  return { promise, stop: () => stop() };
}
