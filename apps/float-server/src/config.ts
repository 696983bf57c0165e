/** What the environment says, as one object. Nothing else of the server looks at it. */
import { redactSecrets } from 'mcp-express';
import { type People, peopleOf } from './config/people.js';
import { type TrustProxy, trustProxyOf } from './config/proxies.js';
import { type Source, sourceOf } from './config/source.js';
import { storeOf } from './config/store.js';
import { ConfigError, type Environment, text, wholeNumber, wrong } from './config/values.js';

export type { FloatSource, Source } from './config/source.js';
export { ConfigError, type Environment } from './config/values.js';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Which tools there are: a few that answer whole questions and share the records, one for each operation of Float's API,
 * or also those under the names of the archived community server.
 */
export const TOOLSETS = ['consolidated', 'granular', 'aliases'] as const;
export type Toolset = (typeof TOOLSETS)[number];

/** Who may use the server: everybody who reaches it, whoever has a key, or whoever signed in at an authorization server. */
export type Access =
  | { readonly kind: 'everybody' }
  | { readonly kind: 'keys'; readonly keys: readonly { readonly subject: string; readonly hash: string }[] }
  | { readonly kind: 'oauth'; readonly issuer: string; readonly publicUrl: string; readonly scopes: readonly string[] };

export interface Config {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Where figures of the service are served; `undefined`: nowhere. */
  readonly figures: { readonly host: string; readonly port: number } | undefined;
  /** Host names clients may call this server by; `undefined` leaves it to the router, which allows loopback only. */
  readonly allowedHosts: readonly string[] | undefined;
  /** Whose `X-Forwarded-For` is believed; `undefined`: nobody's. */
  readonly trustProxy: TrustProxy | undefined;
  readonly source: Source;
  readonly access: Access;
  /** Where sessions and streams live: `memory`, `lmdb:PATH` or a `redis:` URL. Servers with the same one are one service. */
  readonly store: string;
  /** Whom "me" means. */
  readonly people: People;
  readonly toolsets: readonly Toolset[];
  /** Milliseconds for one request to Float. */
  readonly timeoutMs: number;
  /** How often Float is asked what has changed while somebody is subscribed. 0: never. */
  readonly pollSeconds: number;
  /** Where "today" is decided. IANA name. */
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

/** The configuration, complete, checked and frozen. @throws ConfigError at the first variable that is wrong. */
export function readConfig(env: Environment): Config {
  refuseMisspelt(env);
  const port = wholeNumber(env, 'PORT', { fallback: 3000, min: 0, max: 65_535 });
  const host = text(env, 'HOST') ?? '127.0.0.1';
  return Object.freeze({
    host,
    port,
    figures: figuresOf(env),
    allowedHosts: text(env, 'ALLOWED_HOSTS')?.split(/\s*,\s*/),
    trustProxy: trustProxyOf(env),
    source: Object.freeze(sourceOf(env)),
    access: Object.freeze(guarded(accessOf(env), host, env)),
    store: storeOf(env, port),
    people: Object.freeze(peopleOf(env)),
    toolsets: Object.freeze(toolsetsOf(env)),
    timeoutMs: wholeNumber(env, 'FLOAT_TIMEOUT_MS', { fallback: 15_000, min: 100, max: 300_000 }),
    pollSeconds: wholeNumber(env, 'FLOAT_POLL_SECONDS', { fallback: 60, min: 0, max: 86_400 }),
    timeZone: timeZoneOf(env),
    logLevel: logLevelOf(env),
  });
}

/** The configuration as it may be printed. */
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

/** The texts that must not appear in any log line. */
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
  if (hashes !== undefined && issuer !== undefined) throw wrong('OAUTH_ISSUER', issuer, 'unset with API_KEY_HASHES');
  if (hashes !== undefined) return { kind: 'keys', keys: hashes.split(/\s*,\s*/).map(keyOf) };
  if (issuer === undefined) {
    if (text(env, 'FLOAT_TOKENS_FILE') === undefined) return { kind: 'everybody' };
    throw new ConfigError('FLOAT_TOKENS_FILE needs API_KEY_HASHES or OAUTH_ISSUER: else nobody is asked who they are');
  }
  const publicUrl = text(env, 'PUBLIC_URL');
  if (publicUrl === undefined) throw new ConfigError('OAUTH_ISSUER needs PUBLIC_URL: the URL clients call, with /mcp');
  return { kind: 'oauth', issuer, publicUrl, scopes: text(env, 'OAUTH_SCOPES')?.split(/[\s,]+/) ?? [] };
}

/** Whoever reaches an open server can change the plan, so that it is meant to be open has to be said. @throws ConfigError */
function guarded(access: Access, host: string, env: Environment): Access {
  const allowed = text(env, 'ALLOW_ANYONE');
  if (allowed !== undefined && allowed !== 'true' && allowed !== 'false') {
    throw wrong('ALLOW_ANYONE', allowed, 'true or false');
  }
  if (access.kind !== 'everybody' || isLoopback(host) || allowed === 'true') return access;
  throw new ConfigError(
    `HOST ${host} can be reached from other machines, and no caller is asked for a key: set API_KEY_HASHES or ` +
      'OAUTH_ISSUER, or ALLOW_ANYONE=true where something else keeps strangers out.',
  );
}

/** Addresses that no other machine can reach. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/i.test(host);
}

function figuresOf(env: Environment): Config['figures'] {
  const host = text(env, 'STATS_HOST');
  if (text(env, 'STATS_PORT') !== undefined) {
    return { host: host ?? '127.0.0.1', port: wholeNumber(env, 'STATS_PORT', { fallback: 0, min: 0, max: 65_535 }) };
  }
  if (host !== undefined) throw wrong('STATS_HOST', host, 'used together with STATS_PORT');
  return undefined;
}

/** `name=hash`. The value stays out of the message: it may be the key itself. */
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
    throw wrong('FLOAT_TIME_ZONE', zone, 'an IANA time zone such as "Europe/Berlin"');
  }
}

/** One or several, separated by commas. */
function toolsetsOf(env: Environment): Toolset[] {
  const given = text(env, 'FLOAT_TOOLSET') ?? 'consolidated';
  return given.split(/\s*,\s*/).map((word) => {
    const set = TOOLSETS.find((one) => one === word);
    if (set === undefined) throw wrong('FLOAT_TOOLSET', given, `${TOOLSETS.join(', ')}, or several of them`);
    return set;
  });
}

function logLevelOf(env: Environment): LogLevel {
  const given = text(env, 'LOG_LEVEL') ?? 'info';
  const level = LOG_LEVELS.find((one) => one === given);
  if (level === undefined) throw wrong('LOG_LEVEL', given, `one of ${LOG_LEVELS.join(', ')}`);
  return level;
}

/** A misspelt name is ignored by everybody else: a wrong FLOAT_APIKEY would quietly start the sandbox. */
function refuseMisspelt(env: Environment): void {
  const unknown = Object.keys(env).find((name) => name.startsWith('FLOAT_') && !KNOWN_FLOAT_NAMES.includes(name));
  if (unknown === undefined) return;
  throw new ConfigError(`${unknown} is not a variable of this server. It has ${KNOWN_FLOAT_NAMES.join(', ')}.`);
}
