import type { NodeInstruments } from '../observe/instrumentation.js';
import { endOf, hashedId, type Observer } from '../observe/observe.js';
import { McpError } from '../protocol/errors.js';
import type { JsonRpcRequest } from '../protocol/json-rpc.js';
import type { InputRequiredWriter } from '../stateless/input-required-result.js';
import type { SessionId, Store } from '../store/store.js';
import type { Streams } from '../stream/streams.js';
import { PendingWork } from '../util/pending-work.js';
import { Call } from './call.js';
import type { CallDeps, CallOptions, Ending } from './call-deps.js';
import { factsOf, sessionOf } from './call-facts.js';
import { Calls } from './calls.js';
import { HandlerRequest } from './handler-request.js';
import { type Method, methodNotFound } from './method.js';
import { MrtrClientRequests } from './mrtr.js';
import { PendingClientRequests } from './pending-client-requests.js';
import type { RequestContext } from './request-context.js';
import type { ResponseOptions } from './response.js';
import { type ResponseDeps, ResponseWriter } from './response-writer.js';
import { SessionClientRequests } from './session-client-requests.js';
import { SlowResponses } from './slow-responses.js';
import { endTrace, TracedClientRequests } from './tracing.js';
import type { UnawaitedRequests } from './unawaited-requests.js';
import { UnstoredResults } from './unstored.js';
import { endWithoutElicitation, endWithUrlElicitations, isUrlElicitationRequired } from './url-elicitation-required.js';
import type { UrlElicitations } from './url-elicitations.js';
import { withinGrace } from './within-grace.js';

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
export interface RunnerDeps extends Pick<CallDeps, 'notifier' | 'outgoing'> {
  /** The streams of sessions. */
  readonly streams: Streams;
  /** Streams of stateless requests, which are dropped with their connection. */
  readonly direct: Streams;
  readonly store: Store;
  readonly node: string;
  readonly limits: CallLimits;
  readonly inputRequired: InputRequiredWriter;
  readonly observe: Observer | undefined;
  /** Receives the events of calls. */
  readonly observeCalls: Observer | undefined;
  readonly instruments: NodeInstruments | undefined;
  /** Receives only calls whose handlers failed. */
  readonly log: Observer | undefined;
  readonly failed: (where: string, cause: unknown) => void;
  readonly unawaited: UnawaitedRequests;
  readonly elicitations: UrlElicitations;
  /** Notified when a session starts and stops having running calls. */
  readonly activity: { begin(session: SessionId): void; end(session: SessionId): void };
}

/** The method that answers a call, its response and its result format. */
export interface RunOptions extends CallOptions {
  /** Absent for an unknown method. */
  readonly method: Method | undefined;
}

/** Runs the calls of this node, of all revisions, and counts them. */
export class CallRunner {
  readonly calls: Calls;
  readonly pendingClientRequests: PendingClientRequests;
  /** Since the node started. */
  droppedNotifications = 0;
  #draining = false;
  readonly #slow: SlowResponses;
  readonly #storing = new PendingWork();
  readonly #unstored = new UnstoredResults();
  readonly #sessionResponses: ResponseDeps;
  readonly #statelessResponses: ResponseDeps;
  readonly #callDeps: CallDeps;

  constructor(private readonly deps: RunnerDeps) {
    const { direct, instruments, limits, node, observe, store, streams } = deps;
    this.calls = new Calls(store.bus, limits.heartbeatMs);
    this.pendingClientRequests = new PendingClientRequests(store.bus, node, (other) => store.leases.isHeld(other));
    this.#slow = new SlowResponses(limits.sseAfterMs);
    const replies = {
      slowResponses: this.#slow,
      storing: this.#storing,
      unstored: this.#unstored,
      instruments,
      failed: (where: string, cause: unknown) => this.failed(where, cause),
    };
    this.#sessionResponses = {
      ...replies,
      streams,
      statusMatters: false,
      streamOpened: ({ session }) => observe?.({ type: 'stream-opened', session: hashedId(session), kind: 'reply' }),
    };
    this.#statelessResponses = {
      ...replies,
      streams: direct,
      statusMatters: true,
      streamOpened: () => observe?.({ type: 'stream-opened', kind: 'reply' }),
      streamClosed: ({ session }) => void direct.drop(session),
    };
    this.#callDeps = this.#makeCallDeps();
  }

  /**
   * A response in a session, whose stream is kept so that the client can resume it.
   * @throws McpError `shutting-down` once the node drains its calls
   */
  sessionResponse(options: ResponseOptions): ResponseWriter {
    this.#assertOpen();
    return new ResponseWriter(this.#sessionResponses, options);
  }

  /**
   * A response to a stateless request, whose stream is dropped with its connection.
   * @throws McpError `shutting-down` once the node drains its calls
   */
  statelessResponse(options: ResponseOptions): ResponseWriter {
    this.#assertOpen();
    return new ResponseWriter(this.#statelessResponses, options);
  }

  start(request: JsonRpcRequest, caller: RequestContext, how: RunOptions): Call {
    const call = new Call(request, caller, how, this.#callDeps);
    this.calls.add(call);
    if (caller.sessionId !== undefined) this.deps.activity.begin(caller.sessionId);
    this.deps.observeCalls?.({ type: 'call-begun', ...factsOf(call) });
    this.calls.handlerBegan(call);
    void this.#run(call, how.method);
    return call;
  }

  /** @throws McpError `too-many-calls` if `wanted` more calls would exceed the limit of this holder on this node */
  assertRoomFor(holder: string, wanted: number): void {
    const { callsPerOwner } = this.deps.limits;
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
    for (const streams of [this.deps.streams, this.deps.direct]) streams.stopWaiting();
    await withinGrace(this.#storing.settled(), STORING_MS);
    this.#unstored.giveUp();
  }

  close(): void {
    this.#slow.close();
    this.calls.close();
    this.pendingClientRequests.close();
  }

  failed(where: string, cause: unknown): void {
    this.deps.failed(where, cause);
  }

  /** Refuses a request that was accepted before the shutdown began: its call would outlive the node's lease. */
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
      if (isUrlElicitationRequired(thrown)) await this.#sendToPages(call, thrown);
      else this.#fail(call, thrown);
    }
    if (call.isReleased) return;
    if (call.handler !== undefined) await call.handler.catch((cause) => this.failed(call.message.method, cause));
    this.calls.handlerEnded(call);
  }

  #fail(call: Call, thrown: unknown): void {
    const error = McpError.from(thrown);
    call.fail(error);
    if (error.code === 'internal-error') this.failed(call.message.method, error.cause);
  }

  async #sendToPages(call: Call, error: McpError): Promise<void> {
    try {
      await endWithUrlElicitations(call, error, this.deps.elicitations);
    } catch (thrown) {
      if (McpError.is(thrown)) endWithoutElicitation(call, thrown);
      else this.#fail(call, thrown);
    }
  }

  #makeCallDeps(): CallDeps {
    const { elicitations, inputRequired, instruments, limits, notifier, observe, outgoing, unawaited } = this.deps;
    const timeoutMs = limits.clientRequestTimeoutMs;
    return {
      notifier,
      requestOf: ({ request }) => new HandlerRequest(request, limits.credentialHeaders),
      clientRequestsOf: (call) => {
        if (call.context.revision.era === 'modern') return new MrtrClientRequests(call, call.inputs);
        const onUrlElicitation = (id: string): Promise<void> => elicitations.remember(call.context, id);
        const requests = new SessionClientRequests(call, this.pendingClientRequests, { timeoutMs, onUrlElicitation });
        const span = instruments?.of(call.sent);
        return span === undefined ? requests : new TracedClientRequests(requests, span);
      },
      writeInputRequired: (call, asked) => inputRequired.write(call, asked),
      failed: (call, cause) => this.failed(call.message.method, cause),
      unawaited: ({ message }) => unawaited.report(message),
      outgoing,
      ended: (call, ending) => this.#onEnded(call, ending),
      released: (call) => this.calls.handlerEnded(call),
      dropped: ({ context }, method) => {
        this.droppedNotifications += 1;
        observe?.({ type: 'notification-dropped', ...sessionOf(context), method });
      },
    };
  }

  #onEnded(call: Call, ending: Ending): void {
    this.calls.delete(call);
    if (call.sessionId !== undefined) this.deps.activity.end(call.sessionId);
    const { instruments, observeCalls: observe } = this.deps;
    if (instruments !== undefined) endTrace(call, ending, instruments);
    const log = ending.cause === undefined ? undefined : this.deps.log;
    // Hot path: builds nothing for a call without failure when there is no observer.
    if (observe === undefined && log === undefined) return;
    const facts = { ...factsOf(call), ...endOf(ending), durationMs: performance.now() - call.begunAt };
    observe?.({ type: 'call-ended', ...facts });
    log?.({ type: 'call-ended', ...facts });
  }
}
