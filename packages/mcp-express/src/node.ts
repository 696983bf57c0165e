import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { McpServer } from './features/mcp-server.js';
import { ExpressInbound, type InboundEdge } from './http/express-inbound.js';
import { type OutboundEdge, outboundEdge, send, sendLast } from './http/express-outbound.js';
import { Preamble } from './http/express-preamble.js';
import { RateBudgets } from './http/express-rate-budgets.js';
import { handle, methodHandlers } from './http/handle.js';
import { HostGuard } from './http/host-guard.js';
import { KeepAlive } from './http/keep-alive.js';
import { AcceptReader } from './http/negotiate.js';
import type { Outbound } from './http/outbound.js';
import type { HttpParts } from './http/parts.js';
import { RestartHint } from './http/restart-hint.js';
import { securityHeaders } from './http/security-headers.js';
import { Showing } from './http/showing.js';
import { SlowReaders } from './http/slow-readers.js';
import { TokenWatch } from './http/token-watch.js';
import { reportsOf } from './observe/log.js';
import type { ResolvedOptions } from './options.js';
import { Protocol } from './protocol.js';
import { inFlightLimits, protocolLimits, sessionCeilings } from './protocol-limits.js';
import type { Notifier } from './request/call-scope.js';
import { InFlight } from './request/in-flight.js';
import { Activity } from './session/activity.js';
import { Changes } from './session/changes.js';
import { Sessions } from './session/sessions.js';
import { MemoryBus } from './store/memory/memory-bus.js';
import { memoryStore } from './store/memory/memory-store.js';
import { DEFAULT_STREAM_LIMITS, MemoryStreams } from './store/memory/memory-streams.js';
import { reachedStore } from './store/reached-store.js';
import type { Store } from './store/store.js';
import { Liveness } from './stream/liveness.js';
import { NodeLease } from './stream/node-lease.js';
import { Orphans } from './stream/orphans.js';
import { Streams } from './stream/streams.js';
import type { DrainOptions } from './util/drains.js';

export interface NodeStats {
  /** Sessions alive in the store. */
  readonly sessions: number;
  /** Calls running on this node, of both eras. */
  readonly calls: number;
  /** Streams shown by this node, of both eras. */
  readonly streams: number;
  /** `subscriptions/listen` streams open on this node. */
  readonly listeners: number;
  /** Tasks running on this node. */
  readonly tasks: number;
  /** Streams whose clients do not take what was written, and are waited for. */
  readonly slowReaders: number;
  /** Connections that this node cut because their clients took nothing, since it started. */
  readonly stalledReaders: number;
  /** Notifications that this node could not give to a client, because it takes no stream, since it started. */
  readonly droppedNotifications: number;
}

/** Streams in the memory of this node alone. */
function directStreams(node: string, stallMs: number): Streams {
  const store = new MemoryStreams(DEFAULT_STREAM_LIMITS, Date.now);
  return new Streams({ store, bus: new MemoryBus(), node, stallMs });
}

const DEFAULT_GRACE_MS = 5_000;

/** How long a close waits for clients to take what was written to them. */
const FLUSH_MS = 1_000;

/** One for all: answers that are no streams are over when they are sent. */
function nothing(): void {}

/** All rooms, wired: the only place that knows them all. */
export class Node {
  readonly notify: Notifier;
  readonly #options: ResolvedOptions;
  readonly #store: Store;
  readonly #lease: NodeLease;
  readonly #streams: Streams;
  /** Those of requests that stand alone, which nobody comes back for. */
  readonly #direct: Streams;
  readonly #protocol: Protocol;
  readonly #preamble: Preamble;
  readonly #inbound: InboundEdge;
  readonly #outbound: OutboundEdge;
  readonly #tokens: TokenWatch;
  readonly #http: HttpParts;
  readonly #closables: readonly { close(): void }[];
  readonly #showing = new Showing();
  readonly #failed: (where: string, cause: unknown) => void;
  #closing: Promise<void> | undefined;

  constructor(server: McpServer, options: ResolvedOptions) {
    const { retryMs, sessionIdleMs: idleMs, stallTimeoutMs: stallMs } = options;
    const reports = reportsOf(options);
    const { failed, observe } = reports;
    this.#failed = failed;
    const store = options.store === undefined ? memoryStore() : reachedStore(options.store);
    const node = randomUUID();
    const lease = new NodeLease(store.leases, node, options.leaseMs, failed);
    const liveness = new Liveness(store.leases, options.leaseMs);
    const orphans = new Orphans(store.streams, liveness, options.leaseMs, failed);
    const streams = new Streams({ store: store.streams, bus: store.bus, node, retryMs, stallMs, lease, orphans });
    const direct = directStreams(node, stallMs);
    const activity = new Activity(store.sessions, idleMs, failed);
    const changes = new Changes(server, store, streams, failed);
    const parts = { server, store, streams, activity, ...reports };
    const protocol = new Protocol({
      ...parts,
      direct,
      node,
      liveness,
      limits: protocolLimits(options),
      notifier: changes,
      streaming: !options.jsonOnly,
      refuseScopes: options.auth?.insufficientScope.bind(options.auth),
    });
    const { dispatcher, exchanges, runner } = protocol;
    const sessions = new Sessions({
      ...parts,
      changes,
      dispatcher,
      calls: runner.calls,
      limits: sessionCeilings(options),
      idleMs,
      streaming: !options.jsonOnly,
    });
    this.notify = changes;
    this.#options = options;
    this.#store = store;
    this.#lease = lease;
    this.#streams = streams;
    this.#direct = direct;
    this.#protocol = protocol;
    const keepAlive = new KeepAlive(options.keepAliveMs);
    const { maxBodyBytes, principal, auth, rateLimits, rateLimitStores, helmet, path } = options;
    const budgets = new RateBudgets({ limits: rateLimits, stores: rateLimitStores, counters: store.counters, failed });
    this.#preamble = new Preamble(new HostGuard(options), path, reports.misconfigured);
    this.#tokens = new TokenWatch(auth?.recheck === undefined ? 0 : options.authRecheckMs);
    this.#inbound = { maxBodyBytes, principal, auth, budgets, inFlight: new InFlight(inFlightLimits(options)) };
    const shared = { keepAlive, slow: new SlowReaders(stallMs, observe), restart: new RestartHint(retryMs) };
    this.#outbound = outboundEdge(shared, securityHeaders(helmet), maxBodyBytes);
    this.#http = {
      ...reports,
      sessions,
      exchanges,
      retryMs,
      hostGuard: this.#preamble.guard,
      methods: methodHandlers(options.jsonOnly),
      accept: new AcceptReader(options.strictAccept, options.jsonOnly),
      isClosing: () => this.#closing !== undefined,
    };
    this.#closables = [keepAlive, this.#outbound.unread, this.#tokens, changes, protocol, sessions, activity, orphans];
  }

  /** Never rejects: frameworks do not look at what middleware comes to. */
  async serve(request: Request, response: Response): Promise<void> {
    // Middleware that came before has answered, such as a timeout. Its client does not wait for anything any more.
    if (response.headersSent || response.writableEnded) return;
    const isLast = this.#closing !== undefined;
    try {
      const inbound = new ExpressInbound(request, response, this.#inbound);
      const outbound = this.#preamble.begin(request, response) ?? (await handle(inbound, this.#http));
      if (outbound.kind === 'stream') this.#show(inbound, response, outbound);
      else this.#send(response, outbound, nothing, isLast);
    } catch (cause) {
      this.#fail(response, cause);
    }
  }

  /** Nothing waits for its end: what a function holds that waits is held for as long as the stream is open. */
  #show(inbound: ExpressInbound, response: Response, outbound: Outbound & { kind: 'stream' }): void {
    const unwatch = outbound.lasting === true ? this.#tokens.watch(inbound.tokenOf(outbound)) : undefined;
    this.#showing.begin();
    const onOver = (): void => {
      this.#showing.end();
      unwatch?.();
    };
    if (this.#send(response, outbound, onOver)) return;
    outbound.reader.close('client-gone');
    onOver();
  }

  /** False when it cannot be sent, because of what other middleware made of the response: that ends its connection only. */
  #send(response: Response, outbound: Outbound, onOver: () => void, isLast = false): boolean {
    try {
      (isLast ? sendLast : send)(response, outbound, this.#outbound, onOver);
      return true;
    } catch (cause) {
      this.#fail(response, cause);
      return false;
    }
  }

  #fail(response: Response, cause: unknown): void {
    this.#failed('sending an answer', cause);
    response.destroy();
  }

  async stats(): Promise<NodeStats> {
    const sessions = await this.#store.sessions.count();
    const { runner, listeners, tasks } = this.#protocol;
    return {
      sessions,
      calls: runner.calls.count,
      streams: this.#streams.readerCount + this.#direct.readerCount,
      listeners: listeners.count,
      tasks: tasks.count,
      slowReaders: this.#outbound.slow.waiting,
      stalledReaders: this.#outbound.slow.cut,
      droppedNotifications: runner.droppedNotifications,
    };
  }

  /** False once it is closing, and while the store cannot be written to. */
  async isReady(): Promise<boolean> {
    if (this.#closing !== undefined) return false;
    try {
      await this.#store.ping?.();
      return true;
    } catch {
      return false;
    }
  }

  close({ graceMs = DEFAULT_GRACE_MS }: DrainOptions): Promise<void> {
    this.#closing ??= this.#close(graceMs);
    return this.#closing;
  }

  async #flushed(): Promise<void> {
    await Promise.race([this.#showing.none(), delay(FLUSH_MS, undefined, { ref: false })]);
  }

  async #close(graceMs: number): Promise<void> {
    this.#outbound.restart.begin(graceMs);
    const busy = new Set(this.#protocol.runner.calls.all().map((call) => call.key));
    this.#streams.closeReaders('shutting-down', (key) => !busy.has(key.session));
    await this.#protocol.drain(graceMs);
    // The answers are in the log by now, and their readers come to them if the store and their clients let them.
    for (const streams of [this.#streams, this.#direct]) streams.closeReadersWhenDry('shutting-down');
    await this.#flushed();
    for (const streams of [this.#streams, this.#direct]) streams.close();
    await this.#flushed();
    for (const part of this.#closables) part.close();
    await this.#lease.close();
    if (this.#options.store === undefined) await this.#store.close();
  }
}
