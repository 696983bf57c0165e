import { createServer, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo, Socket } from 'node:net';
import express5, { type Express, type RequestHandler } from 'express';
import { McpError, type McpRouter, type McpServer, mcpRouter, type RouterOptions, serve } from 'mcp-express';
import { onCleanup } from './cleanup.js';
import { testServer } from './test-tools.js';

const express4 = createRequire(import.meta.url)('express4') as typeof express5;

/** The supported versions of Express. */
export const EXPRESS = { 4: express4, 5: express5 } as const;
/** A supported major version of Express. */
export type ExpressMajor = keyof typeof EXPRESS;
/** All supported major versions, newest first. */
export const EXPRESS_MAJORS: readonly ExpressMajor[] = [5, 4];

/** The URL of a Redis shared by two nodes, on which tests then run; unset: they run on one node with a memory store. */
const SHARED_REDIS = process.env['TEST_REDIS_URL'];

/** Settings of `startServer`. */
export interface StartOptions {
  readonly mcp?: McpServer;
  readonly options?: RouterOptions;
  readonly express?: ExpressMajor;
  /** Middleware mounted before the router. */
  readonly before?: readonly RequestHandler[];
  /** The path under which the router is mounted. */
  readonly mount?: string;
  /** `serve` of the package, or a plain `http.createServer(app)` as in most applications. */
  readonly by?: 'serve' | 'node';
  /** The URL of a Redis that two nodes share, which answer in turns. */
  readonly redis?: string;
  /** Further routes of the application. */
  readonly routes?: (app: Express) => void;
}

/** A running test server. */
export interface TestServer {
  readonly app: Express;
  readonly router: McpRouter;
  readonly mcp: McpServer;
  readonly port: number;
  /** The URL of the MCP endpoint. */
  readonly url: string;
  readonly server: Server;
  /** Open connections of the server. */
  readonly sockets: ReadonlySet<Socket>;
  /** Closes like `serve`: routers are drained, then connections are closed. */
  close(options?: { graceMs?: number }): Promise<void>;
}

/** Starts an application with an MCP router on a port of its own. It is closed at the end of the test. */
export async function startServer(given: StartOptions = {}): Promise<TestServer> {
  const { mcp = testServer(), options, express = 5, before = [], mount = '/', by = 'serve', routes } = given;
  const app = EXPRESS[express]();
  for (const handler of before) app.use(handler);
  const shared = given.redis ?? (options?.store === undefined ? SHARED_REDIS : undefined);
  // Tests of streams and of memory send large results whole; those of the limit set it.
  const settings = { maxResultBytes: 0, ...options };
  const router = shared === undefined ? mcpRouter(mcp, settings) : await nodesOn(shared, mcp, settings);
  app.use(mount, router);
  routes?.(app);
  const { server, port, close } = await (by === 'serve' ? served(app) : listened(app, router));
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  // The router does not close a store given to it.
  if (options?.store !== undefined) onCleanup(() => options.store?.close());
  onCleanup(() => close({ graceMs: 0 }));
  const prefix = mount === '/' ? '' : mount;
  const url = `http://127.0.0.1:${port}${prefix}${options?.path ?? '/mcp'}`;
  return { app, router, mcp, port, url, server, sockets, close };
}

/** Loaded only if it is used, because the Redis client is large and most tests do not need it. */
async function nodesOn(redis: string, mcp: McpServer, options: RouterOptions | undefined): Promise<McpRouter> {
  const { twoNodes } = await import('./two-nodes.js');
  return twoNodes(mcp, options, redis);
}

async function served(app: Express) {
  return serve(app, { port: 0 });
}

async function listened(app: Express, router: McpRouter) {
  const server = createServer(app as RequestListener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (options?: { graceMs?: number }): Promise<void> => {
    await router.close(options);
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  };
  return { server, port: (server.address() as AddressInfo).port, close };
}

/** The header in which a test names the caller. */
export const USER_HEADER = 'x-test-user';

/** Simple authentication: the caller named by the header, as `AuthInfo` of the official SDK. */
export const authenticateByHeader: RequestHandler = (request, _response, next) => {
  const user = request.get(USER_HEADER);
  const token = request.get('authorization') ?? 'none';
  // Requests without a name are anonymous.
  if (user !== undefined && user !== '')
    Object.assign(request, { auth: { token, clientId: 'client', scopes: [], extra: { sub: user } } });
  next();
};

/** Refuses with an error of the package. */
export function refusingPrincipal(): never {
  throw new McpError('unauthorized', 'No token');
}
