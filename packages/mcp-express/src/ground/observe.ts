import { createHash } from 'node:crypto';
import { brief } from './brief.js';
import type { ErrorCode } from './errors.js';
import { isObject, type JsonRpcRequest, type Params, type RequestId } from './json-rpc.js';
import { withoutSecretsIn } from './secret-text.js';

/** Who called, as far as records need it: nothing that a new token changes, and nothing secret. */
export interface CallerName {
  readonly issuer?: string;
  readonly subject: string;
  readonly clientId?: string;
}

/**
 * How a call came to its end. `tool-error`: its result says `isError`. `input-required`: it asked, and the client calls
 * again with the answers.
 */
export type Outcome = 'result' | 'tool-error' | 'input-required' | 'error' | 'cancelled';

/** Which call it was, and whose. */
export interface CallFacts {
  /** Hashed; absent for a request that stands alone. */
  readonly session?: string;
  /** Absent where nobody signed in. */
  readonly principal?: CallerName;
  readonly method: string;
  /** The id of the JSON-RPC request. */
  readonly requestId: RequestId;
  /** The tool, the prompt or the URI; cut, with a mark, where it is longer than any. */
  readonly name?: string;
  /**
   * What it was called with, or what `subscriptions/listen` wants to hear of; unredacted. A function, so that whoever
   * logs events whole does not log it.
   */
  readonly arguments: () => Params | undefined;
  /** The address it came from, as Express sees it (`trust proxy`). */
  readonly ip: () => string | undefined;
}

interface CallEnd extends CallFacts {
  readonly outcome: Outcome;
  readonly error?: ErrorCode;
  /** What its handler threw, or returned and should not have: absent where it failed on purpose, in the words of MCP. */
  readonly cause?: unknown;
  readonly durationMs: number;
}

/**
 * What happened, told once. Audit, metrics, traces and logs are built on these events and on nothing else. Session ids
 * are hashed and tokens never appear.
 */
export type Observation =
  | { readonly type: 'session-opened'; readonly session: string; readonly revision: string; readonly client: string }
  | { readonly type: 'session-ended'; readonly session: string; readonly reason: 'deleted' | 'evicted' | 'expired' }
  | ({ readonly type: 'call-begun' } & CallFacts)
  | ({ readonly type: 'call-ended' } & CallEnd)
  /** A call that was answered with a task, and what became of that; `durationMs` from when the task was made. */
  | ({ readonly type: 'task-ended' } & CallEnd)
  | { readonly type: 'stream-opened'; readonly session?: string; readonly kind: 'standalone' | 'reply' | 'resumed' }
  | { readonly type: 'stream-superseded'; readonly session: string }
  /** A connection was cut because its client took nothing for `stallTimeoutMs`. In a session it may come back for the rest. */
  | { readonly type: 'stream-stalled'; readonly session?: string }
  | { readonly type: 'notification-dropped'; readonly session?: string; readonly method: string }
  | ({
      readonly type: 'refused';
      readonly error: ErrorCode;
      readonly status: number;
      readonly cause?: unknown;
      /** What is known of the call, where the request was read before it was refused. */
    } & Partial<CallFacts>)
  /** The application around the router is set up in a way that cannot be right. Told once; also a process warning. */
  | { readonly type: 'misconfigured'; readonly code: string; readonly message: string }
  | { readonly type: 'failure'; readonly where: string; readonly cause: unknown };

/** Called synchronously. What it throws is ignored: watching must not change what is watched. */
export type Observer = (event: Observation) => void;

export type Observers = Observer | readonly Observer[];

/** What an event says of a request. */
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

/** What clients send may be megabytes, and a URI may have credentials in it. */
function nameIn(params: Params | undefined): string | undefined {
  const name = params?.['name'];
  if (typeof name === 'string') return brief(name);
  const uri = name ?? params?.['uri'];
  return typeof uri === 'string' ? withoutSecretsIn(brief(uri)) : undefined;
}

/** What an event says of how a call ended. */
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

/** Where a request came from. */
export interface CallOrigin {
  readonly session?: string | undefined;
  readonly principal: CallerName | undefined;
  readonly request: { readonly ip: string | undefined };
}

/** Principals hold more: scopes, and whatever authentication has left. */
function nameOf({ issuer, subject, clientId }: CallerName): CallerName {
  return {
    ...(issuer === undefined ? {} : { issuer }),
    subject,
    ...(clientId === undefined ? {} : { clientId }),
  };
}

/** A session id as it may appear in logs: the same for the same session, and useless to a reader. */
export function hashedId(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, 16);
}

/** Wraps the user's observers so that they cannot throw into our code; `undefined` stays so, and then nothing is built. */
export function guardedObserver(observers: Observers | undefined): Observer | undefined {
  if (observers === undefined) return undefined;
  const all = typeof observers === 'function' ? [observers] : [...observers];
  return (event) => {
    for (const observer of all) {
      try {
        observer(event);
      } catch {
        // An observer's failure is its own: there is nobody left to tell.
      }
    }
  };
}
