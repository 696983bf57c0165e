import { type CallFacts, callFacts, endOf, hashedId, type Observer } from '../observe/observe.js';
import { McpError } from '../protocol/errors.js';
import type { JsonRpcRequest } from '../protocol/json-rpc.js';
import type { RequiredWriter } from '../stateless/input-required-result.js';
import type { SessionId, Store } from '../store/store.js';
import type { Streams } from '../stream/streams.js';
import { Pending } from '../util/pending.js';
import { Call } from './call.js';
import type { CallHost, CallManner, Ending } from './call-host.js';
import type { Notifier } from './call-scope.js';
import type { Caller } from './caller.js';
import { Calls } from './calls.js';
import { ClientRequests } from './client-requests.js';
import { withinGrace } from './grace.js';
import { HandlerRequest } from './handler-request.js';
import { type Method, methodNotFound } from './method.js';
import { SentQuestions } from './questions.js';
import { Reply, type ReplyHost, type ReplyOptions } from './reply.js';
import { RoundQuestions } from './rounds.js';
import { SlowReplies } from './slow-replies.js';
import type { Unawaited } from './unawaited.js';
import { UnstoredResults } from './unstored.js';
import type { UrlElicitations } from './url-elicitations.js';
import { endUnasked, endWithPages, isUrlRequired } from './url-required.js';

/** Longest time a shutdown waits for the last answers to be stored. Milliseconds. */
const STORING_MS = 2_000;

/** Limits of calls. Times are milliseconds. */
export interface CallLimits {
  readonly sseAfterMs: number;
  readonly clientRequestTimeoutMs: number;
  readonly heartbeatMs: number;
  /** Names, in lower case, of headers with credentials that handlers may see. */
  readonly credentialHeaders: ReadonlySet<string>;
  /** Running calls per principal, or per address of anonymous callers. */
  readonly callsPerOwner: number;
}

/** The parts of a node that calls need. */
export interface RunnerParts {
  /** The streams of sessions. */
  readonly streams: Streams;
  /** Streams of stateless requests, which are dropped with their connection. */
  readonly direct: Streams;
  readonly store: Store;
  readonly node: string;
  readonly notifier: Notifier;
  readonly limits: CallLimits;
  readonly required: RequiredWriter;
  readonly observe: Observer | undefined;
  /** Receives only calls whose handlers failed. */
  readonly log: Observer | undefined;
  readonly failed: (where: string, cause: unknown) => void;
  readonly unawaited: Unawaited;
  readonly elicitations: UrlElicitations;
  /** Notified when a session starts and stops having running calls. */
  readonly activity: { begin(session: SessionId): void; end(session: SessionId): void };
}

/** The method that answers a call, its response and its result format. */
export interface RunOptions extends CallManner {
  /** Absent for an unknown method. */
  readonly method: Method | undefined;
}

/** Runs the calls of this node, of all revisions, and counts them. */
export class CallRunner {
  readonly calls: Calls;
  readonly clientRequests: ClientRequests;
  /** Since the node started. */
  droppedNotifications = 0;
  #draining = false;
  readonly #slow: SlowReplies;
  readonly #storing = new Pending();
  readonly #unstored = new UnstoredResults();
  readonly #sessionReplies: ReplyHost;
  readonly #directReplies: ReplyHost;
  readonly #callHost: CallHost;

  constructor(private readonly parts: RunnerParts) {
    const { direct, limits, node, observe, store, streams } = parts;
    this.calls = new Calls(store.bus, limits.heartbeatMs);
    this.clientRequests = new ClientRequests(store.bus, node, (other) => store.leases.isHeld(other));
    this.#slow = new SlowReplies(limits.sseAfterMs);
    const replies = {
      slow: this.#slow,
      storing: this.#storing,
      unstored: this.#unstored,
      failed: (where: string, cause: unknown) => this.failed(where, cause),
    };
    this.#sessionReplies = {
      ...replies,
      streams,
      statusMatters: false,
      streamOpened: ({ session }) => observe?.({ type: 'stream-opened', session: hashedId(session), kind: 'reply' }),
    };
    this.#directReplies = {
      ...replies,
      streams: direct,
      statusMatters: true,
      streamOpened: () => observe?.({ type: 'stream-opened', kind: 'reply' }),
      streamClosed: ({ session }) => void direct.drop(session),
    };
    this.#callHost = this.#makeCallHost();
  }

  /**
   * A response in a session, whose stream is kept so that the client can resume it.
   * @throws McpError `shutting-down` once the node drains its calls
   */
  sessionReply(options: ReplyOptions): Reply {
    this.#assertOpen();
    return new Reply(this.#sessionReplies, options);
  }

  /**
   * A response to a stateless request, whose stream is dropped with its connection.
   * @throws McpError `shutting-down` once the node drains its calls
   */
  directReply(options: ReplyOptions): Reply {
    this.#assertOpen();
    return new Reply(this.#directReplies, options);
  }

  start(request: JsonRpcRequest, caller: Caller, how: RunOptions): Call {
    const call = new Call(request, caller, how, this.#callHost);
    this.calls.add(call);
    if (caller.sessionId !== undefined) this.parts.activity.begin(caller.sessionId);
    this.parts.observe?.({ type: 'call-begun', ...factsOf(call) });
    this.calls.handlerBegan(call);
    void this.#run(call, how.method);
    return call;
  }

  /** @throws McpError `too-many-calls` if `wanted` more calls would exceed the limit of this holder on this node */
  assertRoomFor(holder: string, wanted: number): void {
    const { callsPerOwner } = this.parts.limits;
    if (this.calls.countedFor(holder) + wanted <= callsPerOwner) return;
    throw new McpError('too-many-calls', `There may be ${callsPerOwner} calls at a time`);
  }

  /**
   * Waits up to `graceMs` milliseconds for the running calls, then fails the rest with `shutting-down`. Resolves when
   * all answers are stored.
   */
  async drain(graceMs: number): Promise<void> {
    this.#draining = true;
    await withinGrace(this.calls.whenIdle(), graceMs);
    const error = new McpError('shutting-down', 'The server stopped before the call was finished');
    for (const call of this.calls.all()) call.abandon(error);
    await withinGrace(this.#storing.settled(), STORING_MS);
    for (const streams of [this.parts.streams, this.parts.direct]) streams.stopWaiting();
    await withinGrace(this.#storing.settled(), STORING_MS);
    this.#unstored.giveUp();
  }

  close(): void {
    this.#slow.close();
    this.calls.close();
    this.clientRequests.close();
  }

  failed(where: string, cause: unknown): void {
    this.parts.failed(where, cause);
  }

  /**
   * Refuses a request that was accepted before the shutdown began but reaches this point later: its call would outlive
   * the node's lease.
   */
  #assertOpen(): void {
    if (this.#draining) throw new McpError('shutting-down', 'The server is shutting down');
  }

  async #run(call: Call, method: Method | undefined): Promise<void> {
    try {
      if (method === undefined) throw methodNotFound(call.message.method);
      const result = method(call);
      const text = typeof result === 'string' ? result : await result;
      if (text !== undefined) call.succeed(text);
    } catch (thrown) {
      if (isUrlRequired(thrown)) await this.#sendToPages(call, thrown);
      else this.#fail(call, thrown);
    }
    if (!call.isLeft) this.calls.handlerEnded(call);
  }

  #fail(call: Call, thrown: unknown): void {
    const error = McpError.from(thrown);
    call.fail(error);
    if (error.code === 'internal-error') this.failed(call.message.method, error.cause);
  }

  async #sendToPages(call: Call, error: McpError): Promise<void> {
    try {
      await endWithPages(call, error, this.parts.elicitations);
    } catch (thrown) {
      if (McpError.is(thrown)) endUnasked(call, thrown);
      else this.#fail(call, thrown);
    }
  }

  #makeCallHost(): CallHost {
    const { elicitations, limits, notifier, observe, required, unawaited } = this.parts;
    const timeoutMs = limits.clientRequestTimeoutMs;
    return {
      notifier,
      requestOf: ({ caller }) => new HandlerRequest(caller.request, limits.credentialHeaders),
      questionsOf: (call) =>
        call.caller.revision.era === 'modern'
          ? new RoundQuestions(call, call.inputs)
          : new SentQuestions(call, this.clientRequests, {
              timeoutMs,
              onPage: (elicitationId) => elicitations.remember(call.caller, elicitationId),
            }),
      writeRequired: (call, asked) => required.write(call, asked),
      failed: (call, cause) => this.failed(call.message.method, cause),
      unawaited: ({ message }) => unawaited.tell(message),
      ended: (call, ending) => this.#onEnded(call, ending),
      left: (call) => this.calls.handlerEnded(call),
      dropped: ({ caller }, method) => {
        this.droppedNotifications += 1;
        observe?.({ type: 'notification-dropped', ...sessionOf(caller), method });
      },
    };
  }

  #onEnded(call: Call, ending: Ending): void {
    this.calls.delete(call);
    if (call.sessionId !== undefined) this.parts.activity.end(call.sessionId);
    const { observe } = this.parts;
    const log = ending.cause === undefined ? undefined : this.parts.log;
    // Hot path: builds nothing for a call without failure when there is no observer.
    if (observe === undefined && log === undefined) return;
    const facts = { ...factsOf(call), ...endOf(ending), durationMs: performance.now() - call.begunAt };
    observe?.({ type: 'call-ended', ...facts });
    log?.({ type: 'call-ended', ...facts });
  }
}

function sessionOf({ sessionId }: Caller): { session?: string } {
  return sessionId === undefined ? {} : { session: hashedId(sessionId) };
}

function factsOf({ message, caller: { sessionId: session, principal, request } }: Call): CallFacts {
  return callFacts(message, { session, principal, request });
}
