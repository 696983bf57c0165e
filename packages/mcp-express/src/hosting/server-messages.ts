import type { DelegateServices } from '../features/delegate.js';
import { McpError } from '../protocol/errors.js';
import {
  isObject,
  type JsonRpcNotification,
  type JsonRpcRequest,
  type Params,
  type RequestId,
} from '../protocol/json-rpc.js';
import { isLogLevel, LISTS, type ListName } from '../protocol/mcp.js';
import type { Call } from '../request/call.js';
import type { ClientRequest, Notifier } from '../request/running-call.js';
import type { Instance } from './instance.js';
import type { HostedContext } from './upstream.js';

/** Services for the messages that hosted servers send on their own. */
export interface ServerMessagesDeps {
  /** The nodes that serve the hosted server in this process. */
  readonly services: () => readonly DelegateServices[];
  readonly failed: (where: string, cause: unknown) => void;
  /** Reports an answer to a request that is not pending. */
  readonly unexpected: (what: string) => void;
}

/** Requests of servers that clients answer. */
const CLIENT_REQUESTS: ReadonlySet<string> = new Set(['elicitation/create', 'sampling/createMessage', 'roots/list']);

const CHANGES: Readonly<Record<ListName, (notifier: Notifier) => Promise<void>>> = {
  tools: (notifier) => notifier.toolsChanged(),
  resources: (notifier) => notifier.resourcesChanged(),
  prompts: (notifier) => notifier.promptsChanged(),
};

/**
 * Passes the notifications and requests of a hosted server to their client: on the stream of the running call,
 * otherwise on the standalone stream of the session. What belongs to no session is dropped, because it could reach the
 * client of another user.
 */
export class ServerMessages {
  readonly #ending = new AbortController();
  /** The requests that clients have yet to answer, which the server may cancel. */
  readonly #asked = new Map<RequestId, AbortController>();

  constructor(
    private readonly instance: Instance,
    private readonly deps: ServerMessagesDeps,
  ) {}

  /** The server has ended: nothing waits for its requests any more. */
  close(): void {
    this.#ending.abort();
    for (const asked of this.#asked.values()) asked.abort();
  }

  onNotification({ method, params = {} }: JsonRpcNotification, related?: RequestId, from?: HostedContext): void {
    const list = LISTS.find((name) => method === `notifications/${name}/list_changed`);
    if (list !== undefined) return this.#onListChanged(list);
    if (method === 'notifications/cancelled') return this.#asked.get(params['requestId'] as RequestId)?.abort();
    if (method === 'notifications/resources/updated')
      return this.#toAll((at) => at.resourceUpdated(String(params['uri'])));
    if (method === 'notifications/elicitation/complete') {
      return this.#toAll((at) => at.elicitationComplete(String(params['elicitationId'])));
    }
    if (method === 'notifications/progress') return this.#onProgress(params, related, from);
    const context = this.#contextOf(related, from);
    if (context === undefined) return;
    if (method === 'notifications/message') this.#onLog(params, context);
    else this.#send(context, method, params);
  }

  onRequest(request: JsonRpcRequest, related?: RequestId, from?: HostedContext): void {
    if (request.method === 'ping') return this.#answer(request.id, { result: {} }, from);
    void this.#ask(request, this.#contextOf(related, from));
  }

  async #ask({ id, method, params = {} }: JsonRpcRequest, context: HostedContext | undefined): Promise<void> {
    const asked = new AbortController();
    this.#asked.set(id, asked);
    try {
      if (context === undefined) throw new McpError('no-channel', 'The request belongs to no session of a client');
      this.#answer(id, { result: await this.#result(method, params, context, asked.signal) }, context);
    } catch (thrown) {
      if (asked.signal.aborted) return;
      this.#answer(id, { error: errorFor(McpError.from(thrown)) }, context);
    } finally {
      this.#asked.delete(id);
    }
  }

  #result(method: string, params: Params, context: HostedContext, signal: AbortSignal): Promise<Params> {
    const call = runningCallOf(context);
    const { sessionId } = context.context;
    if (call !== undefined && CLIENT_REQUESTS.has(method)) {
      const sent = call.requestClient({ method: method as ClientRequest['method'], params });
      return Promise.race([sent, aborted(signal), aborted(call.signal)]);
    }
    const [services] = this.deps.services();
    if (sessionId === undefined || services === undefined) {
      throw new McpError('no-channel', 'The call has ended, and its client cannot be asked any more');
    }
    return services.messages.request(sessionId, method, params, signal);
  }

  #answer(
    id: RequestId,
    answer: { result: Params } | { error: { code: number; message: string } },
    context?: HostedContext,
  ): void {
    const to = context ?? this.instance.home ?? this.instance.pending.onlyContext;
    if (this.instance.isGone) return;
    this.instance.respond({ jsonrpc: '2.0', id, ...answer }, to);
  }

  #onListChanged(list: ListName): void {
    this.instance.lists.forget(list);
    // Registrations during the start are in the first list that a client gets.
    if (this.instance.isReady) this.#toAll((notifier) => CHANGES[list](notifier));
  }

  #toAll(notify: (notifier: Notifier) => Promise<unknown>): void {
    for (const { notifier } of this.deps.services()) {
      notify(notifier).catch((cause: unknown) => this.deps.failed('passing on a notification', cause));
    }
  }

  #onProgress(params: Params, related: RequestId | undefined, from: HostedContext | undefined): void {
    const { progressToken: token } = params;
    if (this.instance.knowsContext) {
      const call = runningCallOf(this.#contextOf(related, from));
      void call?.notify('notifications/progress', params);
      return;
    }
    const id = typeof token === 'number' || typeof token === 'string' ? token : undefined;
    const call = runningCallOf(this.instance.pending.contextOf(id));
    if (id === undefined || call === undefined) return;
    const progressToken = this.instance.pending.clientTokenOf(id);
    void call.notify('notifications/progress', { ...params, progressToken });
  }

  #onLog(params: Params, context: HostedContext): void {
    const { level, data, logger } = params;
    if (!isLogLevel(level)) return;
    const call = runningCallOf(context);
    if (call !== undefined) {
      void call.log(level, data, typeof logger === 'string' ? logger : undefined);
      return;
    }
    const { sessionId } = context.context;
    const [services] = this.deps.services();
    if (sessionId === undefined || services === undefined) return;
    services.messages
      .log(sessionId, level, params)
      .catch((cause: unknown) => this.deps.failed('sending a log message', cause));
  }

  #send(context: HostedContext, method: string, params: Params): void {
    const call = runningCallOf(context);
    if (call !== undefined) return void call.notify(method, params);
    const { sessionId } = context.context;
    const [services] = this.deps.services();
    if (sessionId === undefined || services === undefined) return;
    services.messages
      .notify(sessionId, method, params)
      .catch((cause: unknown) => this.deps.failed('passing on a notification', cause));
  }

  /** A server whose messages do not name their request can send them only while it serves one session. */
  #contextOf(related: RequestId | undefined, from: HostedContext | undefined): HostedContext | undefined {
    const { home, knowsContext, pending } = this.instance;
    return pending.contextOf(related) ?? from ?? (knowsContext ? home : (pending.onlyContext ?? home));
  }
}

function runningCallOf(context: HostedContext | undefined): Call | undefined {
  return context?.call?.isEnded === false ? context.call : undefined;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const onAbort = (): void => reject(new McpError('no-channel', 'The call has ended before its client answered'));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** The error of the client, as the server would get it from the client itself. */
function errorFor(error: McpError): { code: number; message: string; data?: unknown } {
  const own = error.code === 'client-error' && isObject(error.data) ? error.data : {};
  const code = typeof own['code'] === 'number' ? own['code'] : error.rpcCode;
  const message = error.message.replace(/^The client answered with an error: /, '');
  return { code, message, ...(own['data'] === undefined ? {} : { data: own['data'] }) };
}
