import type { NextFunction, Request, Response } from 'express';
import type { Authentication, ExpressAuthentication } from './auth/authentication.js';
import { McpServer } from './features/mcp-server.js';
import { missesEndpoint } from './http/express-config-checks.js';
import { absoluteForm, isRelative, pathOf } from './http/request-target.js';
import { Node, type NodeStats } from './node.js';
import { CHECKS } from './option-checks.js';
import { type RouterOptions, resolveOptions } from './options.js';
import { ConfigurationError, kindOf } from './protocol/errors.js';
import { isObject } from './protocol/json-rpc.js';
import type { CallOperations } from './request/call-operations.js';
import type { Notifier } from './request/running-call.js';
import type { SessionOperations } from './session/session-operations.js';
import { CLAIMS } from './util/direct.js';
import { type Drainable, type DrainOptions, drains } from './util/drains.js';

/** Express middleware that serves MCP, and its controls. */
export interface McpRouter extends Drainable {
  (request: Request, response: Response, next: NextFunction): void;
  /** The server whose features it serves. */
  readonly mcp: McpServer;
  /** Notifies clients that a list or a resource has changed. */
  readonly notify: Notifier;
  /** Lists and ends the sessions of all nodes, for operators. */
  readonly sessions: SessionOperations;
  /** Lists and cancels the running calls of all nodes, for operators. */
  readonly calls: CallOperations;
  /** Current counters of this node. Rejects if the store fails. */
  stats(): Promise<RouterStats>;
  /**
   * Whether a load balancer should route requests to this node: false while it is closing or the store is unreachable.
   * Never rejects.
   */
  isReady(): Promise<boolean>;
  /**
   * Refuses new requests, lets running calls finish for up to `graceMs` milliseconds (default 5000), completes the others
   * with an error, and ends open streams so that their clients reconnect to another node. Idempotent.
   */
  close(options?: DrainOptions): Promise<void>;
}

/** Counters of one node. */
export type RouterStats = NodeStats;

/**
 * Creates middleware that serves one MCP server at `/mcp` below its mount path: POST, GET and DELETE of MCP Streamable
 * HTTP.
 *
 * @param mcp the server; by default a new, empty one, available as `.mcp`.
 * @param given options; see `RouterOptions` for defaults.
 * @throws ConfigurationError if an option is unknown or invalid.
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
    [CLAIMS]: atPath,
    mcp,
    notify: node.notify,
    sessions: node.sessions,
    calls: node.calls,
    stats: () => node.stats(),
    isReady: () => node.isReady(),
    close: (drain: DrainOptions = {}) => node.close(drain),
  });
}

/** Inspects the argument no more than necessary: servers of other libraries are recognized by their methods. */
function notServer(given: unknown): ConfigurationError {
  const takes = 'mcpRouter takes an McpServer of mcp-express first, and its options second';
  if (isOfficialServer(given)) {
    return new ConfigurationError(
      `${takes}; it was given a server of the official SDK. Host it: mcpRouter(hostSdk(() => buildServer())), with hostSdk ` +
        'of "mcp-express/sdk" and a function that makes the server; or register its tools, resources and prompts on an ' +
        'McpServer imported from "mcp-express", whose methods have the same names',
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

/** The handler that publishes the metadata of the resource, if the authentication has one. */
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
 * True for requests that Express routes to the path, and for targets in absolute form that contain the path literally, so
 * that they are refused even if Express parses them differently.
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

/** Whether the application distinguishes `/mcp/` from `/mcp`: middleware at one path then does not protect the other. */
function isStrict({ app }: { readonly app?: { readonly settings?: Readonly<Record<string, unknown>> } }): boolean {
  return Boolean(app?.settings?.['strict routing']);
}
