import type { Request } from 'express';
import type { Authentication } from './auth/authentication.js';
import type { Principal } from './auth/principal.js';
import type { RateLimitStores } from './http/security/express-rate-budgets.js';
import type { RateLimits } from './http/security/rate-limits.js';
import type { HelmetOptions } from './http/security/security-headers.js';
import type { Instrumentation } from './observe/instrumentation.js';
import type { Logger } from './observe/log.js';
import { guardedObserver, type Observer, type Observers } from './observe/observe.js';
import { redactSecrets } from './observe/redact.js';
import { CHECKS } from './option-checks.js';
import { DEFAULTS } from './option-defaults.js';
import { assertKnown, ConfigurationError } from './protocol/errors.js';
import type { Store } from './store/store.js';

/** The options of `mcpRouter`. All are optional. */
export interface RouterOptions {
  /** Path of the endpoint, below the mount path of the router. @default '/mcp' */
  readonly path?: string;
  /** The store of sessions and streams. The router does not close a store given here. @default memoryStore() */
  readonly store?: Store;
  /**
   * Host names by which this server may be called, `*.example.com` for all subdomains; ports are ignored. Requests with
   * another `Host` get 403, to prevent DNS rebinding. `'*'` allows any, for use behind a proxy that checks.
   * @default ['localhost', '127.0.0.1', '[::1]']
   */
  readonly allowedHosts?: readonly string[];
  /**
   * Web origins whose pages may call this server, such as `https://app.example.com`, in addition to those of the allowed
   * hosts. Requests with another `Origin` get 403. @default []
   */
  readonly allowedOrigins?: readonly string[];
  /** The largest request body, in bytes, counted while it is read. Larger ones get 413. @default 4194304 (4 MiB) */
  readonly maxBodyBytes?: number;
  /**
   * Bytes that the requests of one principal, or of one address for anonymous callers, may occupy on this node: bodies
   * being received and arguments of running calls, plus 24 for each value in them. Further requests get 429. At least
   * `maxBodyBytes`. @default 16777216 (16 MiB)
   */
  readonly maxRequestBytesPerPrincipal?: number;
  /** Bytes that all requests may occupy on this node. Further requests get 503. @default 134217728 (128 MiB) */
  readonly maxRequestBytes?: number;
  /**
   * Milliseconds after which the response to a running call becomes a stream, so that its headers are sent and it can be
   * resumed. `Infinity` always waits for the result. @default 50
   */
  readonly sseAfterMs?: number;
  /** Milliseconds between comment lines that keep open streams alive in proxies; 0 disables them. @default 15000 */
  readonly keepAliveMs?: number;
  /**
   * Milliseconds without any progress after which the connection of a client that does not read its stream is cut. In a
   * session the client can resume. 0 never cuts it. @default 60000
   */
  readonly stallTimeoutMs?: number;
  /** Reconnection time for clients whose stream was closed, in milliseconds (SSE `retry`). @default 1000 */
  readonly retryMs?: number;
  /** Milliseconds after which an idle session expires; a running call or open stream keeps it. @default 1800000 (30 minutes) */
  readonly sessionIdleMs?: number;
  /**
   * Milliseconds after its last renewal for which a node counts as alive; it renews three times as often. Pending calls of
   * a dead node are completed with an error by the nodes to which their clients reconnect. @default 5000
   */
  readonly leaseMs?: number;
  /** Sessions in all. At the limit the longest idle one is evicted; if none is idle, `initialize` gets 503. @default 10000 */
  readonly maxSessions?: number;
  /** Sessions of one authenticated principal. At the limit, its longest idle session is evicted. @default 100 */
  readonly maxSessionsPerPrincipal?: number;
  /**
   * Sessions of the anonymous callers of one address (IPv6: one /56). At the limit, the longest idle session of that
   * address is evicted. @default a quarter of `maxSessions`, but at least 100
   */
  readonly maxSessionsPerAddress?: number;
  /** Running calls of one session. Further calls get 429. @default 100 */
  readonly maxCallsPerSession?: number;
  /** Running stateless calls of this node. Further calls get 503. @default 10000 */
  readonly maxCalls?: number;
  /** Running calls of one principal, or of one anonymous address, on this node. Further calls get 429. @default 1000 */
  readonly maxCallsPerPrincipal?: number;
  /** Resources to which one session, or one `subscriptions/listen`, may subscribe. @default 1000 */
  readonly maxSubscriptionsPerSession?: number;
  /**
   * Open `subscriptions/listen` streams of one principal, or of one address for anonymous callers, on this node. Further
   * ones get 429. @default 1000
   */
  readonly maxListenersPerPrincipal?: number;
  /**
   * Keys that seal `requestState`, newest first, each of at least 32 characters or bytes. The first seals, all open, so
   * that keys can be rotated. Nodes that serve the same clients must share them.
   * @default a key that the nodes of a store agree on
   */
  readonly stateKeys?: readonly (string | Uint8Array)[];
  /** Milliseconds for which a `requestState` is valid: the time for one round trip. @default 600000 (10 minutes) */
  readonly stateTtlMs?: number;
  /** Accepts each `requestState` once on all nodes; a client that lost the response must start again. @default false */
  readonly stateOnce?: boolean;
  /**
   * Most bytes of text in the result of a tool, unless the tool sets its own. A larger result has the beginning, and links
   * to resources with all of it, which are kept for `taskTtlMs`. 0 disables the limit. @default 100000
   */
  readonly maxResultBytes?: number;
  /** Milliseconds from its creation for which a task is kept, unless the tool sets its own. @default 3600000 (1 hour) */
  readonly taskTtlMs?: number;
  /** Polling interval for the clients of a task, in milliseconds, unless the tool sets its own. @default 1000 */
  readonly taskPollMs?: number;
  /**
   * Milliseconds for which a call with an idempotency key and its result are kept; a repeated call gets that result. 0
   * disables idempotency keys. @default 3600000 (1 hour)
   */
  readonly idempotencyTtlMs?: number;
  /** Kept calls with an idempotency key of one principal or anonymous address. Further calls get 429. @default 1000 */
  readonly maxKeyedCallsPerPrincipal?: number;
  /** Tasks and calls with an idempotency key in all, running or kept. Further ones get 429. @default 10000 */
  readonly maxTasks?: number;
  /** Tasks of one principal or anonymous address, running or kept. Further ones get 429. @default 100 */
  readonly maxTasksPerPrincipal?: number;
  /**
   * Milliseconds that a tool call may take, unless the tool sets its own limit. Then its signal is aborted and the client
   * gets an error. 0 disables the limit. @default 0
   */
  readonly callTimeoutMs?: number;
  /** Milliseconds for a client or its user to answer `elicit`, `sample` or `roots`. @default 300000 (5 minutes) */
  readonly clientRequestTimeoutMs?: number;
  /**
   * Milliseconds without progress after which a client that asked for progress gets a notification that the call is still
   * running, so that it does not time out. 0 disables that. @default 20000
   */
  readonly progressHeartbeatMs?: number;
  /**
   * Responds with JSON bodies only, for platforms that cannot keep a response open. GET gets 405, notifications of calls
   * are dropped and counted, and `initialize` does not announce capabilities that need a stream. @default false
   */
  readonly jsonOnly?: boolean;
  /** Refuses requests whose `Accept` does not name the media types of the specification, with 406. @default false */
  readonly strictAccept?: boolean;
  /**
   * Authenticates callers, such as `bearerAuth` of `mcp-express/auth`. Without it, anyone who can reach the endpoint can
   * use it, unless earlier middleware refuses them. @default none
   */
  readonly auth?: Authentication;
  /**
   * Names of credential headers that handlers may see in `ctx.request.headers`, such as `x-api-key`. All others that carry
   * credentials (`authorization`, `cookie`, …) are removed, and tasks do not keep these either. @default []
   */
  readonly credentialHeaders?: readonly string[];
  /**
   * Milliseconds between verifications of the token of an open stream, so that the stream ends when the token is revoked. 0
   * disables them: the stream then ends when the token expires. @default 15000
   */
  readonly authRecheckMs?: number;
  /**
   * Requests a minute of one principal, or of one address for anonymous callers; `false` disables all limits.
   * @default `{ initialize: 12000, unknownSessions: 6000, failedAuthentication: 1200, requests: 0 }`
   */
  readonly rateLimits?: RateLimits | false;
  /** Returns the `express-rate-limit` store of each budget of `rateLimits`. @default the counters of `store`, if it has any */
  readonly rateLimitStores?: RateLimitStores;
  /** Options of `helmet` for response headers, merged into those for data; `false` for none of them. @default `{}` */
  readonly helmet?: HelmetOptions | false;
  /**
   * The caller, from the data that authentication middleware set on the request. May throw an `McpError` `unauthorized`.
   * @default from `req.auth` or `req.user`: subject from `sub`, `id`, …; anonymous without either
   */
  readonly principal?: (request: Request) => Principal | undefined;
  /**
   * Logger for failures, with cause and stack: a pino logger, or any object with `error(fields, message)`; `false` disables
   * logging. Responses contain neither.
   * @default lines of JSON on stderr, readable text on a terminal; none with `NODE_ENV=test`
   */
  readonly logger?: Logger | false;
  /** Logs failures with the principal of the call: issuer, subject and client id, which may be personal data. @default false */
  readonly logPrincipals?: boolean;
  /** Traces and measures the router: `otel()` of `mcp-express/otel`. @default none */
  readonly instrument?: Instrumentation;
  /** Receives events, synchronously, for metrics, audit (`auditLog`) and logs; one or several functions. @default none */
  readonly observe?: Observers;
}

/** Options whose default depends on others, or is computed where it is used. */
type Without =
  | 'store'
  | 'observe'
  | 'instrument'
  | 'logger'
  | 'stateKeys'
  | 'auth'
  | 'rateLimitStores'
  | 'maxSessionsPerAddress';

/** Complete, checked and frozen options. */
export type ResolvedOptions = Readonly<
  Required<Omit<RouterOptions, Without>> & { [K in Exclude<Without, 'observe'>]: RouterOptions[K] | undefined } & {
    observe: Observer | undefined;
  }
>;

/** Options whose values must not appear in messages. */
const SECRET: ReadonlySet<string> = new Set(['stateKeys']);

/** Checks options and applies the defaults. @throws ConfigurationError naming the option, its value and the valid values. */
export function resolveOptions(options: RouterOptions = {}): ResolvedOptions {
  assertKnown(options, Object.keys(CHECKS), 'mcpRouter');
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    const wanted = CHECKS[name as keyof RouterOptions](value);
    if (wanted !== undefined) {
      throw new ConfigurationError(
        `mcpRouter option "${name}" must be ${wanted}${SECRET.has(name) ? '' : `; it is ${shown(value)}`}`,
      );
    }
  }
  const resolved: ResolvedOptions = { ...DEFAULTS, ...Object.fromEntries(given) };
  return Object.freeze({ ...resolved, observe: guardedObserver(resolved.observe) });
}

function shown(value: unknown): string {
  return typeof value === 'function' ? 'a function' : (JSON.stringify(redactSecrets(value)) ?? String(value));
}
