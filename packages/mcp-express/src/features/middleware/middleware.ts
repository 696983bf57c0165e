import type {
  CallToolResult,
  ClientCapabilities,
  GetPromptResult,
  Implementation,
  JsonSchema,
  ReadResourceResult,
  Resource,
} from '../../protocol/mcp.js';
import type { HandlerContext } from '../../request/context.js';

/** The members that every result of MCP may have. */
export interface AnyResult {
  readonly _meta?: Readonly<Record<string, unknown>>;
  /** From 2026-07-28 on: `complete`, `input_required`, or `task`. */
  readonly resultType?: string;
  readonly [member: string]: unknown;
}

/** The members that the params of every method of MCP may have. */
export interface AnyParams {
  readonly _meta?: Readonly<Record<string, unknown>>;
  readonly [member: string]: unknown;
}

/** The params of a list method. */
export interface ListParams extends AnyParams {
  readonly cursor?: string;
}

/** The result of a list method: its entries under the name of the list. */
export type ListResult<Name extends string, Entry> = AnyResult & {
  readonly [name in Name]: readonly (Entry & { readonly [member: string]: unknown })[];
} & { readonly nextCursor?: string };

/** The params and the result of each method that middleware can be registered for by name. */
export interface MiddlewareMethods {
  /** Opens a session. It is stored once all middleware has returned. */
  readonly initialize: {
    readonly params: AnyParams & {
      readonly protocolVersion: string;
      readonly clientInfo: Implementation;
      readonly capabilities: ClientCapabilities;
    };
    readonly result: AnyResult & {
      readonly protocolVersion: string;
      readonly capabilities: Readonly<Record<string, unknown>>;
      readonly serverInfo: Implementation;
      readonly instructions?: string;
    };
  };
  readonly 'server/discover': {
    readonly params: AnyParams;
    readonly result: AnyResult & {
      readonly supportedVersions: readonly string[];
      readonly capabilities: Readonly<Record<string, unknown>>;
      readonly instructions?: string;
    };
  };
  readonly 'tools/list': {
    readonly params: ListParams;
    readonly result: ListResult<'tools', { readonly name: string; readonly inputSchema: JsonSchema }>;
  };
  readonly 'tools/call': {
    readonly params: AnyParams & {
      readonly name: string;
      readonly arguments?: Readonly<Record<string, unknown>>;
    };
    readonly result: AnyResult & CallToolResult;
  };
  readonly 'resources/list': { readonly params: ListParams; readonly result: ListResult<'resources', Resource> };
  readonly 'resources/templates/list': {
    readonly params: ListParams;
    readonly result: ListResult<'resourceTemplates', { readonly uriTemplate: string; readonly name: string }>;
  };
  readonly 'resources/read': {
    readonly params: AnyParams & { readonly uri: string };
    readonly result: AnyResult & ReadResourceResult;
  };
  readonly 'prompts/list': {
    readonly params: ListParams;
    readonly result: ListResult<'prompts', { readonly name: string }>;
  };
  readonly 'prompts/get': {
    readonly params: AnyParams & {
      readonly name: string;
      readonly arguments?: Readonly<Record<string, unknown>>;
    };
    readonly result: AnyResult & GetPromptResult;
  };
  readonly 'completion/complete': {
    readonly params: AnyParams & {
      readonly ref: Readonly<Record<string, unknown>>;
      readonly argument: { readonly name: string; readonly value: string };
    };
    readonly result: AnyResult & {
      readonly completion: { readonly values: readonly string[]; readonly total?: number; readonly hasMore?: boolean };
    };
  };
}

/** The name of a method with middleware of its own. */
export type MiddlewareMethod = keyof MiddlewareMethods;

/** The names of the methods with middleware of their own. */
export const MIDDLEWARE_METHODS = [
  'initialize',
  'server/discover',
  'tools/list',
  'tools/call',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'prompts/list',
  'prompts/get',
  'completion/complete',
] as const satisfies readonly MiddlewareMethod[];

/**
 * The first argument of middleware. It is the context of handlers, with the method and its params. `initialize` has no
 * stream: there, `progress` and `log` do nothing, and client requests are refused with `no-channel`.
 */
export interface MiddlewareContext<P = AnyParams, M extends string = string> extends HandlerContext {
  readonly method: M;
  /** The params, as the middleware before has passed them on. Do not modify them: pass changed ones to `next`. */
  readonly params: P;
}

/**
 * Runs the rest: the middleware registered later, and then the method itself.
 * @param params replaces the params. @default those of the context
 * @returns the result as the client would get it. Rejects with the error that the client would get, an `McpError` or what
 *   a handler threw; with an `Error` when it is called twice or after the answer
 */
export type Next<P = AnyParams, R = AnyResult> = (params?: P) => Promise<R>;

/**
 * A function around a request. It returns the result: that of `next`, a changed one, or its own without calling `next`.
 * An `McpError` that it throws becomes the error of the request; any other error becomes an internal error.
 */
export type Middleware<P = AnyParams, R = AnyResult, M extends string = string> = (
  ctx: MiddlewareContext<P, M>,
  next: Next<P, R>,
) => R | Promise<R>;

/** Middleware for one method. */
export type MiddlewareFor<M extends MiddlewareMethod> = Middleware<
  MiddlewareMethods[M]['params'],
  MiddlewareMethods[M]['result'],
  M
>;

/** Where middleware runs. */
export type MiddlewareStage = 'request' | 'handler';

/** Options of `use`. */
export interface MiddlewareOptions {
  /**
   * `request`: around the whole request, after limits, authentication and the checks of the message, and before the
   * arguments are validated. It runs once for each request, also for one that is answered with a task or with the stored
   * answer of an idempotency key.
   *
   * `handler`: around the handler of a tool or a prompt, with validated arguments. It runs as often as the handler: again
   * in each round trip, within the task if the call is one, and not for a stored answer.
   * @default 'request'
   */
  readonly at?: MiddlewareStage;
}
