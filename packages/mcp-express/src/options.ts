import type { Request } from 'express';
import type { Authentication } from './auth/authentication.js';
import type { Principal } from './auth/principal.js';
import { requestPrincipal } from './auth/request-principal.js';
import type { RateLimitStores } from './http/express-rate-budgets.js';
import { LOOPBACK_HOSTS } from './http/host-guard.js';
import { RATE_LIMITS, type RateLimits } from './http/rate-limits.js';
import type { HelmetOptions } from './http/security-headers.js';
import type { Logger } from './observe/log.js';
import { guardedObserver, type Observer, type Observers } from './observe/observe.js';
import { redactSecrets } from './observe/redact.js';
import { CHECKS } from './option-checks.js';
import { assertKnown, ConfigurationError } from './protocol/errors.js';
import type { Store } from './store/store.js';

/** The options of `mcpRouter`. All are optional. */
export interface RouterOptions {
  /** Where the endpoint is, below where the router is mounted. @default '/mcp' */
  readonly path?: string;
  /** Where sessions and streams live. A store given here is not closed by the router. @default memoryStore() */
  readonly store?: Store;
  /**
   * The host names this server may be called by, `*.example.com` for all subdomains; ports are ignored. Anything else in
   * `Host` is refused with 403, against DNS rebinding. Put `'*'` to accept any, behind a proxy that checks.
   * @default ['localhost', '127.0.0.1', '[::1]']
   */
  readonly allowedHosts?: readonly string[];
  /**
   * The web origins whose pages may call this server, such as `https://app.example.com`, beside those of the allowed
   * hosts. @default []
   */
  readonly allowedOrigins?: readonly string[];
  /** The largest body, in bytes, counted while it is read. @default 4194304 (4 MiB) */
  readonly maxBodyBytes?: number;
  /**
   * Bytes that the requests of one principal, or of one address where callers are anonymous, may hold on this node: bodies
   * on their way and arguments of what runs, each value in them counted as 24 more. Beyond, 429. Never less than
   * `maxBodyBytes`. @default 16777216 (16 MiB)
   */
  readonly maxRequestBytesPerPrincipal?: number;
  /** The same of all requests. Beyond, 503. @default 134217728 (128 MiB) */
  readonly maxRequestBytes?: number;
  /**
   * Milliseconds after which a call that has said nothing yet is answered by a stream rather than by one JSON body, so
   * that its headers arrive and it can be resumed. `Infinity` waits for the answer. @default 50
   */
  readonly sseAfterMs?: number;
  /** Milliseconds between comment lines on an open stream, so that proxies keep it. 0 switches them off. @default 15000 */
  readonly keepAliveMs?: number;
  /**
   * Milliseconds for which a client may take nothing of what was written to its stream before the connection is cut. In a
   * session it can come back for the rest. 0 waits for as long as it stays. @default 60000
   */
  readonly stallTimeoutMs?: number;
  /** What clients are told to wait before they come back for a stream, in milliseconds. @default 1000 */
  readonly retryMs?: number;
  /** Milliseconds after which an idle session ends. One with a running call or an open stream is not idle. @default 1800000 (30 minutes) */
  readonly sessionIdleMs?: number;
  /**
   * Milliseconds for which a node counts as alive after it last said so, which it does three times as often. The calls of
   * one that is gone are answered with an error by whichever node their clients come back to. @default 5000
   */
  readonly leaseMs?: number;
  /** Sessions in all. Beyond, the one idle longest makes room; if none is idle, `initialize` is answered 503. @default 10000 */
  readonly maxSessions?: number;
  /** Sessions of one authenticated principal. Beyond, its own that is idle longest makes room. @default 100 */
  readonly maxSessionsPerPrincipal?: number;
  /**
   * Sessions of the anonymous callers of one address (IPv6: of one /56). Beyond, the one of that address that is idle
   * longest makes room. @default a quarter of `maxSessions`, but at least 100
   */
  readonly maxSessionsPerAddress?: number;
  /** Calls that one session may have running. Beyond, 429. @default 100 */
  readonly maxCallsPerSession?: number;
  /** Calls without a session that this node may run at a time. Beyond, 503. @default 10000 */
  readonly maxCalls?: number;
  /** Calls of one principal, or address of anonymous callers, that run on this node. Beyond, 429. @default 1000 */
  readonly maxCallsPerPrincipal?: number;
  /** Resources that one session, or one `subscriptions/listen`, may be subscribed to. @default 1000 */
  readonly maxSubscriptionsPerSession?: number;
  /**
   * `subscriptions/listen` streams that one principal, or one address where callers are anonymous, may have open on this
   * node. Beyond, 429. @default 1000
   */
  readonly maxListenersPerPrincipal?: number;
  /**
   * What `requestState` is sealed with, newest first: texts or bytes of at least 32. The first seals, all open, so that a
   * key can be replaced. Nodes that serve the same clients must share them.
   * @default one that the nodes of a store agree on
   */
  readonly stateKeys?: readonly (string | Uint8Array)[];
  /** Milliseconds for which a `requestState` is taken: what a client, and the person before it, has for one round. @default 600000 (10 minutes) */
  readonly stateTtlMs?: number;
  /** Takes each `requestState` only once, on whichever node; a client that lost the answer starts again. @default false */
  readonly stateOnce?: boolean;
  /** Milliseconds from its creation for which a task and its result are kept, where the tool does not say. @default 3600000 (1 hour) */
  readonly taskTtlMs?: number;
  /** Milliseconds that clients are told to wait between two looks at a task, where the tool does not say. @default 1000 */
  readonly taskPollMs?: number;
  /**
   * Milliseconds for which a call with an idempotency key, and its answer, is kept: whoever sends it again meanwhile is
   * given that. 0 pays keys no attention. @default 3600000 (1 hour)
   */
  readonly idempotencyTtlMs?: number;
  /** Calls with an idempotency key of one principal, or address of anonymous callers. Beyond, 429. @default 1000 */
  readonly maxKeyedCallsPerPrincipal?: number;
  /** Tasks and calls with an idempotency key in all, running or kept. Beyond, 429. @default 10000 */
  readonly maxTasks?: number;
  /** Tasks of one principal, or address of anonymous callers, running or kept. Beyond, 429. @default 100 */
  readonly maxTasksPerPrincipal?: number;
  /**
   * Milliseconds a tool call may take, where the tool does not say itself. Beyond, its signal fires and the client gets
   * an error. 0 for as long as it takes. @default 0
   */
  readonly callTimeoutMs?: number;
  /** Milliseconds a client, and the person before it, has to answer `elicit`, `sample` and `roots`. @default 300000 (5 minutes) */
  readonly clientRequestTimeoutMs?: number;
  /**
   * Milliseconds after which a client that asked for progress, and heard of none, is told that the call still runs, so
   * that it does not give up. 0 switches it off. @default 20000
   */
  readonly progressHeartbeatMs?: number;
  /**
   * Answers with JSON bodies only: for places that cannot keep a response open. GET is 405, what a call says before its
   * answer is dropped and counted, and `initialize` does not offer what needs a stream. @default false
   */
  readonly jsonOnly?: boolean;
  /** Refuses with 406 what does not list both media types in `Accept`, as the specification has it. @default false */
  readonly strictAccept?: boolean;
  /**
   * Verifies who is calling, such as `bearerAuth` of `mcp-express/auth`. Without it, whoever may reach the endpoint may use
   * it, as far as nothing before the router refuses them. @default none
   */
  readonly auth?: Authentication;
  /**
   * Names of headers with credentials that handlers find in `ctx.request.headers`, such as `x-api-key`. All others that
   * carry credentials (`authorization`, `cookie`, ...) are removed from it, and a task does not keep them. @default []
   */
  readonly credentialHeaders?: readonly string[];
  /**
   * Milliseconds after which `auth` is asked again about the token of a stream that is still open, so that it ends when the
   * token was revoked. 0 for never: then it ends when the token expires. @default 15000
   */
  readonly authRecheckMs?: number;
  /**
   * How many requests a minute each principal, or each address where nobody signed in, may make; `false` for any number.
   * @default `{ initialize: 12000, unknownSessions: 6000, failedAuthentication: 1200, requests: 0 }`
   */
  readonly rateLimits?: RateLimits | false;
  /** Where the counts of `rateLimits` are kept: a store of `express-rate-limit` for each budget. @default in this process */
  readonly rateLimitStores?: RateLimitStores;
  /** Options of `helmet` for the headers of every answer, beside those chosen for data; `false` for none. @default `{}` */
  readonly helmet?: HelmetOptions | false;
  /**
   * Who is calling, from what authentication middleware left on the request. May throw an `McpError` `unauthorized`.
   * @default `req.auth` or `req.user`: subject from `sub`, `id`, ...; anonymous when neither is there
   */
  readonly principal?: (request: Request) => Principal | undefined;
  /**
   * Where failures are logged, with cause and stack: a pino logger, or anything with its `error(fields, message)`; `false`
   * for nowhere. What clients are answered has neither. @default a line of JSON on stderr; nowhere with `NODE_ENV=test`
   */
  readonly logger?: Logger | false;
  /** Told what happens, synchronously, for metrics, audit (`auditLog`) and logs; one or several. @default nothing is told */
  readonly observe?: Observers;
}

/** Options without a default: absent, something else stands in their place. */
type Without = 'store' | 'observe' | 'logger' | 'stateKeys' | 'auth' | 'rateLimitStores' | 'maxSessionsPerAddress';

/** Complete, checked and frozen. */
export type ResolvedOptions = Readonly<
  Required<Omit<RouterOptions, Without>> & { [K in Exclude<Without, 'observe'>]: RouterOptions[K] | undefined } & {
    observe: Observer | undefined;
  }
>;

const MIB = 1024 * 1024;

export const DEFAULTS = {
  path: '/mcp',
  store: undefined,
  allowedHosts: LOOPBACK_HOSTS,
  allowedOrigins: [],
  maxBodyBytes: 4 * MIB,
  maxRequestBytesPerPrincipal: 16 * MIB,
  maxRequestBytes: 128 * MIB,
  sseAfterMs: 50,
  keepAliveMs: 15_000,
  stallTimeoutMs: 60_000,
  retryMs: 1_000,
  sessionIdleMs: 30 * 60_000,
  leaseMs: 5_000,
  maxSessions: 10_000,
  maxSessionsPerPrincipal: 100,
  maxSessionsPerAddress: undefined,
  maxCallsPerSession: 100,
  maxCalls: 10_000,
  maxCallsPerPrincipal: 1_000,
  maxSubscriptionsPerSession: 1_000,
  maxListenersPerPrincipal: 1_000,
  stateKeys: undefined,
  stateTtlMs: 10 * 60_000,
  stateOnce: false,
  taskTtlMs: 60 * 60_000,
  taskPollMs: 1_000,
  idempotencyTtlMs: 60 * 60_000,
  maxKeyedCallsPerPrincipal: 1_000,
  maxTasks: 10_000,
  maxTasksPerPrincipal: 100,
  callTimeoutMs: 0,
  clientRequestTimeoutMs: 5 * 60_000,
  progressHeartbeatMs: 20_000,
  jsonOnly: false,
  strictAccept: false,
  auth: undefined,
  credentialHeaders: [],
  authRecheckMs: 15_000,
  rateLimits: RATE_LIMITS,
  rateLimitStores: undefined,
  helmet: {},
  principal: requestPrincipal,
  logger: undefined,
  observe: undefined,
} as const satisfies { [K in keyof RouterOptions]-?: RouterOptions[K] | undefined };

/** Options whose values appear nowhere. */
const SECRET: ReadonlySet<string> = new Set(['stateKeys']);

/** @throws ConfigurationError naming the option, its value and what it should be. */
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
