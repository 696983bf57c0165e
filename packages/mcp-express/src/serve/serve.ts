import { once } from 'node:events';
import { createServer, IncomingMessage, type Server, ServerResponse } from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import type { Express } from 'express';
import { continueWhenRead } from '../http/expect-continue.js';
import { assertKnown, ConfigurationError, kindOf } from '../protocol/errors.js';
import { isDirect } from '../util/direct.js';
import { type DrainOptions, drains } from '../util/drains.js';
import { isNode } from '../util/runtime.js';
import { servedServers } from '../util/served.js';
import { isOneOfSeveral } from '../util/workers.js';
import { directListener } from './direct-listener.js';
import { obeyPrimary, serveByWorkers } from './workers.js';

/** Options of `serve`. */
export interface ServeOptions {
  /** The port; 0 lets the system choose a free one. @default 3000 */
  readonly port?: number;
  /** The address to bind. Any address but loopback is reachable from other machines. @default '127.0.0.1' */
  readonly host?: string;
  /**
   * Processes that share the port. Each runs this program from its start; the first process serves nothing itself, but
   * starts them, replaces those that exit, and drains them on `close`. Routers need a store that processes share, such as
   * `redisStore` or `lmdbStore`. 1 serves from this process alone.
   *
   * @default 1
   */
  readonly workers?: number;
}

/** A running HTTP server. */
export interface Served {
  /** With `workers`, a server that does not listen, because the workers do. */
  readonly server: Server;
  /** The port that the server listens on. */
  readonly port: number;
  /** The base URL, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Closes gracefully: drains every MCP router of the app (see `McpRouter.close`), then the connections. Idempotent. */
  close(options?: DrainOptions): Promise<void>;
}

/** Longer than the idle timeout of common load balancers (60 s), so that this server never closes a connection being reused. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
/** The time for the headers of a request; those of MCP requests have a few hundred bytes. */
const HEADERS_TIMEOUT_MS = 20_000;
/** The time for a whole request with its body. Responses, and the duration of streams, are not limited. */
const REQUEST_TIMEOUT_MS = 120_000;
/** The interval at which Node checks connections for these limits. */
const CHECK_CONNECTIONS_MS = 5_000;

/**
 * Serves an Express app. Requests and responses are created with the prototypes that Express would set (see
 * `withExpressPrototypes`), which makes any app several times faster; on Bun and Deno the runtime creates them. If nothing
 * of the app precedes an MCP router, its requests go to it directly (see `directListener`).
 *
 * @throws ConfigurationError (as a rejection) if an option is invalid, or the error of the system, such as `EADDRINUSE`, if
 *   the server cannot listen.
 */
export async function serve(app: Express, options: ServeOptions = {}, ...others: readonly never[]): Promise<Served> {
  assertApp(app);
  if (others.length > 0 || typeof options === 'function') {
    throw new ConfigurationError(
      'serve takes an Express app and its options alone, and no callback: await the promise that it returns, as in ' +
        'const { url } = await serve(app, { port: 3000 })',
    );
  }
  const { port, host, workers } = resolve(options);
  if (workers === 1) return listen(app, port, host);
  if (!isOneOfSeveral()) return serveByWorkers(workers);
  const served = await listen(app, port, host);
  obeyPrimary(served);
  return served;
}

function assertApp(app: unknown): void {
  const { request, response, use } = (app ?? {}) as Partial<Express>;
  if (typeof app === 'function' && typeof request === 'object' && typeof response === 'object') {
    if (typeof use === 'function') return;
    throw new ConfigurationError(
      'serve takes an Express app; it was given express itself: call it, as in serve(express())',
    );
  }
  const given = isDirect(app) ? 'a router: mount it with app.use(router)' : kindOf(app);
  throw new ConfigurationError(`serve takes an Express app, and its options second; it was given ${given}`);
}

async function listen(app: Express, port: number, host: string): Promise<Served> {
  const server = createServer(
    {
      ...(isNode() ? withExpressPrototypes(app) : {}),
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_CONNECTIONS_MS,
      noDelay: true,
    },
    directListener(app),
  );
  servedServers.add(server);
  server.on('checkContinue', (request, response) => {
    // The application handles the event itself.
    if (server.listenerCount('checkContinue') > 1) return;
    continueWhenRead(request, response);
    server.emit('request', request, response);
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  return {
    server,
    port: address.port,
    url: `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`,
    close: (drain) => {
      closing ??= close(server, sockets, drain);
      return closing;
    },
  };
}

/** More than the cores of any machine. */
const MAX_WORKERS = 1_024;

function resolve(options: ServeOptions): Required<ServeOptions> {
  assertKnown(options, ['port', 'host', 'workers'], 'serve');
  const { port = 3000, host = '127.0.0.1', workers = 1 } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new ConfigurationError(`serve option "port" must be a whole number from 0 to 65535; it is ${shown(port)}`);
  }
  if (typeof host !== 'string' || host === '') {
    throw new ConfigurationError(`serve option "host" must be an address or host name; it is ${String(host)}`);
  }
  if (!Number.isInteger(workers) || workers < 1 || workers > MAX_WORKERS) {
    throw new ConfigurationError(
      `serve option "workers" must be a whole number from 1 to ${MAX_WORKERS}; it is ${String(workers)}`,
    );
  }
  return { port, host, workers };
}

function shown(port: unknown): string {
  return typeof port === 'string'
    ? `the text ${JSON.stringify(port)}: give Number(${JSON.stringify(port)})`
    : String(port);
}

/** Milliseconds between checks for finished connections while the server closes. */
const CLOSE_ROUND_MS = 20;

/** Milliseconds for responses that are still on their way to slow clients when everything else has finished. */
const FLUSH_MS = 2_000;

/**
 * Milliseconds for requests that are sent on a kept-alive connection just as it would be closed, and that a balancer must
 * not repeat: they still get a response, with the notice that the connection closes.
 */
const LINGER_MS = 250;

async function close(server: Server, sockets: ReadonlySet<Socket>, drain: DrainOptions | undefined): Promise<void> {
  // `server.close` would cut every connection whose response was handed to Node, whether or not it has been sent.
  const closed = new Promise((resolve) => {
    if (isNode()) NetServer.prototype.close.call(server, resolve);
    else server.close(resolve);
  });
  await Promise.all(drains.of(server).map((router) => router.close(drain)));
  const drainedAt = Date.now();
  const lingerMs = drain?.graceMs === 0 ? 0 : LINGER_MS;
  const round = setInterval(() => {
    if (Date.now() > drainedAt + FLUSH_MS) server.closeAllConnections();
    else if (Date.now() < drainedAt + lingerMs) return;
    else if ([...sockets].every((socket) => socket.writableLength === 0)) server.closeIdleConnections();
  }, CLOSE_ROUND_MS);
  await closed;
  clearInterval(round);
  // The server emits 'close' slightly before its last connection does.
  await new Promise(setImmediate);
}

/**
 * Express sets the prototypes of each request and response with `Object.setPrototypeOf`, which invalidates V8's
 * optimizations of their shapes. Objects created with those prototypes need no change, so Express sets an equal prototype
 * again.
 */
function withExpressPrototypes(app: Express) {
  function ExpressRequest(this: IncomingMessage, socket: Socket): void {
    IncomingMessageOf.call(this, socket);
  }
  function ExpressResponse(this: ServerResponse, request: IncomingMessage, options: object): void {
    ServerResponseOf.call(this, request, options);
  }
  return {
    IncomingMessage: inheriting(ExpressRequest, IncomingMessage, app.request),
    ServerResponse: inheriting(ExpressResponse, ServerResponse, app.response),
  };
}

/** Node's classes, which are callable functions. */
const IncomingMessageOf = IncomingMessage as unknown as { call(self: IncomingMessage, socket: Socket): void };
const ServerResponseOf = ServerResponse as unknown as {
  call(self: ServerResponse, request: IncomingMessage, options: object): void;
};

/** V8 reserves space for properties according to the chain of constructors; without it, each property causes a reallocation. */
function inheriting<T>(made: object, parent: T, prototype: object): T {
  Object.setPrototypeOf(made, parent as object);
  return Object.assign(made, { prototype }) as unknown as T;
}
