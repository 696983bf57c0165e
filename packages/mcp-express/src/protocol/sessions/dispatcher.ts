import { McpError } from '../../ground/errors.js';
import {
  isNotification,
  isRequest,
  isRequestId,
  type JsonRpcMessage,
  type JsonRpcNotification,
  type JsonRpcRequest,
} from '../../ground/json-rpc.js';
import type { McpServer } from '../../server/mcp-server.js';
import { PLAIN_RESULTS } from '../../server/result-writer.js';
import type { Answered, ReplyManner } from '../calls/answered.js';
import type { Caller } from '../calls/caller.js';
import type { CallRunner } from '../calls/runner.js';
import type { ScopeGate } from '../methods/scope-gate.js';
import { SESSION_METHODS } from './session-methods.js';

/** What a POST carried: one message, or the messages of a batch. */
export interface Payload {
  readonly messages: readonly JsonRpcMessage[];
  readonly batch: boolean;
  /** Of a batch: the answers, as JSON text, to members that are no messages. */
  readonly refusals?: readonly string[];
}

export interface DispatcherParts {
  readonly server: McpServer;
  readonly runner: CallRunner;
  readonly scopes: ScopeGate;
  /** Calls that one session may have running. */
  readonly callsPerSession: number;
}

const NOTHING: Promise<Answered> = Promise.resolve({ kind: 'nothing' });

/** Takes the messages of sessions: starts calls, passes on cancellations and answers. */
export class Dispatcher {
  constructor(private readonly parts: DispatcherParts) {}

  /**
   * Takes everything one POST carried.
   *
   * @throws McpError `insufficient-scope`, or `too-many-calls` when the session runs as many calls as it may; then nothing was taken.
   */
  dispatch(payload: Payload, caller: Caller, manner: ReplyManner): Promise<Answered> {
    const { messages } = payload;
    if (messages.length === 0) return Promise.resolve(allRefused(payload));
    const requests = messages.filter(isRequest);
    // One message is refused as the HTTP request it is, so that its client can step up; one of many by itself.
    for (const request of payload.batch ? [] : requests) this.parts.scopes.assert(request, caller.principal);
    this.#assertRoom(caller, requests.length);
    if (requests.length === messages.length) return this.#begin(requests, caller, manner, payload);
    return this.#takeOthers(messages, caller).then(() => this.#begin(requests, caller, manner, payload));
  }

  /** Notifications, and answers to requests of ours. */
  async #takeOthers(messages: readonly JsonRpcMessage[], caller: Caller): Promise<void> {
    for (const message of messages) {
      if (isRequest(message)) continue;
      if (isNotification(message)) await this.#onNotification(message, caller);
      else await this.parts.runner.clientRequests.settle(caller.key, message);
    }
  }

  #begin(
    owed: readonly JsonRpcRequest[],
    caller: Caller,
    manner: ReplyManner,
    { batch, refusals }: Payload,
  ): Promise<Answered> {
    if (owed.length === 0) return refusals === undefined ? NOTHING : Promise.resolve(arrayOf(refusals));
    const { runner } = this.parts;
    const { key: session, holder } = caller;
    const reply = runner.sessionReply({ manner, session, holder, owed, batch, refusals });
    for (const [place, request] of owed.entries()) {
      const method = SESSION_METHODS.get(request.method);
      runner.start(request, caller, { method, reply, place, writer: PLAIN_RESULTS });
    }
    return reply.outcome;
  }

  #assertRoom({ key, holder }: Caller, wanted: number): void {
    const { runner, callsPerSession } = this.parts;
    if (wanted === 0) return;
    runner.assertRoomFor(holder, wanted);
    if (runner.calls.handlersOf(key) + wanted <= callsPerSession) return;
    throw new McpError('too-many-calls', `This session already runs ${callsPerSession} calls`);
  }

  async #onNotification({ method, params }: JsonRpcNotification, { key, principal }: Caller): Promise<void> {
    const { runner, server } = this.parts;
    if (method === 'notifications/roots/list_changed') {
      const thrown = server.rootsChanged({ sessionId: key, principal });
      for (const cause of thrown) runner.failed('listening for changed roots', cause);
    }
    const id = params?.['requestId'];
    // What cannot be the id of a request is not passed on to other nodes.
    if (method !== 'notifications/cancelled' || !isRequestId(id)) return;
    await runner.calls.cancel(key, id, params?.['reason']);
  }
}

function arrayOf(answers: readonly string[], status = 200): Answered {
  return { kind: 'json', body: `[${answers.join(',')}]`, status };
}

/** "If the server cannot accept the input, it MUST return an HTTP error status code" (MCP 2025-03-26, Transports). */
function allRefused({ refusals = [] }: Payload): Answered {
  return arrayOf(refusals, new McpError('invalid-request', '').status);
}
