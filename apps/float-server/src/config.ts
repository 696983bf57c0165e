/** Configuration from environment variables, read in one place. */
import { redactSecrets } from 'mcp-express';
import { type People, peopleOf } from './config/callers.js';
import { type Source, sourceOf } from './config/source.js';
import { storeOf } from './config/store.js';
import { type TrustProxy, trustProxyOf } from './config/trust-proxy.js';
import { ConfigError, type Environment, invalidValue, text, wholeNumber } from './config/values.js';

export type { FloatSource, Source } from './config/source.js';
export { ConfigError, type Environment } from './config/values.js';

/** Log levels in increasing order. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
/** A log level. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Sets of tools: a few tools for whole questions and all records; one tool per operation of Float's API; the tool names of
 * the archived community server.
 */
export const TOOLSETS = ['consolidated', 'granular', 'aliases'] as const;
/** A set of tools. */
export type Toolset = (typeof TOOLSETS)[number];

/** Who may use the server: anyone, holders of an API key, or users of an OAuth authorization server. */
export type Access =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'keys'; readonly keys: readonly { readonly subject: string; readonly hash: string }[] }
  | { readonly kind: 'oauth'; readonly issuer: string; readonly publicUrl: string; readonly scopes: readonly string[] };

/** The complete configuration. */
export interface Config {
  readonly host: string;
  /** 0 chooses a free port. */
  readonly port: number;
  /** Address of the statistics. Undefined disables them. */
  readonly stats: { readonly host: string; readonly port: number } | undefined;
  /** Address of the metrics for Prometheus. Undefined disables them. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined;
  /** Exports traces and metrics by OTLP, as the `OTEL_` variables of the SDK say. */
  readonly otlp: boolean;
  /** Accepted Host names. Undefined leaves the decision to the router, which accepts loopback only. */
  readonly allowedHosts: readonly string[] | undefined;
  /** Proxies whose `X-Forwarded-For` is trusted. Undefined trusts none. */
  readonly trustProxy: TrustProxy | undefined;
  readonly source: Source;
  readonly access: Access;
  /**
   * Location of sessions and streams: `memory`, `lmdb:PATH` or a `redis:` URL. Servers that share one are one service.
   */
  readonly store: string;
  /** The Float person of each caller, to resolve "me". */
  readonly people: People;
  readonly toolsets: readonly Toolset[];
  /** Milliseconds for one request to Float. */
  readonly timeoutMs: number;
  /** Seconds between checks for changes while there are subscriptions. 0 disables them. */
  readonly pollSeconds: number;
  /** IANA time zone that determines "today". */
  readonly timeZone: string;
  readonly logLevel: LogLevel;
}

const KNOWN_FLOAT_NAMES = [
  'FLOAT_API_KEY',
  'FLOAT_API_URL',
  'FLOAT_CONTACT_EMAIL',
  'FLOAT_PEOPLE',
  'FLOAT_POLL_SECONDS',
  'FLOAT_TIME_ZONE',
  'FLOAT_TIMEOUT_MS',
  'FLOAT_TOKENS_FILE',
  'FLOAT_TOOLSET',
  'FLOAT_USER_AGENT',
  'FLOAT_WITHOUT_TOKEN',
];

/**
 * Reads, validates and freezes the configuration.
 *
 * @throws ConfigError at the first invalid variable
 */
export function readConfig(env: Environment): Config {
  rejectUnknownVariables(env);
  const port = wholeNumber(env, 'PORT', { fallback: 3000, min: 0, max: 65_535 });
  const host = text(env, 'HOST') ?? '127.0.0.1';
  return Object.freeze({
    host,
    port,
    stats: addressOf(env, 'STATS'),
    metrics: addressOf(env, 'METRICS'),
    otlp: text(env, 'OTEL_EXPORTER_OTLP_ENDPOINT') !== undefined && text(env, 'OTEL_SDK_DISABLED') !== 'true',
    allowedHosts: text(env, 'ALLOWED_HOSTS')?.split(/\s*,\s*/),
    trustProxy: trustProxyOf(env),
    source: Object.freeze(sourceOf(env)),
    access: Object.freeze(assertProtected(accessOf(env), host, env)),
    store: storeOf(env, port),
    people: Object.freeze(peopleOf(env)),
    toolsets: Object.freeze(toolsetsOf(env)),
    timeoutMs: wholeNumber(env, 'FLOAT_TIMEOUT_MS', { fallback: 15_000, min: 100, max: 300_000 }),
    pollSeconds: wholeNumber(env, 'FLOAT_POLL_SECONDS', { fallback: 60, min: 0, max: 86_400 }),
    timeZone: timeZoneOf(env),
    logLevel: logLevelOf(env),
  });
}

/** The configuration without secrets, for logging. */
export function describeConfig({
  source,
  access,
  store,
  people,
  ...config
}: Config): Readonly<Record<string, unknown>> {
  return {
    ...config,
    people: [...people.bySubject.keys()],
    store: redactSecrets(store),
    source: printable(source),
    access: access.kind === 'keys' ? { kind: 'keys', subjects: access.keys.map(({ subject }) => subject) } : access,
  };
}

/** Secrets that must not appear in log lines. */
export function secretsOf({ source, store }: Config): readonly string[] {
  const password = URL.canParse(store) ? decodeURIComponent(new URL(store).password) : '';
  const keys = source.kind === 'float' ? [source.apiKey, ...source.tokens.map(({ token }) => token)] : [];
  return [...keys, password].filter((secret) => secret !== undefined && secret !== '') as string[];
}

function printable(source: Source): Source | Readonly<Record<string, unknown>> {
  if (source.kind === 'sandbox') return source;
  const { apiKey, tokens, ...rest } = source;
  const subjects = tokens.map(({ subject }) => subject);
  return { ...rest, apiKey: apiKey === undefined ? 'none' : '[set]', subjectsOfTheirOwn: subjects };
}

function accessOf(env: Environment): Access {
  const hashes = text(env, 'API_KEY_HASHES');
  const issuer = text(env, 'OAUTH_ISSUER');
  if (hashes !== undefined && issuer !== undefined)
    throw invalidValue('OAUTH_ISSUER', issuer, 'unset with API_KEY_HASHES');
  if (hashes !== undefined) return { kind: 'keys', keys: hashes.split(/\s*,\s*/).map(keyOf) };
  if (issuer === undefined) {
    if (text(env, 'FLOAT_TOKENS_FILE') === undefined) return { kind: 'anyone' };
    throw new ConfigError('FLOAT_TOKENS_FILE needs API_KEY_HASHES or OAUTH_ISSUER: without them callers are anonymous');
  }
  const publicUrl = text(env, 'PUBLIC_URL');
  if (publicUrl === undefined) throw new ConfigError('OAUTH_ISSUER needs PUBLIC_URL: the URL clients call, with /mcp');
  return { kind: 'oauth', issuer, publicUrl, scopes: text(env, 'OAUTH_SCOPES')?.split(/[\s,]+/) ?? [] };
}

/** Requires ALLOW_ANYONE for an open server that other machines can reach. @throws ConfigError */
function assertProtected(access: Access, host: string, env: Environment): Access {
  const allowed = text(env, 'ALLOW_ANYONE');
  if (allowed !== undefined && allowed !== 'true' && allowed !== 'false') {
    throw invalidValue('ALLOW_ANYONE', allowed, 'true or false');
  }
  if (access.kind !== 'anyone' || isLoopback(host) || allowed === 'true') return access;
  throw new ConfigError(
    `HOST ${host} can be reached from other machines, and callers are not authenticated: set API_KEY_HASHES or ` +
      'OAUTH_ISSUER, or ALLOW_ANYONE=true if something else keeps strangers out.',
  );
}

/** Whether no other machine can reach an address. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/i.test(host);
}

/** A further address to bind, by the variables `NAME_HOST` and `NAME_PORT`. */
function addressOf(env: Environment, name: 'STATS' | 'METRICS'): Config['stats'] {
  const host = text(env, `${name}_HOST`);
  if (text(env, `${name}_PORT`) !== undefined) {
    return { host: host ?? '127.0.0.1', port: wholeNumber(env, `${name}_PORT`, { fallback: 0, min: 0, max: 65_535 }) };
  }
  if (host !== undefined) throw invalidValue(`${name}_HOST`, host, `used together with ${name}_PORT`);
  return undefined;
}

/** Parses `name=hash`. The error does not quote the value, which may be a key by mistake. */
function keyOf(entry: string): { subject: string; hash: string } {
  const match = /^([^=\s]+)=([0-9a-f]{64})$/i.exec(entry);
  if (match?.[1] !== undefined && match[2] !== undefined) return { subject: match[1], hash: match[2].toLowerCase() };
  throw new ConfigError('API_KEY_HASHES must be name=hash, separated by commas; a hash is the SHA-256 of a key in hex');
}

function timeZoneOf(env: Environment): string {
  const zone = text(env, 'FLOAT_TIME_ZONE') ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    throw invalidValue('FLOAT_TIME_ZONE', zone, 'an IANA time zone such as "Europe/Berlin"');
  }
}

/** Parses one or several sets, separated by commas. */
function toolsetsOf(env: Environment): Toolset[] {
  const given = text(env, 'FLOAT_TOOLSET') ?? 'consolidated';
  return given.split(/\s*,\s*/).map((word) => {
    const set = TOOLSETS.find((one) => one === word);
    if (set === undefined) throw invalidValue('FLOAT_TOOLSET', given, `${TOOLSETS.join(', ')}, or several of them`);
    return set;
  });
}

function logLevelOf(env: Environment): LogLevel {
  const given = text(env, 'LOG_LEVEL') ?? 'info';
  const level = LOG_LEVELS.find((one) => one === given);
  if (level === undefined) throw invalidValue('LOG_LEVEL', given, `one of ${LOG_LEVELS.join(', ')}`);
  return level;
}

/** Rejects unknown FLOAT_ variables: a misspelt FLOAT_APIKEY would otherwise start the sandbox silently. */
function rejectUnknownVariables(env: Environment): void {
  const unknown = Object.keys(env).find((name) => name.startsWith('FLOAT_') && !KNOWN_FLOAT_NAMES.includes(name));
  if (unknown === undefined) return;
  throw new ConfigError(`${unknown} is not a variable of this server. It has ${KNOWN_FLOAT_NAMES.join(', ')}.`);
}
