import { randomBytes } from 'node:crypto';
import { Discovery } from './features/discovery/server-capabilities.js';
import type { FeatureDeps, SessionSubscriptionLimits } from './features/feature.js';
import { sessionMethods, statelessMethods } from './features/features.js';
import { IdempotentCalls, type IdempotentCallsDeps } from './features/idempotency/idempotent-calls.js';
import type { McpServer } from './features/mcp-server.js';
import { type RefuseScopes, ScopeChecker } from './features/scope-checker.js';
import { Listeners } from './features/subscriptions/listeners.js';
import { WatchedResources } from './features/subscriptions/watched-resources.js';
import { TaskRepository } from './features/tasks/task-repository.js';
import { type TaskLimits, Tasks } from './features/tasks/tasks.js';
import { KeptResults } from './features/tools/kept-results.js';
import type { NodeInstruments } from './observe/instrumentation.js';
import type { Observer } from './observe/observe.js';
import { type CallLimits, CallRunner } from './request/runner.js';
import type { Notifier } from './request/running-call.js';
import { SessionMessages } from './request/session-messages.js';
import { StoredBytes } from './request/stored-bytes.js';
import { tracedMethods } from './request/tracing.js';
import { UnawaitedRequests, type Warn } from './request/unawaited-requests.js';
import { UrlElicitations } from './request/url-elicitations.js';
import { Dispatcher } from './session/dispatcher.js';
import { InputRequiredWriter } from './stateless/input-required-result.js';
import { StateSealer } from './stateless/request-state.js';
import { StatelessResults } from './stateless/results.js';
import { StatelessRequests } from './stateless/stateless-requests.js';
import type { SessionId, Store } from './store/store.js';
import type { NodeLiveness } from './stream/node-liveness.js';
import type { Streams } from './stream/streams.js';

/** Limits of the protocol room. Times are milliseconds. */
export interface ProtocolLimits extends CallLimits {
  readonly callsPerSession: number;
  /** Most bytes of text in the result of a tool. 0 disables the limit. */
  readonly resultBytes: number;
  /** Subscribed resources per session, or per `subscriptions/listen`. */
  readonly subscriptions: SessionSubscriptionLimits;
  readonly listenersPerOwner: number;
  /** An idle session expires after this time. */
  readonly idleMs: number;
  /** Most calls of stateless requests on this node. */
  readonly calls: number;
  /** 0 disables the limit. */
  readonly callTimeoutMs: number;
  /** Keys of request states. Absent: the nodes of the store agree on a random key. */
  readonly stateKeys: readonly (string | Uint8Array)[] | undefined;
  readonly stateTtlMs: number;
  readonly stateOnce: boolean;
  /** Most characters of stored results per principal, or per address of anonymous callers. */
  readonly keptBytesPerOwner: number;
  readonly tasks: TaskLimits;
  readonly idempotency: Pick<IdempotentCallsDeps, 'ttlMs' | 'limits'>;
}

/** The parts of a node that the protocol room needs. */
export interface ProtocolDeps {
  readonly server: McpServer;
  readonly store: Store;
  /** Streams of sessions. */
  readonly streams: Streams;
  /** Streams of stateless requests, which are dropped with their connection. */
  readonly direct: Streams;
  readonly node: string;
  readonly liveness: NodeLiveness;
  readonly notifier: Notifier;
  readonly limits: ProtocolLimits;
  /** Clients can receive streams. */
  readonly streaming: boolean;
  /** Absent: the application authenticates, so a plain refusal is used. */
  readonly refuseScopes: RefuseScopes | undefined;
  readonly observe: Observer | undefined;
  readonly observeCalls: Observer | undefined;
  readonly instruments: NodeInstruments | undefined;
  /** Receives only calls and tasks whose handlers failed. */
  readonly log: Observer | undefined;
  readonly failed: (where: string, cause: unknown) => void;
  /** Receives warnings about mistakes in handlers. */
  readonly warn: Warn;
  /** Notified when a session starts and stops having running calls. */
  readonly activity: { begin(session: SessionId): void; end(session: SessionId): void };
}

const STATE_KEY_BYTES = 32;

/** Messages of clients that no feature answers. */
const CLIENT_MESSAGES = [
  'initialize',
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/progress',
  'notifications/roots/list_changed',
];

/** The MCP methods of this node, wired together: messages of sessions, and stateless requests. */
export class Protocol {
  readonly limits: ProtocolLimits;
  readonly runner: CallRunner;
  readonly dispatcher: Dispatcher;
  readonly statelessRequests: StatelessRequests;
  readonly listeners: Listeners;
  readonly tasks: Tasks;
  readonly watched: WatchedResources;
  /** The names of all messages that clients may send, without those of extensions. */
  readonly #methods: ReadonlySet<string>;
  readonly #repository: TaskRepository;
  readonly #idempotent: IdempotentCalls;
  readonly #server: McpServer;

  constructor(parts: ProtocolDeps) {
    const { failed, instruments, limits, liveness, log, node, observe, server, store } = parts;
    const { bus, claims } = store;
    const results = resultsOf(server);
    const sealer = sealerOf(parts);
    this.limits = limits;
    this.#server = server;
    const book = new TaskRepository({ store: store.tasks, bus, node, liveness, failed });
    this.#repository = book;
    const storedBytes = new StoredBytes(limits.keptBytesPerOwner);
    const elicitations = new UrlElicitations(store, parts.streams, limits.tasks.total);
    const unawaited = new UnawaitedRequests(parts.warn);
    const shared = { repository: book, storedBytes };
    this.tasks = new Tasks({ ...shared, bus, results, limits: limits.tasks, observe, log, instruments, unawaited });
    const scopes = new ScopeChecker(server, parts.refuseScopes);
    this.#idempotent = new IdempotentCalls({ ...shared, scopes, server: server.info.name, ...limits.idempotency });
    const listenLimits = { perOwner: limits.listenersPerOwner, uris: limits.subscriptions.count };
    this.watched = new WatchedResources({ server, bus, sessions: store.sessions, idleMs: limits.idleMs, failed });
    const { tasks, watched } = this;
    this.listeners = new Listeners({ server, bus, tasks, watched, limits: listenLimits, failed });
    const kept = keptResultsOf(parts, storedBytes);
    const deps: FeatureDeps = {
      kept,
      server,
      sessions: store.sessions,
      subscriptions: store.subscriptions,
      subscriptionLimits: limits.subscriptions,
      watched,
      callTimeoutMs: limits.callTimeoutMs,
      listeners: this.listeners,
      tasks,
      idempotent: this.#idempotent,
      scopes,
      discovery: new Discovery(server, parts.streaming),
    };
    this.runner = new CallRunner({
      ...parts,
      unawaited,
      elicitations,
      outgoing: (method, params, context) => server.extensions.outgoing(method, params, context),
      inputRequired: new InputRequiredWriter(results, sealer, instruments),
    });
    const { runner } = this;
    attachDelegate(parts, runner);
    const methods = tracedMethods(sessionMethods(deps), instruments);
    const stateless = statelessMethods(deps);
    this.#methods = new Set([...methods.core.keys(), ...stateless.core.keys(), ...CLIENT_MESSAGES]);
    this.dispatcher = new Dispatcher({ server, scopes, runner, methods, callsPerSession: limits.callsPerSession });
    this.statelessRequests = new StatelessRequests({
      runner,
      methods: stateless,
      instruments,
      extensions: server.extensions,
      sealer,
      claims,
      statesOnce: limits.stateOnce,
      calls: limits.calls,
      results,
      uncached: resultsOf(server, false),
    });
  }

  /**
   * Ends the subscriptions and waits up to `graceMs` milliseconds for calls and tasks. The rest fail with
   * `shutting-down`.
   */
  async drain(graceMs: number): Promise<void> {
    this.listeners.close();
    await Promise.all([this.runner.drain(graceMs), this.tasks.drain(graceMs)]);
    this.#repository.giveUp();
    await this.#idempotent.settled();
  }

  /** Whether a method is served, or a tool or prompt registered. */
  isKnown(kind: 'method' | 'tool' | 'prompt', name: string): boolean {
    if (kind === 'method') return this.#methods.has(name) || this.#server.extensions.has(name);
    const { tools, prompts } = this.#server.catalog;
    return (kind === 'tool' ? tools : prompts).entries.has(name);
  }

  close(): void {
    this.runner.close();
    this.tasks.close();
    this.watched.close();
    this.#idempotent.close();
  }
}

function resultsOf(server: McpServer, cacheable = true): StatelessResults {
  return new StatelessResults(() => server.delegate?.info ?? server.info, cacheable);
}

/** Gives a hosted server the means to send messages outside calls. */
function attachDelegate({ failed, limits, notifier, server, store, streams }: ProtocolDeps, runner: CallRunner): void {
  const { pendingClientRequests: requests } = runner;
  const messages = new SessionMessages({ store, streams, requests, timeoutMs: limits.clientRequestTimeoutMs });
  server.delegate?.attach({ messages, notifier, sessions: store.sessions, failed });
}

/** Seals request states with the given keys, or with one that the nodes of the store agree on. */
function sealerOf({ failed, limits, server, store }: ProtocolDeps): StateSealer {
  const { name } = server.info;
  const agreed = () => store.values.agree(`state-key:${name}`, randomBytes(STATE_KEY_BYTES).toString('base64url'));
  const sealer = new StateSealer(limits.stateKeys ?? agreed, name, limits.stateTtlMs);
  // Fetched early, so that no request has to wait for it.
  sealer.ready()?.catch((cause: unknown) => failed('agreeing on the key of states', cause));
  return sealer;
}

function keptResultsOf({ failed, limits, observe, store }: ProtocolDeps, storedBytes: StoredBytes): KeptResults {
  const { ttlMs, total } = limits.tasks;
  return new KeptResults({
    store: store.tasks,
    storedBytes,
    maxBytes: limits.resultBytes,
    ttlMs,
    total,
    observe,
    failed,
  });
}
