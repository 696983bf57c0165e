import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { McpServer } from './features/mcp-server.js';
import type { HttpDeps } from './http/deps.js';
import { EarlyChecks } from './http/express-early-checks.js';
import { ExpressRequest, type RequestDeps } from './http/express-request.js';
import { type ResponseDeps, responseDeps, send, sendLast } from './http/express-response.js';
import { handle, methodHandlers } from './http/handle.js';
import type { HttpResponse } from './http/http-response.js';
import { KeepAlive } from './http/keep-alive.js';
import { AcceptReader } from './http/negotiate.js';
import { OpenStreams } from './http/open-streams.js';
import { RestartHint } from './http/restart-hint.js';
import { RateBudgets } from './http/security/express-rate-budgets.js';
import { HostGuard } from './http/security/host-guard.js';
import { securityHeaders } from './http/security/security-headers.js';
import { TokenWatch } from './http/security/token-watch.js';
import { SlowReaders } from './http/slow-readers.js';
import { reportsOf } from './observe/log.js';
import type { ResolvedOptions } from './options.js';
import { Protocol } from './protocol.js';
import { inFlightLimits, protocolLimits, sessionCeilings } from './protocol-limits.js';
import { InFlight } from './request/in-flight.js';
import type { Notifier } from './request/running-call.js';
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
import { Streams } from './stream/streams.js';
import type { DrainOptions } from './util/drains.js';

/** Counters of this node, for `McpRouter.stats`. `calls` and `tasks` are those that are running. */
export interface NodeStats {
  /** Sessions alive in the store. */
  readonly sessions: number;
  readonly calls: number;
  /** Open streams of this node. */
  readonly streams: number;
  /** `subscriptions/listen` streams open on this node. */
  readonly listeners: number;
  readonly tasks: number;
  /** Clients that do not drain their streams and are being waited for. */
  readonly slowReaders: number;
  /** Connections that this node cut since its start because their clients drained nothing. */
  readonly stalledReaders: number;
  /** Notifications that this node dropped since its start because their clients accept no stream. */
  readonly droppedNotifications: number;
}

/** Streams in the memory of this node only. */
function directStreams(node: string, stallMs: number): Streams {
  const store = new MemoryStreams(DEFAULT_STREAM_LIMITS, Date.now);
  return new Streams({ store, bus: new MemoryBus(), node, stallMs });
}

const DEFAULT_GRACE_MS = 5_000;

/** Milliseconds that `close` waits for clients to take the bytes already written. */
const FLUSH_MS = 1_000;

/** Shared callback: responses that are no streams need no cleanup. */
function nothing(): void {}

/** Wires all rooms together: the only file that knows them all. */
export class Node {
  readonly notify: Notifier;
  readonly #options: ResolvedOptions;
  readonly #store: Store;
  readonly #lease: NodeLease;
  readonly #streams: Streams;
  /** Streams of stateless requests, which cannot be resumed. */
  readonly #direct: Streams;
  readonly #protocol: Protocol;
  readonly #earlyChecks: EarlyChecks;
  readonly #requests: RequestDeps;
  readonly #responses: ResponseDeps;
  readonly #tokens: TokenWatch;
  readonly #http: HttpDeps;
  readonly #closables: readonly { close(): void }[];
  readonly #openStreams = new OpenStreams();
  readonly #failed: (where: string, cause: unknown) => void;
  #closing: Promise<void> | undefined;

  constructor(server: McpServer, options: ResolvedOptions) {
    const { retryMs, sessionIdleMs: idleMs, stallTimeoutMs: stallMs } = options;
    const reports = reportsOf(options);
    const { failed, observe } = reports;
    this.#failed = failed;
    const store = options.store === undefined ? memoryStore() : orStoreUnavailable(options.store);
    const node = randomUUID();
    const lease = new NodeLease(store.leases, node, options.leaseMs, failed);
    const liveness = new NodeLiveness(store.leases, options.leaseMs);
    const pending = new PendingResponseWatch(store.streams, liveness, options.leaseMs, failed);
    const streams = new Streams({ store: store.streams, bus: store.bus, node, retryMs, stallMs, lease, pending });
    const direct = directStreams(node, stallMs);
    const activity = new Activity(store.sessions, idleMs, failed);
    const changes = new ChangeNotifier(server, store, streams, failed);
    const deps = { server, store, streams, activity, ...reports };
    const protocol = new Protocol({
      ...deps,
      direct,
      node,
      liveness,
      limits: protocolLimits(options),
      notifier: changes,
      streaming: !options.jsonOnly,
      refuseScopes: options.auth?.insufficientScope.bind(options.auth),
    });
    const { dispatcher, statelessRequests, runner, watched } = protocol;
    const sessions = new Sessions({
      ...deps,
      changes,
      watched,
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
    this.#earlyChecks = new EarlyChecks(new HostGuard(options), path, reports.misconfigured);
    this.#tokens = new TokenWatch(auth?.recheck === undefined ? 0 : options.authRecheckMs);
    this.#requests = { maxBodyBytes, principal, auth, budgets, inFlight: new InFlight(inFlightLimits(options)) };
    const shared = { keepAlive, slow: new SlowReaders(stallMs, observe), restart: new RestartHint(retryMs) };
    this.#responses = responseDeps(shared, securityHeaders(helmet), maxBodyBytes);
    this.#http = {
      ...reports,
      sessions,
      statelessRequests,
      retryMs,
      hostGuard: this.#earlyChecks.guard,
      methods: methodHandlers(options.jsonOnly),
      accept: new AcceptReader(options.strictAccept, options.jsonOnly),
      isClosing: () => this.#closing !== undefined,
    };
    this.#closables = [keepAlive, this.#responses.unread, this.#tokens, changes, protocol, sessions, activity, pending];
  }

  /** Never rejects, because Express 4 ignores the promise of a handler. */
  async serve(request: Request, response: Response): Promise<void> {
    // Earlier middleware has responded, such as a timeout.
    if (response.headersSent || response.writableEnded) return;
    const isLast = this.#closing !== undefined;
    try {
      const httpRequest = new ExpressRequest(request, response, this.#requests);
      const httpResponse = this.#earlyChecks.run(request, response) ?? (await handle(httpRequest, this.#http));
      if (httpResponse.kind === 'stream') this.#stream(httpRequest, response, httpResponse);
      else this.#send(response, httpResponse, nothing, isLast);
    } catch (cause) {
      this.#fail(response, cause);
    }
  }

  /** No promise is awaited here: a suspended function would keep its memory for as long as the stream is open. */
  #stream(httpRequest: ExpressRequest, response: Response, httpResponse: HttpResponse & { kind: 'stream' }): void {
    const unwatch = httpResponse.lasting === true ? this.#tokens.watch(httpRequest.tokenOf(httpResponse)) : undefined;
    this.#openStreams.begin();
    const onOver = (): void => {
      this.#openStreams.end();
      unwatch?.();
    };
    if (this.#send(response, httpResponse, onOver)) return;
    httpResponse.reader.close('client-gone');
    onOver();
  }

  /** False if other middleware has made sending impossible, which ends only this connection. */
  #send(response: Response, httpResponse: HttpResponse, onOver: () => void, isLast = false): boolean {
    try {
      (isLast ? sendLast : send)(response, httpResponse, this.#responses, onOver);
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
      slowReaders: this.#responses.slow.waiting,
      stalledReaders: this.#responses.slow.cut,
      droppedNotifications: runner.droppedNotifications,
    };
  }

  /** False once the node is closing, and while the store cannot be written to. */
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
    await Promise.race([this.#openStreams.none(), delay(FLUSH_MS, undefined, { ref: false })]);
  }

  async #close(graceMs: number): Promise<void> {
    this.#responses.restart.begin(graceMs);
    const busy = new Set(this.#protocol.runner.calls.all().map((call) => call.key));
    this.#streams.closeReaders('shutting-down', (key) => !busy.has(key.session));
    await this.#protocol.drain(graceMs);
    // All answers are in the log now; readers deliver them as far as the store and the clients permit.
    for (const streams of [this.#streams, this.#direct]) streams.closeReadersWhenDrained('shutting-down');
    await this.#flushed();
    for (const streams of [this.#streams, this.#direct]) streams.close();
    await this.#flushed();
    for (const part of this.#closables) part.close();
    await this.#lease.close();
    if (this.#options.store === undefined) await this.#store.close();
  }
}
