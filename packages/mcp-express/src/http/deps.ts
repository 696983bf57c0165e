import type { NodeInstruments } from '../observe/instrumentation.js';
import { type CallFacts, type CallOrigin, callFacts, type Observer } from '../observe/observe.js';
import { McpError } from '../protocol/errors.js';
import type { JsonRpcRequest, RequestId } from '../protocol/json-rpc.js';
import type { Revision } from '../protocol/revisions.js';
import type { Sessions } from '../session/sessions.js';
import type { StatelessRequests } from '../stateless/stateless-requests.js';
import type { HttpRequest } from './http-request.js';
import { type HttpResponse, refusal } from './http-response.js';
import type { AcceptReader } from './negotiate.js';
import type { HostGuard } from './security/host-guard.js';

/** Handles one HTTP method. Rejects with an `McpError` to refuse the request. */
export type MethodHandler = (request: HttpRequest, deps: HttpDeps) => Promise<HttpResponse>;

/** Handlers by HTTP method. */
export type MethodHandlers = Readonly<Record<string, MethodHandler>>;

/** Services and settings that the handlers of HTTP methods share. */
export interface HttpDeps {
  readonly sessions: Sessions;
  readonly statelessRequests: StatelessRequests;
  readonly methods: MethodHandlers;
  readonly hostGuard: HostGuard;
  readonly accept: AcceptReader;
  /** Reconnection time for clients whose stream was closed. Milliseconds. */
  readonly retryMs: number;
  readonly observe: Observer | undefined;
  readonly instruments: NodeInstruments | undefined;
  /** Receives requests that failed with an internal error. */
  readonly log: Observer | undefined;
  /** True once the router is closing: new requests are refused. */
  isClosing(): boolean;
}

/** The way of speaking MCP: with sessions (`legacy`), or by stateless requests (`modern`). */
export type Era = Revision['era'];

/** The known deps of a refused request. */
export interface RefusedRequest {
  readonly id: RequestId | null;
  readonly era: Era;
  /** The call and its origin, once both are known. */
  readonly call?: { readonly message: JsonRpcRequest; readonly origin: CallOrigin } | undefined;
}

/**
 * Turns an error into the response of a refused request, and reports it to the observers.
 *
 * @param thrown any value; anything but an `McpError` becomes `internal-error`.
 */
export function refusalOf(thrown: unknown, deps: HttpDeps, of: RefusedRequest): HttpResponse {
  const error = McpError.from(thrown);
  const cause = error.cause === undefined ? {} : { cause: error.cause };
  const log = error.code === 'internal-error' ? deps.log : undefined;
  for (const tell of [deps.observe, log]) {
    tell?.({ type: 'refused', ...callOf(of), error: error.code, status: error.status, ...cause });
  }
  return refusal(error, of.id, of.era === 'modern' ? error.modernRpcCode : error.rpcCode);
}

function callOf({ call }: RefusedRequest): Partial<CallFacts> {
  return call === undefined ? {} : callFacts(call.message, call.origin);
}
