import { randomUUID } from 'node:crypto';
import type { McpServer } from './features/mcp-server.js';
import type { InstrumentedNode, NodeInstruments } from './observe/instrumentation.js';
import { type Reports, reportsOf } from './observe/log.js';
import type { ResolvedOptions } from './options.js';
import { Protocol } from './protocol.js';
import { protocolLimits, sessionCeilings } from './protocol-limits.js';
import { NodeCallOperations } from './request/call-operations.js';
import { Activity } from './session/activity.js';
import { ChangeNotifier } from './session/change-notifier.js';
import { Sessions } from './session/sessions.js';
import { MemoryBus } from './store/memory/memory-bus.js';
import { memoryStore } from './store/memory/memory-store.js';
import { DEFAULT_STREAM_LIMITS, MemoryStreams } from './store/memory/memory-streams.js';
import type { Store } from './store/store.js';
import { orStoreUnavailable } from './store/store-errors.js';
import { NodeLease } from './stream/node-lease.js';
import { NodeLiveness } from './stream/node-liveness.js';
import { PendingResponseWatch } from './stream/pending-responses.js';
import type { CloseReason } from './stream/reader-sink.js';
import { Streams } from './stream/streams.js';

/** Streams in the memory of this node only. */
function directStreams(node: string, stallMs: number): Streams {
  const store = new MemoryStreams(DEFAULT_STREAM_LIMITS, Date.now);
  return new Streams({ store, bus: new MemoryBus(), node, stallMs });
}

/** The memory of this process is not traced: its steps take microseconds. */
function storeOf(given: Store | undefined, instruments: NodeInstruments | undefined): Store {
  const store = given && orStoreUnavailable(given);
  return store === undefined ? memoryStore() : (instruments?.store(store) ?? store);
}

/** Counters that do not depend on the transport. */
export interface EngineStats {
  readonly sessions: number;
  readonly calls: number;
  readonly streams: number;
  readonly listeners: number;
  readonly tasks: number;
  readonly droppedNotifications: number;
}

/** Sessions, stateless requests and their streams on one node: all of a server but its transport, HTTP or stdio. */
export class Engine {
  readonly store: Store;
  readonly reports: Reports;
  readonly instruments: NodeInstruments | undefined;
  /** Clients that are waited for; counted by the transport. */
  slowReaders = (): number => 0;
  readonly changes: ChangeNotifier;
  readonly sessions: Sessions;
  /** Lists and cancels calls for operators. */
  readonly calls: NodeCallOperations;
  readonly protocol: Protocol;
  readonly #lease: NodeLease;
  readonly #streams: Streams;
  /** Streams of stateless requests, which cannot be resumed. */
  readonly #direct: Streams;
  readonly #closables: readonly { close(): void }[];
  readonly #ownsStore: boolean;

  constructor(server: McpServer, options: ResolvedOptions) {
    const { retryMs, sessionIdleMs: idleMs, stallTimeoutMs: stallMs } = options;
    const node = randomUUID();
    const instruments = options.instrument?.attach(this.#instrumented(node));
    const reports = reportsOf(options, instruments);
    const { failed } = reports;
    const store = storeOf(options.store, instruments);
    const lease = new NodeLease(store.leases, node, options.leaseMs, failed);
    const liveness = new NodeLiveness(store.leases, options.leaseMs);
    const pending = new PendingResponseWatch(store.streams, liveness, options.leaseMs, failed);
    const streams = new Streams({ store: store.streams, bus: store.bus, node, retryMs, stallMs, lease, pending });
    const direct = directStreams(node, stallMs);
    const activity = new Activity(store.sessions, idleMs, failed);
    const changes = new ChangeNotifier(server, store, streams, failed);
    const deps = { server, store, streams, activity, instruments, ...reports };
    const limits = protocolLimits(options);
    const protocol = new Protocol({
      ...deps,
      direct,
      node,
      liveness,
      limits,
      notifier: changes,
      streaming: !options.jsonOnly,
      refuseScopes: options.auth?.insufficientScope.bind(options.auth),
    });
    const { dispatcher, runner, watched } = protocol;
    const sessions = new Sessions({
      ...deps,
      changes,
      watched,
      dispatcher,
      calls: runner.calls,
      limits: sessionCeilings(options),
      callTimeoutMs: limits.callTimeoutMs,
      credentialHeaders: limits.credentialHeaders,
      idleMs,
      streaming: !options.jsonOnly,
    });
    this.calls = new NodeCallOperations({
      ...reports,
      calls: runner.calls,
      bus: store.bus,
      node,
      isShared: options.store !== undefined,
    });
    this.store = store;
    this.reports = reports;
    this.instruments = instruments;
    this.changes = changes;
    this.sessions = sessions;
    this.protocol = protocol;
    this.#lease = lease;
    this.#streams = streams;
    this.#direct = direct;
    const parts = [this.calls, changes, protocol, sessions, activity, pending];
    this.#closables = instruments === undefined ? parts : [instruments, ...parts];
    this.#ownsStore = options.store === undefined;
  }

  async stats(): Promise<EngineStats> {
    return { sessions: await this.store.sessions.count(), ...this.#figures() };
  }

  #instrumented(id: string): InstrumentedNode {
    return {
      id,
      isKnown: (kind, name) => this.protocol.isKnown(kind, name),
      figures: () => ({ ...this.#figures(), slowReaders: this.slowReaders() }),
      sessions: () => this.store.sessions.count(),
    };
  }

  #figures(): Omit<EngineStats, 'sessions'> {
    const { runner, listeners, tasks } = this.protocol;
    return {
      calls: runner.calls.count,
      streams: this.#streams.readerCount + this.#direct.readerCount,
      listeners: listeners.count,
      tasks: tasks.count,
      droppedNotifications: runner.droppedNotifications,
    };
  }

  /**
   * Lets the running calls finish for up to `graceMs` milliseconds, and completes the others with an error. All answers
   * are in the log then; readers deliver them as far as the store and the clients permit.
   */
  async drain(graceMs: number): Promise<void> {
    const busy = new Set(this.protocol.runner.calls.all().map((call) => call.key));
    this.#streams.closeReaders('shutting-down', (key) => !busy.has(key.session));
    await this.protocol.drain(graceMs);
    const reason: CloseReason = 'shutting-down';
    for (const streams of [this.#streams, this.#direct]) streams.closeReadersWhenDrained(reason);
  }

  /** Closes all readers, whatever they have delivered. */
  closeStreams(): void {
    for (const streams of [this.#streams, this.#direct]) streams.close();
  }

  /** Releases everything else: the last step, after `closeStreams`. */
  async close(): Promise<void> {
    for (const part of this.#closables) part.close();
    await this.#lease.close();
    if (this.#ownsStore) await this.store.close();
  }
}
