import { createHash } from 'node:crypto';
import type { ErrorCode } from '../protocol/errors.js';
import { isObject, type JsonRpcRequest, type Params, type RequestId } from '../protocol/json-rpc.js';
import { brief } from '../util/brief.js';
import { withoutSecretsIn } from './secret-text.js';

/** The principal in records. Free of secrets, and stable across tokens. */
export interface CallerName {
  readonly issuer?: string;
  readonly subject: string;
  readonly clientId?: string;
}

/**
 * The outcome of a call. `tool-error`: the result has `isError`. `input-required`: the call asked for input, and the
 * client calls again with the responses.
 */
export type Outcome = 'result' | 'tool-error' | 'input-required' | 'error' | 'cancelled';

/** The identity of a call in events. */
export interface CallFacts {
  /** Hashed session id. Absent for a stateless request. */
  readonly session?: string;
  /** Absent for an anonymous caller. */
  readonly principal?: CallerName;
  readonly method: string;
  /** The id of the JSON-RPC request. */
  readonly requestId: RequestId;
  /** The tool, the prompt or the URI. Cut, with a mark, if it is too long. */
  readonly name?: string;
  /**
   * The arguments, or the filter of `subscriptions/listen`, not redacted. A function, so that loggers that serialise
   * whole events do not log them.
   */
  readonly arguments: () => Params | undefined;
  /** The client's address as Express determines it (`trust proxy`). */
  readonly ip: () => string | undefined;
}

interface CallEnd extends CallFacts {
  readonly outcome: Outcome;
  readonly error?: ErrorCode;
  /**
   * The unexpected error of a handler, or the cause of an invalid result. Absent when the handler failed with an MCP
   * error or result.
   */
  readonly cause?: unknown;
  readonly durationMs: number;
}

/** Facts of an ended session, where its record was known. */
export interface SessionFacts {
  /** Milliseconds since 1970. */
  readonly openedAt: number;
  readonly revision: string;
}

/**
 * An event. Audit records, metrics, traces and logs are all built on events. Session ids are hashed, and tokens never
 * appear.
 */
export type Observation =
  | { readonly type: 'session-opened'; readonly session: string; readonly revision: string; readonly client: string }
  | ({
      readonly type: 'session-ended';
      readonly session: string;
      readonly reason: 'deleted' | 'evicted' | 'expired' | 'operator';
    } & Partial<SessionFacts>)
  | ({ readonly type: 'call-begun' } & CallFacts)
  | ({ readonly type: 'call-ended' } & CallEnd)
  /** The end of a task. `durationMs` counts from its creation. */
  | ({ readonly type: 'task-ended' } & CallEnd)
  | { readonly type: 'stream-opened'; readonly session?: string; readonly kind: 'standalone' | 'reply' | 'resumed' }
  | { readonly type: 'stream-superseded'; readonly session: string }
  /**
   * A connection was closed because its client read nothing for `stallTimeoutMs`. In a session the client may resume.
   */
  | { readonly type: 'stream-stalled'; readonly session?: string }
  | { readonly type: 'notification-dropped'; readonly session?: string; readonly method: string }
  /** A result was larger than `maxResultBytes`, and was stored as pages. */
  | { readonly type: 'result-kept'; readonly tool: string; readonly pages: number }
  | ({
      readonly type: 'refused';
      readonly error: ErrorCode;
      readonly status: number;
      readonly cause?: unknown;
      /** The call, if the request was read before it was refused. */
    } & Partial<CallFacts>)
  /** An operator ended a session or cancelled a call, by `router.sessions` or `router.calls`. */
  | {
      readonly type: 'operation';
      readonly action: 'end-session' | 'cancel-call';
      /** The hashed session id, or the id of the call. */
      readonly target: string;
      /** The operator, if given. */
      readonly by?: string;
    }
  /** The application around the router is misconfigured. Emitted once, with a process warning. */
  | { readonly type: 'misconfigured'; readonly code: string; readonly message: string }
  | { readonly type: 'failure'; readonly where: string; readonly cause: unknown };

/** A synchronous event listener. Errors that it throws are ignored. */
export type Observer = (event: Observation) => void;

/** One observer or several. */
export type Observers = Observer | readonly Observer[];

/** The facts of a request for its events. */
export function callFacts(
  { id, method, params }: JsonRpcRequest,
  { session, principal, request }: CallOrigin,
): CallFacts {
  const name = nameIn(params);
  return {
    ...(session === undefined ? {} : { session: hashedId(session) }),
    ...(principal === undefined ? {} : { principal: nameOf(principal) }),
    method: brief(method),
    requestId: typeof id === 'string' ? brief(id) : id,
    ...(name === undefined ? {} : { name }),
    arguments: () => argumentsOf(params),
    ip: () => request.ip,
  };
}

/** Cut, because clients may send megabytes. A URI is also redacted, because it may contain credentials. */
function nameIn(params: Params | undefined): string | undefined {
  const name = params?.['name'];
  if (typeof name === 'string') return brief(name);
  const uri = name ?? params?.['uri'];
  return typeof uri === 'string' ? withoutSecretsIn(brief(uri)) : undefined;
}

/** The facts about the end of a call for its events. */
export function endOf({ outcome, error, cause }: { outcome: Outcome; error?: { code: ErrorCode }; cause?: unknown }) {
  return {
    outcome,
    ...(error === undefined ? {} : { error: error.code }),
    ...(cause === undefined ? {} : { cause }),
  };
}

function argumentsOf(params: Params | undefined): Params | undefined {
  const given = params?.['arguments'] ?? params?.['notifications'];
  return isObject(given) ? given : undefined;
}

/** The origin of a request. */
export interface CallOrigin {
  readonly session?: string | undefined;
  readonly principal: CallerName | undefined;
  readonly request: { readonly ip: string | undefined };
}

/** Copies the name only: a principal also has scopes and properties of the application. */
function nameOf({ issuer, subject, clientId }: CallerName): CallerName {
  return {
    ...(issuer === undefined ? {} : { issuer }),
    subject,
    ...(clientId === undefined ? {} : { clientId }),
  };
}

/** A session id for logs: stable, and useless as an id. */
export function hashedId(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, 16);
}

/** Combines the observers into one that never throws. `undefined` for none, so that no events are built. */
export function guardedObserver(observers: Observers | undefined): Observer | undefined {
  if (observers === undefined) return undefined;
  const all = typeof observers === 'function' ? [observers] : [...observers];
  return (event) => {
    for (const observer of all) {
      try {
        observer(event);
      } catch {
        // An observer's error must not affect the call, and there is no one to report it to.
      }
    }
  };
}
