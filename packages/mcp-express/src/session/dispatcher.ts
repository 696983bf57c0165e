import type { McpServer } from '../features/mcp-server.js';
import type { ScopeChecker } from '../features/scope-checker.js';
import { McpError } from '../protocol/errors.js';
import {
  isNotification,
  isRequest,
  isRequestId,
  type JsonRpcMessage,
  type JsonRpcNotification,
  type JsonRpcRequest,
} from '../protocol/json-rpc.js';
import { HandlerClient } from '../request/handler-client.js';
import type { Method, MethodTable } from '../request/method.js';
import type { Payload } from '../request/payload.js';
import type { RequestContext } from '../request/request-context.js';
import type { DeliveryOptions, Response } from '../request/response.js';
import { SESSION_RESULTS } from '../request/result-writer.js';
import type { CallRunner } from '../request/runner.js';

/** The parts of a node that messages of sessions need. */
export interface DispatcherDeps {
  readonly server: McpServer;
  readonly runner: CallRunner;
  readonly scopes: ScopeChecker;
  readonly methods: MethodTable<Method>;
  /** Most running calls per session. */
  readonly callsPerSession: number;
}

const NOTHING: Promise<Response> = Promise.resolve({ kind: 'nothing' });

/** Handles the messages of sessions: starts calls, and delivers cancellations and client responses. */
export class Dispatcher {
  constructor(private readonly deps: DispatcherDeps) {}

  /**
   * Handles all messages of one POST.
   * @throws McpError `insufficient-scope`, or `too-many-calls` when a limit is reached; no message is handled then
   */
  dispatch(payload: Payload, caller: RequestContext, manner: DeliveryOptions): Promise<Response> {
    const { messages } = payload;
    if (messages.length === 0) return Promise.resolve(allRefused(payload));
    const requests = messages.filter(isRequest);
    // A single request fails with an HTTP error, so that the client can request more scopes. In a batch, only its own
    // answer does.
    for (const request of payload.batch ? [] : requests) this.deps.scopes.assert(request, caller);
    this.#assertRoom(caller, requests.length);
    if (requests.length === messages.length) return this.#begin(requests, caller, manner, payload);
    return this.#takeOthers(messages, caller).then(() => this.#begin(requests, caller, manner, payload));
  }

  /** Handles notifications and client responses. */
  async #takeOthers(messages: readonly JsonRpcMessage[], caller: RequestContext): Promise<void> {
    for (const message of messages) {
      if (isRequest(message)) continue;
      if (isNotification(message)) await this.#onNotification(message, caller);
      else await this.deps.runner.pendingClientRequests.settle(caller.key, message);
    }
  }

  #begin(
    owed: readonly JsonRpcRequest[],
    caller: RequestContext,
    manner: DeliveryOptions,
    { batch, refusals }: Payload,
  ): Promise<Response> {
    if (owed.length === 0) return refusals === undefined ? NOTHING : Promise.resolve(arrayOf(refusals));
    const { methods, runner } = this.deps;
    const { key: session, holder } = caller;
    const reply = runner.sessionResponse({ delivery: manner, session, holder, requests: owed, batch, refusals });
    for (const [place, request] of owed.entries()) {
      const method = methods.core.get(request.method) ?? methods.extension(request.method);
      runner.start(request, caller, { method, response: reply, place, writer: SESSION_RESULTS });
    }
    return reply.outcome;
  }

  #assertRoom({ key, holder }: RequestContext, wanted: number): void {
    const { runner, callsPerSession } = this.deps;
    if (wanted === 0) return;
    runner.assertRoomFor(holder, wanted);
    if (runner.calls.handlersOf(key) + wanted <= callsPerSession) return;
    throw new McpError('too-many-calls', `This session already runs ${callsPerSession} calls`);
  }

  async #onNotification(message: JsonRpcNotification, caller: RequestContext): Promise<void> {
    const { runner, server } = this.deps;
    const { method, params } = message;
    const { key } = caller;
    if (method === 'notifications/initialized') this.#onInitialized(caller);
    if (method === 'notifications/roots/list_changed') this.#onRootsChanged(caller);
    void server.extensions.receive(message, caller).catch((cause: unknown) => runner.failed(method, cause));
    if (method !== 'notifications/cancelled') server.delegate?.notified(message, caller);
    const id = params?.['requestId'];
    // Values that are not valid request ids do not go to other nodes.
    if (method !== 'notifications/cancelled' || !isRequestId(id)) return;
    await runner.calls.cancel(key, id, params?.['reason']);
  }

  #onInitialized({ key: sessionId, principal, client, revision }: RequestContext): void {
    const { runner, server } = this.deps;
    const session = { sessionId, principal, client: new HandlerClient(client), revision: revision.id };
    server.events.initialized.emit(session, (cause) => runner.failed('a listener of onInitialized', cause));
  }

  #onRootsChanged({ key: sessionId, principal }: RequestContext): void {
    const { runner, server } = this.deps;
    server.events.rootsChanged.emit({ sessionId, principal }, (cause) =>
      runner.failed('listening for changed roots', cause),
    );
  }
}

function arrayOf(answers: readonly string[], status = 200): Response {
  return { kind: 'json', body: `[${answers.join(',')}]`, status };
}

/**
 * The answer to a batch without any valid message: "If the server cannot accept the input, it MUST return an HTTP error
 * status code" (MCP 2025-03-26, Transports).
 */
function allRefused({ refusals = [] }: Payload): Response {
  return arrayOf(refusals, new McpError('invalid-request', '').status);
}
