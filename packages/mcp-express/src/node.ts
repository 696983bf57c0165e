import { setTimeout as delay } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { Engine } from './engine.js';
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
import type { ResolvedOptions } from './options.js';
import { inFlightLimits } from './protocol-limits.js';
import type { CallOperations } from './request/call-operations.js';
import { InFlight } from './request/in-flight.js';
import type { Notifier } from './request/running-call.js';
import type { SessionOperations } from './session/session-operations.js';
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

const DEFAULT_GRACE_MS = 5_000;

/** Milliseconds that `close` waits for clients to take the bytes already written. */
const FLUSH_MS = 1_000;

/** Shared callback: responses that are no streams need no cleanup. */
function nothing(): void {}

/** One router on one node: the engine behind HTTP. */
export class Node {
  readonly notify: Notifier;
  readonly sessions: SessionOperations;
  readonly calls: CallOperations;
  readonly #engine: Engine;
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
    const { retryMs, stallTimeoutMs: stallMs } = options;
    const engine = new Engine(server, options);
    const { changes, protocol, reports, sessions, store } = engine;
    const { failed, observe } = reports;
    this.#failed = failed;
    this.#engine = engine;
    engine.slowReaders = () => this.#responses.slow.waiting;
    this.notify = changes;
    this.sessions = sessions.operations;
    this.calls = engine.calls;
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
      instruments: engine.instruments,
      sessions,
      statelessRequests: protocol.statelessRequests,
      retryMs,
      hostGuard: this.#earlyChecks.guard,
      methods: methodHandlers(options.jsonOnly),
      accept: new AcceptReader(options.strictAccept, options.jsonOnly),
      isClosing: () => this.#closing !== undefined,
    };
    this.#closables = [keepAlive, this.#responses.unread, this.#tokens];
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
    const { waiting: slowReaders, cut: stalledReaders } = this.#responses.slow;
    return { ...(await this.#engine.stats()), slowReaders, stalledReaders };
  }

  /** False once the node is closing, and while the store cannot be written to. */
  async isReady(): Promise<boolean> {
    if (this.#closing !== undefined) return false;
    try {
      await this.#engine.store.ping?.();
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
    await this.#engine.drain(graceMs);
    await this.#flushed();
    this.#engine.closeStreams();
    await this.#flushed();
    for (const part of this.#closables) part.close();
    await this.#engine.close();
  }
}
