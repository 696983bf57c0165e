import type { NextFunction, Request, Response } from 'express';
import type { Authentication, ExpressAuthentication } from './auth/authentication.js';
import { McpServer } from './features/mcp-server.js';
import { missesEndpoint } from './http/express-mount-check.js';
import { absoluteForm, isRelative, pathOf } from './http/request-target.js';
import { Node, type NodeStats } from './node.js';
import { CHECKS } from './option-checks.js';
import { type RouterOptions, resolveOptions } from './options.js';
import { ConfigurationError, kindOf } from './protocol/errors.js';
import { isObject } from './protocol/json-rpc.js';
import type { Notifier } from './request/call-scope.js';
import { ANSWERS } from './util/direct.js';
import { type Drainable, type DrainOptions, drains } from './util/drains.js';

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
   * Whether a balancer should send requests here: not once it is closing, nor while the store cannot be reached. Never
   * rejects.
   */
  isReady(): Promise<boolean>;
  /**
   * Takes no more work, lets running calls finish for up to `graceMs` (default 5000), answers the rest with an error,
   * and ends the open streams so that their clients come back elsewhere. Idempotent.
   */
  close(options?: DrainOptions): Promise<void>;
}

export type RouterStats = NodeStats;

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
  if (!(mcp instanceof McpServer)) throw notServer(mcp);
  const options = resolveOptions(given);
  const node = new Node(mcp, options);
  const atPath = pathMatcher(options.path);
  const isAt = requestMatcher(options.path, atPath);
  const wellKnown = wellKnownOf(options.auth) ?? passOn;
  const router = function mcpRouter(request: Request, response: Response, next: NextFunction): void {
    if (!isAt(request) && !missesEndpoint(request, options.path)) return wellKnown(request, response, next);
    drains.register(request.socket, router);
    void node.serve(request, response);
  } as McpRouter;
  return Object.assign(router, {
    [ANSWERS]: atPath,
    mcp,
    notify: node.notify,
    stats: () => node.stats(),
    isReady: () => node.isReady(),
    close: (drain: DrainOptions = {}) => node.close(drain),
  });
}

/** Never looks into what it was given more than its shape needs: servers of other libraries are told by their methods. */
function notServer(given: unknown): ConfigurationError {
  const takes = 'mcpRouter takes an McpServer of mcp-express first, and its options second';
  if (isOfficialServer(given)) {
    return new ConfigurationError(
      `${takes}; it was given a server of the official SDK. Register its tools, resources and prompts on an McpServer ` +
        'that is imported from "mcp-express", whose methods are called alike; or serve it by the transport of the SDK',
    );
  }
  if (isObject(given) && 'catalog' in given && 'registerTool' in given) {
    return new ConfigurationError(`${takes}; it was given one of another copy of mcp-express: install it once`);
  }
  const isOptions = isObject(given) && Object.keys(given).some((name) => name in CHECKS);
  const hint = isOptions ? '. Did you mean mcpRouter(undefined, { … })?' : '';
  return new ConfigurationError(`${takes}; it was given ${kindOf(given)}${hint}`);
}

/** `McpServer` and `Server` of @modelcontextprotocol/sdk 1.x and of @modelcontextprotocol/server 2.x. */
function isOfficialServer(given: unknown): boolean {
  if (!isObject(given) || typeof given['connect'] !== 'function') return false;
  return typeof given['registerTool'] === 'function' || typeof given['setRequestHandler'] === 'function';
}

/** What publishes the metadata of the resource, where authentication has some. */
function wellKnownOf(auth: Authentication | undefined): ExpressAuthentication['wellKnown'] | undefined {
  return auth !== undefined && 'wellKnown' in auth ? (auth as ExpressAuthentication).wellKnown : undefined;
}

function passOn(_request: Request, _response: Response, next: NextFunction): void {
  next();
}

/** True for the path itself, with or without a trailing slash. */
function pathMatcher(path: string): (pathname: string) => boolean {
  const bare = path.endsWith('/') ? path.slice(0, -1) : path;
  return (pathname) => pathname === path || pathname === bare || pathname === `${bare}/`;
}

/**
 * True for a request that Express finds at the path. Also for one that names a whole URL with the path in it by the letter,
 * so that it is refused where Express reads something else.
 */
function requestMatcher(path: string, atPath: (pathname: string) => boolean): (request: Request) => boolean {
  return (request) => {
    const { url } = request;
    if (url === path) return true;
    const pathname = pathOf(request);
    if (pathname !== undefined && atPath(pathname)) return pathname === path || !isStrict(request);
    return !isRelative(url) && atPath(absoluteForm(url).path);
  };
}

/** Whether the application tells `/mcp/` from `/mcp`: a guard at the one does not see the other then. */
function isStrict({ app }: { readonly app?: { readonly settings?: Readonly<Record<string, unknown>> } }): boolean {
  return Boolean(app?.settings?.['strict routing']);
}
