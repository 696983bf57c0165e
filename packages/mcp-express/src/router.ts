import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { NextFunction, Request, Response } from 'express';
import { type Drainable, type DrainOptions, drains } from './ground/drains.js';
import { ConfigurationError } from './ground/errors.js';
import { ExpressInbound } from './http/express-inbound.js';
import { send } from './http/express-outbound.js';
import { handle, methodHandlers } from './http/handle.js';
import { HostGuard } from './http/host-guard.js';
import { KeepAlive } from './http/keep-alive.js';
import { AcceptReader } from './http/negotiate.js';
import type { HttpParts } from './http/parts.js';
import { type ResolvedOptions, type RouterOptions, resolveOptions } from './options.js';
import { type CallLimits, Dispatcher } from './protocol/dispatcher.js';
import type { Notifier } from './server/call-scope.js';
import { McpServer } from './server/mcp-server.js';
import { Activity } from './session/activity.js';
import { Changes } from './session/changes.js';
import { Sessions } from './session/sessions.js';
import { memoryStore } from './store/memory/memory-store.js';
import type { Store } from './store/store.js';
import { Streams } from './stream/streams.js';

/** Express middleware that serves MCP, and what an application holds on to it by. */
export interface McpRouter extends Drainable {
  (request: Request, response: Response, next: NextFunction): void;
  /** The server it serves. */
  readonly mcp: McpServer;
  /** Tells clients that a list or a resource has changed. */
  readonly notify: Notifier;
  /** Figures of this node at this moment. */
  stats(): Promise<RouterStats>;
  /**
   * Takes no more work, lets running calls finish for up to `graceMs` (default 5000), answers the rest with an error,
   * and ends the open streams so that their clients come back elsewhere. Idempotent.
   */
  close(options?: DrainOptions): Promise<void>;
}

export interface RouterStats {
  /** Sessions alive in the store. */
  readonly sessions: number;
  /** Calls running on this node. */
  readonly calls: number;
  /** Streams shown by this node. */
  readonly streams: number;
  /** Notifications that this node could not give to a client, because it takes no stream, since it started. */
  readonly droppedNotifications: number;
}

/**
 * Middleware that serves one MCP server at `/mcp` below where it is mounted: POST, GET and DELETE of MCP Streamable HTTP.
 *
 * @param mcp what to serve; without one, an empty server is made, to be filled through `.mcp`.
 * @throws ConfigurationError when an option is unknown or wrong.
 */
export function mcpRouter(
  mcp = new McpServer({ name: 'mcp-express', version: '0.0.0' }),
  given?: RouterOptions,
): McpRouter {
  if (!(mcp instanceof McpServer)) {
    throw new ConfigurationError('mcpRouter takes an McpServer first, and its options second');
  }
  const options = resolveOptions(given);
  const node = new Node(mcp, options);
  const atPath = pathMatcher(options.path);
  const router = function mcpRouter(request: Request, response: Response, next: NextFunction): void {
    if (!atPath(request.url)) return next();
    drains.register(request.socket, router);
    void node.serve(request, response);
  } as McpRouter;
  return Object.assign(router, {
    mcp,
    notify: node.notify,
    stats: () => node.stats(),
    close: (drain: DrainOptions = {}) => node.close(drain),
  });
}

/** True for the path itself, with or without a trailing slash or a query. */
function pathMatcher(path: string): (url: string) => boolean {
  const bare = path.endsWith('/') ? path.slice(0, -1) : path;
  return (url) => {
    if (url === path) return true;
    // A client that believes to speak to a proxy names the whole URL (RFC 9112, section 3.2.2).
    const target = url.startsWith('/') ? url : (ABSOLUTE_FORM.exec(url)?.[1] ?? '');
    const query = target.indexOf('?');
    const pathname = query === -1 ? target : target.slice(0, query);
    return pathname === bare || pathname === `${bare}/`;
  };
}

const ABSOLUTE_FORM = /^https?:\/\/[^/?#]*(.*)$/i;

function callLimits(options: ResolvedOptions): CallLimits {
  return {
    sseAfterMs: options.sseAfterMs,
    callsPerSession: options.maxCallsPerSession,
    subscriptionsPerSession: options.maxSubscriptionsPerSession,
    callTimeoutMs: options.callTimeoutMs,
    clientRequestTimeoutMs: options.clientRequestTimeoutMs,
    heartbeatMs: options.progressHeartbeatMs,
  };
}

const DEFAULT_GRACE_MS = 5_000;

/** How long a close waits for clients to take what was written to them. */
const FLUSH_MS = 1_000;

/** All rooms, wired: the only place that knows them all. */
class Node {
  readonly notify: Notifier;
  readonly #options: ResolvedOptions;
  readonly #store: Store;
  readonly #streams: Streams;
  readonly #dispatcher: Dispatcher;
  readonly #keepAlive: KeepAlive;
  readonly #http: HttpParts;
  readonly #closables: readonly { close(): void }[];
  /** Streams on their way out: a close waits for them. */
  readonly #showing = new Set<Promise<void>>();
  #closing: Promise<void> | undefined;

  constructor(server: McpServer, options: ResolvedOptions) {
    const { observe, sessionIdleMs: idleMs } = options;
    const failed = (where: string, cause: unknown) => observe?.({ type: 'failure', where, cause });
    const store = options.store ?? memoryStore();
    const node = randomUUID();
    const streams = new Streams(store.streams, store.bus, node);
    const activity = new Activity(store.sessions, idleMs, failed);
    const changes = new Changes(server, store, failed);
    const parts = { server, store, streams, activity, observe };
    const dispatcher = new Dispatcher({ ...parts, node, notifier: changes, limits: callLimits(options) });
    const limits = { total: options.maxSessions, perOwner: options.maxSessionsPerPrincipal };
    const streaming = !options.jsonOnly;
    const sessions = new Sessions({ ...parts, changes, dispatcher, limits, idleMs, streaming });
    this.notify = changes;
    this.#options = options;
    this.#store = store;
    this.#streams = streams;
    this.#dispatcher = dispatcher;
    this.#keepAlive = new KeepAlive(options.keepAliveMs);
    this.#http = {
      sessions,
      observe,
      retryMs: options.retryMs,
      hostGuard: new HostGuard(options),
      methods: methodHandlers(options.jsonOnly),
      accept: new AcceptReader(options.strictAccept, options.jsonOnly),
      isClosing: () => this.#closing !== undefined,
    };
    this.#closables = [this.#keepAlive, changes, dispatcher, sessions, activity];
  }

  async serve(request: Request, response: Response): Promise<void> {
    const outbound = await handle(new ExpressInbound(request, this.#options), this.#http);
    const sent = send(response, outbound, this.#keepAlive).catch((cause: unknown) => this.#onUnsent(response, cause));
    if (outbound.kind !== 'stream') return;
    this.#showing.add(sent);
    await sent;
    this.#showing.delete(sent);
  }

  /** An answer that cannot be sent, because of what other middleware made of the response, ends its connection only. */
  #onUnsent(response: Response, cause: unknown): void {
    this.#options.observe?.({ type: 'failure', where: 'sending an answer', cause });
    response.destroy();
  }

  async stats(): Promise<RouterStats> {
    const sessions = await this.#store.sessions.count();
    const { calls, droppedNotifications } = this.#dispatcher;
    return { sessions, calls: calls.count, streams: this.#streams.readerCount, droppedNotifications };
  }

  close({ graceMs = DEFAULT_GRACE_MS }: DrainOptions): Promise<void> {
    this.#closing ??= this.#close(graceMs);
    return this.#closing;
  }

  async #close(graceMs: number): Promise<void> {
    const busy = new Set(this.#dispatcher.calls.all().map((call) => call.sessionId));
    this.#streams.closeReaders('shutting-down', (key) => !busy.has(key.session));
    await this.#dispatcher.drain(graceMs);
    const flushed = Promise.all(this.#showing);
    // The answers are in the log by now; a round of the event loop lets their readers see them.
    await new Promise(setImmediate);
    this.#streams.close();
    await Promise.race([flushed, delay(FLUSH_MS, undefined, { ref: false })]);
    for (const part of this.#closables) part.close();
    if (this.#options.store === undefined) await this.#store.close();
  }
}
