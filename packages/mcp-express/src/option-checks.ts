import { hostIssue, originIssue, pathIssue } from './http/security/option-formats.js';
import { RATE_LIMITS } from './http/security/rate-limits.js';
import type { RouterOptions } from './options.js';
import { kindOf } from './protocol/errors.js';
import { isObject } from './protocol/json-rpc.js';

/** Returns a description of the valid values, or `undefined` if the value is valid. */
type Check = (value: unknown) => string | undefined;

/** The checks of all options of `mcpRouter`. */
export const CHECKS: { readonly [K in keyof Required<RouterOptions>]: Check } = {
  path: (value) => advised('a path that begins with "/", such as "/mcp"', pathIssue(value)),
  store: (value) =>
    isStore(value) ? undefined : `a store, such as memoryStore() or await openStore(…), and was given ${kindOf(value)}`,
  allowedHosts: (value) =>
    Array.isArray(value) && value.length === 0
      ? 'a list of at least one host name: without one, every request is refused'
      : eachOf(hostIssue, 'a list of host names without scheme or port, such as "mcp.example.com"')(value),
  allowedOrigins: eachOf(
    originIssue,
    'a list of origins as browsers send them, with scheme and no path, such as "https://app.example.com"',
  ),
  maxBodyBytes: wholeFrom(1),
  maxRequestBytesPerPrincipal: wholeFrom(1),
  maxRequestBytes: wholeFrom(1),
  sseAfterMs: (value) => (value === Infinity ? undefined : wholeFrom(0)(value)),
  keepAliveMs: wholeFrom(0),
  stallTimeoutMs: wholeFrom(0),
  retryMs: wholeFrom(0),
  sessionIdleMs: wholeFrom(1),
  leaseMs: wholeFrom(100),
  maxSessions: wholeFrom(1),
  maxSessionsPerPrincipal: wholeFrom(1),
  maxSessionsPerAddress: wholeFrom(1),
  maxCallsPerSession: wholeFrom(1),
  maxCalls: wholeFrom(1),
  maxCallsPerPrincipal: wholeFrom(1),
  maxSubscriptionsPerSession: wholeFrom(1),
  maxListenersPerPrincipal: wholeFrom(1),
  stateKeys: keyList,
  stateTtlMs: wholeFrom(1),
  stateOnce: trueOrFalse,
  maxResultBytes: wholeFrom(0),
  taskTtlMs: wholeFrom(1),
  taskPollMs: wholeFrom(1),
  idempotencyTtlMs: wholeFrom(0),
  maxKeyedCallsPerPrincipal: wholeFrom(1),
  maxTasks: wholeFrom(1),
  maxTasksPerPrincipal: wholeFrom(1),
  callTimeoutMs: wholeFrom(0),
  clientRequestTimeoutMs: wholeFrom(1),
  progressHeartbeatMs: wholeFrom(0),
  jsonOnly: trueOrFalse,
  strictAccept: trueOrFalse,
  auth: (value) => (isAuthentication(value) ? undefined : 'an authentication, such as bearerAuth({ … })'),
  credentialHeaders: listOf(isHeaderName, 'a list of header names, such as "x-api-key"'),
  authRecheckMs: wholeFrom(0),
  rateLimits: rateLimitsIssue,
  rateLimitStores: (value) => (typeof value === 'function' ? undefined : 'a function of the name of a budget'),
  helmet: (value) => (value === false || isObject(value) ? undefined : 'options of helmet, or false'),
  principal: (value) => (typeof value === 'function' ? undefined : 'a function of the request'),
  logger: (value) =>
    value === false || isLogger(value)
      ? undefined
      : 'a logger with "error(fields, message)", such as one of pino, or false',
  logPrincipals: trueOrFalse,
  instrument: (value) =>
    isObject(value) && typeof value['attach'] === 'function' ? undefined : 'an instrumentation, such as otel()',
  observe: (value) =>
    (Array.isArray(value) ? value : [value]).every((each) => typeof each === 'function')
      ? undefined
      : 'a function of the event, or a list of them',
};

function wholeFrom(least: number): Check {
  return (value) =>
    Number.isSafeInteger(value) && (value as number) >= least ? undefined : `a whole number of at least ${least}`;
}

function trueOrFalse(value: unknown): string | undefined {
  return typeof value === 'boolean' ? undefined : 'true or false';
}

const MIN_KEY = 32;

/** Never includes the value, which is secret. */
function keyList(value: unknown): string | undefined {
  const isKey = (key: unknown): boolean =>
    (typeof key === 'string' || key instanceof Uint8Array) && key.length >= MIN_KEY;
  const wanted = `a list of at least one text or bytes, each of ${MIN_KEY} characters or bytes at least`;
  return Array.isArray(value) && value.length > 0 && value.every(isKey) ? undefined : wanted;
}

function listOf(isItem: (value: unknown) => boolean, wanted: string): Check {
  return (value) => (Array.isArray(value) && value.every(isItem) ? undefined : wanted);
}

/** @param issueOf returns how to write an entry correctly, or an empty text if unknown; `undefined` if the entry is valid. */
function eachOf(issueOf: (entry: unknown) => string | undefined, wanted: string): Check {
  return (value) => {
    if (!Array.isArray(value)) return wanted;
    const issues = value.map(issueOf).filter((issue) => issue !== undefined);
    return advised(wanted, issues.find((issue) => issue !== '') ?? issues[0]);
  };
}

function advised(wanted: string, issue: string | undefined): string | undefined {
  if (issue === undefined) return undefined;
  return issue === '' ? wanted : `${wanted}: ${issue}`;
}

function isLogger(value: unknown): boolean {
  return isObject(value) && typeof value['error'] === 'function';
}

/** A token of RFC 9110, section 5.6.2. */
function isHeaderName(value: unknown): boolean {
  return typeof value === 'string' && /^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(value);
}

function isAuthentication(value: unknown): boolean {
  return isObject(value) && typeof value['authenticate'] === 'function';
}

function rateLimitsIssue(value: unknown): string | undefined {
  const wanted = `false, or whole numbers of at least 0 for ${Object.keys(RATE_LIMITS).join(', ')}`;
  if (value === false) return undefined;
  if (!isObject(value)) return wanted;
  const isLimit = ([name, limit]: [string, unknown]): boolean =>
    name in RATE_LIMITS && Number.isSafeInteger(limit) && (limit as number) >= 0;
  return Object.entries(value).every(isLimit) ? undefined : wanted;
}

const STORE_PARTS = ['sessions', 'streams', 'subscriptions', 'versions', 'tasks', 'claims', 'leases', 'values', 'bus'];

function isStore(value: unknown): boolean {
  return isObject(value) && STORE_PARTS.every((part) => isObject(value[part]));
}
