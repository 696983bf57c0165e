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

export interface ServeOptions {
  /** 0 lets the system choose. @default 3000 */
  readonly port?: number;
  /** The address to bind. Anything but loopback is reachable from outside. @default '127.0.0.1' */
  readonly host?: string;
  /**
   * Processes that share the port, each of which runs this program from its start; this one serves nothing itself, starts
   * them, replaces those that end, and drains them when it is closed. Routers need a store that processes share, such as
   * `redisStore` or `lmdbStore`. With 1 this process serves by itself. @default 1
   */
  readonly workers?: number;
}

/** An HTTP server that runs. */
export interface Served {
  /** With `workers`, one that does not listen: they do. */
  readonly server: Server;
  readonly port: number;
  /** Such as `http://127.0.0.1:3000`. */
  readonly url: string;
  /**
   * Closes gracefully: drains every MCP router of the app (see `McpRouter.close`), then the connections. Idempotent.
   */
  close(options?: DrainOptions): Promise<void>;
}

/** Longer than the idle timeout of common load balancers (60 s), so that it is never us who closes a reused connection. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
/** A client gets this long for its headers; an MCP request has a few hundred bytes of them. */
const HEADERS_TIMEOUT_MS = 20_000;
/** For the whole request with its body. A response, however long it streams, is not limited. */
const REQUEST_TIMEOUT_MS = 120_000;
/** How often Node looks for connections over those limits. */
const CHECK_CONNECTIONS_MS = 5_000;

/**
 * Serves an Express app. The requests and responses are made with the prototypes Express would give them (see
 * `withExpressPrototypes`), which makes any app several times faster; Bun and Deno make them in their own way. Where nothing
 * of the app comes before an MCP router, its requests are handed to it without walking through the app (see
 * `directListener`).
 *
 * @throws ConfigurationError when an option is wrong; rejects with the system's error (`EADDRINUSE`) when it cannot bind.
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
    // An application that listens for it itself decides by itself.
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

/** More than any machine has cores for. */
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

/** How often a server that is closing looks whether its connections are done. */
const CLOSE_ROUND_MS = 20;

/** For answers that are still on their way to slow clients when everything else is done. */
const FLUSH_MS = 2_000;

/**
 * For requests that are sent over a kept connection just when it would be closed, which a balancer must not send again: they
 * are still told that the server stops, and that the connection is closed.
 */
const LINGER_MS = 250;

async function close(server: Server, sockets: ReadonlySet<Socket>, drain: DrainOptions | undefined): Promise<void> {
  // Not `server.close`: it cuts every connection whose answer was handed to Node, whether or not it has left yet.
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
  // The server is closed a moment before its last connection says so.
  await new Promise(setImmediate);
}

/**
 * Express gives each request and response its own prototypes by `Object.setPrototypeOf`, which makes V8 abandon what it
 * had learned of their shape. Objects that are made with those prototypes do not have to be changed: Express sets what is
 * set already.
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

/** Node's classes, which are functions. */
const IncomingMessageOf = IncomingMessage as unknown as { call(self: IncomingMessage, socket: Socket): void };
const ServerResponseOf = ServerResponse as unknown as {
  call(self: ServerResponse, request: IncomingMessage, options: object): void;
};

/** V8 asks the chain of constructors how much room to leave in an object: without it, each property is a move. */
function inheriting<T>(made: object, parent: T, prototype: object): T {
  Object.setPrototypeOf(made, parent as object);
  return Object.assign(made, { prototype }) as unknown as T;
}
