import { type CallFacts, type CallOrigin, callFacts, type Observer } from '../observe/observe.js';
import { McpError } from '../protocol/errors.js';
import type { JsonRpcRequest, RequestId } from '../protocol/json-rpc.js';
import type { Revision } from '../protocol/revisions.js';
import type { Sessions } from '../session/sessions.js';
import type { Exchanges } from '../stateless/exchanges.js';
import type { HostGuard } from './host-guard.js';
import type { Inbound } from './inbound.js';
import type { AcceptReader } from './negotiate.js';
import { type Outbound, refusal } from './outbound.js';

export type MethodHandler = (inbound: Inbound, parts: HttpParts) => Promise<Outbound>;

export type MethodHandlers = Readonly<Record<string, MethodHandler>>;

/** What the handlers of HTTP's methods share. */
export interface HttpParts {
  readonly sessions: Sessions;
  readonly exchanges: Exchanges;
  readonly methods: MethodHandlers;
  readonly hostGuard: HostGuard;
  readonly accept: AcceptReader;
  /** What clients are told to wait before they come back for a stream that was closed. Milliseconds. */
  readonly retryMs: number;
  readonly observe: Observer | undefined;
  /** Told of requests that failed for reasons of our own. */
  readonly log: Observer | undefined;
  /** True once the router is closing: nothing new is begun. */
  isClosing(): boolean;
}

/** Which of the two ways of serving MCP a request is of. */
export type Era = Revision['era'];

/** What is known of a request that is refused. */
export interface Refused {
  readonly id: RequestId | null;
  readonly era: Era;
  /** The call, and where it came from, once both are known. */
  readonly call?: { readonly message: JsonRpcRequest; readonly origin: CallOrigin } | undefined;
}

/** The answer to a request that was refused, told to whoever observes. */
export function refused(thrown: unknown, parts: HttpParts, of: Refused): Outbound {
  const error = McpError.from(thrown);
  const cause = error.cause === undefined ? {} : { cause: error.cause };
  const log = error.code === 'internal-error' ? parts.log : undefined;
  for (const tell of [parts.observe, log]) {
    tell?.({ type: 'refused', ...callOf(of), error: error.code, status: error.status, ...cause });
  }
  return refusal(error, of.id, of.era === 'modern' ? error.modernRpcCode : error.rpcCode);
}

function callOf({ call }: Refused): Partial<CallFacts> {
  return call === undefined ? {} : callFacts(call.message, call.origin);
}
