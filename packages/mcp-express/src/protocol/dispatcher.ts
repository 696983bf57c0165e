import { setTimeout as delay } from 'node:timers/promises';
import { McpError } from '../ground/errors.js';
import {
  isNotification,
  isRequest,
  type JsonRpcMessage,
  type JsonRpcNotification,
  type JsonRpcRequest,
} from '../ground/json-rpc.js';
import { hashedId, type Observer } from '../ground/observe.js';
import { timerMs } from '../ground/time.js';
import type { Notifier } from '../server/call-scope.js';
import type { McpServer } from '../server/mcp-server.js';
import type { SessionId, Store } from '../store/store.js';
import type { Streams } from '../stream/streams.js';
import { Call, type Caller, type CallHost, type Ending } from './call.js';
import { Calls } from './calls.js';
import { ClientRequests } from './client-requests.js';
import { METHODS, type MethodParts } from './methods.js';
import { type Answered, Reply, type ReplyHost, type ReplyManner } from './reply.js';
import { SlowReplies } from './slow-replies.js';

/** What a POST carried: one message, or the messages of a batch. */
export interface Payload {
  readonly messages: readonly JsonRpcMessage[];
  readonly batch: boolean;
}

/** Times are milliseconds. */
export interface CallLimits {
  readonly sseAfterMs: number;
  readonly callsPerSession: number;
  readonly subscriptionsPerSession: number;
  readonly callTimeoutMs: number;
  readonly clientRequestTimeoutMs: number;
  readonly heartbeatMs: number;
}

export interface DispatcherParts {
  readonly server: McpServer;
  readonly streams: Streams;
  readonly store: Store;
  readonly node: string;
  readonly notifier: Notifier;
  readonly limits: CallLimits;
  readonly observe: Observer | undefined;
  /** Told when a session begins and ceases to have something running. */
  readonly activity: { begin(session: SessionId): void; end(session: SessionId): void };
}

const NOTHING: Promise<Answered> = Promise.resolve({ kind: 'nothing' });

/** Takes the messages of sessions: starts calls, passes on cancellations, keeps count. */
export class Dispatcher {
  readonly calls: Calls;
  /** Since the start. */
  droppedNotifications = 0;
  readonly #slow: SlowReplies;
  readonly #clientRequests: ClientRequests;
  readonly #replyHost: ReplyHost;
  readonly #callHost: CallHost;
  readonly #methodParts: MethodParts;

  constructor(private readonly parts: DispatcherParts) {
    const { limits, node, notifier, store } = parts;
    this.calls = new Calls(store.bus, limits.heartbeatMs);
    this.#clientRequests = new ClientRequests(store.bus, node);
    this.#slow = new SlowReplies(limits.sseAfterMs);
    this.#replyHost = {
      streams: parts.streams,
      slow: this.#slow,
      failed: (where, cause) => this.#failed(where, cause),
      streamOpened: ({ session }) =>
        parts.observe?.({ type: 'stream-opened', session: hashedId(session), kind: 'reply' }),
    };
    this.#methodParts = {
      server: parts.server,
      sessions: store.sessions,
      subscriptions: store.subscriptions,
      subscriptionsPerSession: limits.subscriptionsPerSession,
      callTimeoutMs: limits.callTimeoutMs,
    };
    this.#callHost = {
      notifier,
      clientRequests: this.#clientRequests,
      clientRequestTimeoutMs: limits.clientRequestTimeoutMs,
      ended: (call, ending) => this.#onEnded(call, ending),
      dropped: ({ sessionId }, method) => {
        this.droppedNotifications += 1;
        parts.observe?.({ type: 'notification-dropped', session: hashedId(sessionId), method });
      },
    };
  }

  /**
   * Takes everything one POST carried.
   *
   * @throws McpError `too-many-calls` when the session runs as many calls as it may; then nothing was taken.
   */
  dispatch(payload: Payload, caller: Caller, manner: ReplyManner): Promise<Answered> {
    const { messages, batch } = payload;
    const requests = messages.filter(isRequest);
    this.#assertRoom(caller.session.id, requests.length);
    if (requests.length === messages.length) return this.#begin(requests, caller, manner, batch);
    return this.#takeOthers(messages, caller).then(() => this.#begin(requests, caller, manner, batch));
  }

  /** Lets the running calls finish for up to `graceMs`, then answers the rest with an error. */
  async drain(graceMs: number): Promise<void> {
    const timer = new AbortController();
    await Promise.race([
      this.calls.whenIdle(),
      delay(timerMs(graceMs), undefined, { signal: timer.signal }).catch(() => {}),
    ]);
    timer.abort();
    const error = new McpError('shutting-down', 'The server stopped before the call was finished');
    for (const call of this.calls.all()) call.abandon(error);
  }

  close(): void {
    this.#slow.close();
    this.calls.close();
    this.#clientRequests.close();
  }

  /** Notifications, and answers to requests of ours. */
  async #takeOthers(messages: readonly JsonRpcMessage[], caller: Caller): Promise<void> {
    for (const message of messages) {
      if (isRequest(message)) continue;
      if (isNotification(message)) await this.#onNotification(message, caller);
      else await this.#clientRequests.settle(caller.session.id, message);
    }
  }

  #begin(requests: readonly JsonRpcRequest[], caller: Caller, manner: ReplyManner, batch: boolean): Promise<Answered> {
    if (requests.length === 0) return NOTHING;
    const reply = new Reply(this.#replyHost, { manner, session: caller.session.id, owed: requests.length, batch });
    for (const request of requests) this.#start(new Call(request, caller, reply, this.#callHost));
    return reply.outcome;
  }

  #assertRoom(session: SessionId, wanted: number): void {
    if (wanted === 0 || this.calls.handlersOf(session) + wanted <= this.parts.limits.callsPerSession) return;
    throw new McpError('too-many-calls', `This session already runs ${this.parts.limits.callsPerSession} calls`);
  }

  #start(call: Call): void {
    this.calls.add(call);
    this.parts.activity.begin(call.sessionId);
    this.parts.observe?.({ type: 'call-begun', session: hashedId(call.sessionId), ...nameOf(call.message) });
    void this.#run(call);
  }

  async #run(call: Call): Promise<void> {
    this.calls.handlerBegan(call.sessionId);
    try {
      const method = METHODS.get(call.message.method);
      if (method === undefined) throw new McpError('method-not-found', `Method not found: ${call.message.method}`);
      const result = method(call, this.#methodParts);
      call.succeed(typeof result === 'string' ? result : await result);
    } catch (thrown) {
      const error = McpError.from(thrown);
      if (error.code === 'internal-error') this.#failed(call.message.method, error.cause);
      call.fail(error);
    }
    this.calls.handlerEnded(call.sessionId);
  }

  #onEnded(call: Call, { outcome, error }: Ending): void {
    this.calls.delete(call);
    this.parts.activity.end(call.sessionId);
    this.parts.observe?.({
      type: 'call-ended',
      session: hashedId(call.sessionId),
      ...nameOf(call.message),
      outcome,
      ...(error === undefined ? {} : { error: error.code }),
      durationMs: performance.now() - call.begunAt,
    });
  }

  async #onNotification({ method, params }: JsonRpcNotification, { session, principal }: Caller): Promise<void> {
    if (method === 'notifications/roots/list_changed') {
      const thrown = this.parts.server.rootsChanged({ sessionId: session.id, principal });
      for (const cause of thrown) this.#failed('listening for changed roots', cause);
    }
    const id = params?.['requestId'];
    if (method !== 'notifications/cancelled' || (typeof id !== 'string' && typeof id !== 'number')) return;
    await this.calls.cancel(session.id, id, params?.['reason']);
  }

  #failed(where: string, cause: unknown): void {
    this.parts.observe?.({ type: 'failure', where, cause });
  }
}

function nameOf(message: JsonRpcRequest): { method: string; name?: string } {
  const name = message.params?.['name'];
  return typeof name === 'string' ? { method: message.method, name } : { method: message.method };
}
