import type { Request } from 'express';
import type { Principal } from './auth/principal.js';
import { requestPrincipal } from './auth/request-principal.js';
import { assertKnown, ConfigurationError } from './ground/errors.js';
import { guardedObserver, type Observer } from './ground/observe.js';
import { LOOPBACK_HOSTS } from './http/host-guard.js';
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
   * Milliseconds after which a call that has said nothing yet is answered by a stream rather than by one JSON body, so
   * that its headers arrive and it can be resumed. `Infinity` waits for the answer. @default 50
   */
  readonly sseAfterMs?: number;
  /** Milliseconds between comment lines on an open stream, so that proxies keep it. 0 switches them off. @default 15000 */
  readonly keepAliveMs?: number;
  /** What clients are told to wait before they come back for a stream, in milliseconds. @default 1000 */
  readonly retryMs?: number;
  /** Milliseconds after which an idle session ends. One with a running call or an open stream is not idle. @default 1800000 (30 minutes) */
  readonly sessionIdleMs?: number;
  /** Sessions in all. Beyond, the one idle longest makes room; if none is idle, `initialize` is answered 503. @default 10000 */
  readonly maxSessions?: number;
  /** Sessions of one authenticated principal. Beyond, its own that is idle longest makes room. @default 100 */
  readonly maxSessionsPerPrincipal?: number;
  /** Calls that one session may have running. Beyond, 429. @default 100 */
  readonly maxCallsPerSession?: number;
  /** Resources that one session, or one `subscriptions/listen`, may be subscribed to. @default 1000 */
  readonly maxSubscriptionsPerSession?: number;
  /** `subscriptions/listen` streams that one principal may have open on this node. Beyond, 429. @default 1000 */
  readonly maxListenersPerPrincipal?: number;
  /**
   * What `requestState` is sealed with, newest first: texts or bytes of at least 32. The first seals, all open, so that a
   * key can be replaced. Nodes that serve the same clients must share them. @default one that this process makes up
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
  /** Tasks in all, running or kept. Beyond, 429. @default 10000 */
  readonly maxTasks?: number;
  /** Tasks of one authenticated principal, running or kept. Beyond, 429. @default 100 */
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
   * Who is calling, from what authentication middleware left on the request. May throw an `McpError` `unauthorized`.
   * @default `req.auth` or `req.user`: subject from `sub`, `id`, ...; anonymous when neither is there
   */
  readonly principal?: (request: Request) => Principal | undefined;
  /** Told what happens, synchronously, for metrics, audit and logs. @default nothing is told */
  readonly observe?: Observer;
}

/** Complete, checked and frozen. */
export type ResolvedOptions = Readonly<
  Required<Omit<RouterOptions, 'store' | 'observe' | 'stateKeys'>> & {
    stateKeys: RouterOptions['stateKeys'];
    store: Store | undefined;
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
  sseAfterMs: 50,
  keepAliveMs: 15_000,
  retryMs: 1_000,
  sessionIdleMs: 30 * 60_000,
  maxSessions: 10_000,
  maxSessionsPerPrincipal: 100,
  maxCallsPerSession: 100,
  maxSubscriptionsPerSession: 1_000,
  maxListenersPerPrincipal: 1_000,
  stateKeys: undefined,
  stateTtlMs: 10 * 60_000,
  stateOnce: false,
  taskTtlMs: 60 * 60_000,
  taskPollMs: 1_000,
  maxTasks: 10_000,
  maxTasksPerPrincipal: 100,
  callTimeoutMs: 0,
  clientRequestTimeoutMs: 5 * 60_000,
  progressHeartbeatMs: 20_000,
  jsonOnly: false,
  strictAccept: false,
  principal: requestPrincipal,
  observe: undefined,
} as const satisfies { [K in keyof RouterOptions]-?: RouterOptions[K] | undefined };

type Check = (value: unknown) => string | undefined;

const CHECKS: { readonly [K in keyof Required<RouterOptions>]: Check } = {
  path: (value) =>
    typeof value === 'string' && /^\/[^?#\s]*$/.test(value) ? undefined : 'a path that begins with "/", such as "/mcp"',
  store: (value) => (isStore(value) ? undefined : 'a store, such as memoryStore()'),
  allowedHosts: listOf(isHost, 'a list of host names without scheme or port, such as "mcp.example.com"'),
  allowedOrigins: listOf(isOrigin, 'a list of origins with scheme and no path, such as "https://app.example.com"'),
  maxBodyBytes: wholeFrom(1),
  sseAfterMs: (value) => (value === Infinity ? undefined : wholeFrom(0)(value)),
  keepAliveMs: wholeFrom(0),
  retryMs: wholeFrom(0),
  sessionIdleMs: wholeFrom(1),
  maxSessions: wholeFrom(1),
  maxSessionsPerPrincipal: wholeFrom(1),
  maxCallsPerSession: wholeFrom(1),
  maxSubscriptionsPerSession: wholeFrom(1),
  maxListenersPerPrincipal: wholeFrom(1),
  stateKeys: keyList,
  stateTtlMs: wholeFrom(1),
  stateOnce: trueOrFalse,
  taskTtlMs: wholeFrom(1),
  taskPollMs: wholeFrom(1),
  maxTasks: wholeFrom(1),
  maxTasksPerPrincipal: wholeFrom(1),
  callTimeoutMs: wholeFrom(0),
  clientRequestTimeoutMs: wholeFrom(1),
  progressHeartbeatMs: wholeFrom(0),
  jsonOnly: trueOrFalse,
  strictAccept: trueOrFalse,
  principal: (value) => (typeof value === 'function' ? undefined : 'a function of the request'),
  observe: (value) => (typeof value === 'function' ? undefined : 'a function of the event'),
};

/** Options whose values appear nowhere. */
const SECRET: ReadonlySet<string> = new Set(['stateKeys']);

/** @throws ConfigurationError naming the option, its value and what it should be. */
export function resolveOptions(options: RouterOptions = {}): ResolvedOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  assertKnown(Object.fromEntries(given), Object.keys(CHECKS), 'mcpRouter');
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
  return typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value));
}

function wholeFrom(least: number): Check {
  return (value) =>
    Number.isSafeInteger(value) && (value as number) >= least ? undefined : `a whole number of at least ${least}`;
}

function trueOrFalse(value: unknown): string | undefined {
  return typeof value === 'boolean' ? undefined : 'true or false';
}

const MIN_KEY = 32;

/** Never shows what it was given: it is secret. */
function keyList(value: unknown): string | undefined {
  const isKey = (key: unknown): boolean =>
    (typeof key === 'string' || key instanceof Uint8Array) && key.length >= MIN_KEY;
  const wanted = `a list of at least one text or bytes, each of ${MIN_KEY} characters or bytes at least`;
  return Array.isArray(value) && value.length > 0 && value.every(isKey) ? undefined : wanted;
}

function listOf(isItem: (value: unknown) => boolean, wanted: string): Check {
  return (value) => (Array.isArray(value) && value.every(isItem) ? undefined : wanted);
}

function isHost(value: unknown): boolean {
  return typeof value === 'string' && /^(\*|(\*\.)?[a-z0-9._-]+|\[[0-9a-f:.]+\])$/i.test(value);
}

function isOrigin(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z][a-z0-9+.-]*:\/\/[^/\s]+$/i.test(value);
}

function isStore(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'sessions' in value && 'streams' in value && 'bus' in value;
}
