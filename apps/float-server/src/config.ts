/** The only file that reads environment variables. */

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Which tools there are: a few that answer whole questions and share the records, one for each operation of Float's API,
 * or also those under the names of the archived community server.
 */
export const TOOLSETS = ['consolidated', 'granular', 'aliases'] as const;
export type Toolset = (typeof TOOLSETS)[number];

/** Where the data comes from: the real service, or the sandbox in this process. */
export type Source =
  | { readonly kind: 'float'; readonly apiKey: string; readonly apiUrl: string; readonly userAgent: string }
  /** `database` is a file, or `:memory:`. */
  | { readonly kind: 'sandbox'; readonly database: string };

/** Who may use the server: everybody who reaches it, whoever has a key, or whoever signed in at an authorization server. */
export type Access =
  | { readonly kind: 'everybody' }
  | { readonly kind: 'keys'; readonly keys: readonly { readonly subject: string; readonly hash: string }[] }
  | { readonly kind: 'oauth'; readonly issuer: string; readonly publicUrl: string; readonly scopes: readonly string[] };

export interface Config {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Host names clients may call this server by; `undefined` leaves it to the router, which allows loopback only. */
  readonly allowedHosts: readonly string[] | undefined;
  readonly source: Source;
  readonly access: Access;
  /** Where sessions and streams live: `memory`, `lmdb:PATH` or a `redis:` URL. Servers with the same one are one service. */
  readonly store: string;
  readonly toolsets: readonly Toolset[];
  /** Milliseconds for one request to Float. */
  readonly timeoutMs: number;
  /** Where "today" is decided. IANA name. */
  readonly timeZone: string;
  readonly logLevel: LogLevel;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Wrong configuration. The message names the variable, its value (never a secret) and what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const DEFAULT_API_URL = 'https://api.float.com/v3';
const APPLICATION = 'mcp-express float-server/0.1.0';
const KNOWN_FLOAT_NAMES = [
  'FLOAT_API_KEY',
  'FLOAT_API_URL',
  'FLOAT_CONTACT_EMAIL',
  'FLOAT_TIME_ZONE',
  'FLOAT_TIMEOUT_MS',
  'FLOAT_TOOLSET',
  'FLOAT_USER_AGENT',
];

/** The configuration, complete, checked and frozen. @throws ConfigError at the first variable that is wrong. */
export function readConfig(env: Environment): Config {
  refuseMisspelt(env);
  return Object.freeze({
    host: text(env, 'HOST') ?? '127.0.0.1',
    port: wholeNumber(env, 'PORT', { fallback: 3000, min: 0, max: 65_535 }),
    allowedHosts: text(env, 'ALLOWED_HOSTS')?.split(/\s*,\s*/),
    source: Object.freeze(sourceOf(env)),
    access: Object.freeze(accessOf(env)),
    store: storeOf(env),
    toolsets: Object.freeze(toolsetsOf(env)),
    timeoutMs: wholeNumber(env, 'FLOAT_TIMEOUT_MS', { fallback: 15_000, min: 100, max: 300_000 }),
    timeZone: timeZoneOf(env),
    logLevel: logLevelOf(env),
  });
}

/** The configuration as it may be printed. */
export function describeConfig({ source, access, store, ...config }: Config): Readonly<Record<string, unknown>> {
  return {
    ...config,
    store: store.replace(/\/\/[^@/]*@/, '//[set]@'),
    source: source.kind === 'float' ? { ...source, apiKey: '[set]' } : source,
    access: access.kind === 'keys' ? { kind: 'keys', subjects: access.keys.map(({ subject }) => subject) } : access,
  };
}

/** The texts that must not appear in any log line. */
export function secretsOf({ source, store }: Config): readonly string[] {
  const password = URL.canParse(store) ? decodeURIComponent(new URL(store).password) : '';
  return [...(source.kind === 'float' ? [source.apiKey] : []), ...(password === '' ? [] : [password])];
}

function sourceOf(env: Environment): Source {
  const apiKey = text(env, 'FLOAT_API_KEY');
  const apiUrl = text(env, 'FLOAT_API_URL');
  const database = text(env, 'SANDBOX_DATABASE');
  if (apiKey === undefined) {
    // Somebody who names an address means the real service; answering from invented data would mislead.
    if (apiUrl !== undefined)
      throw wrong('FLOAT_API_URL', apiUrl, 'used together with FLOAT_API_KEY, which is not set');
    return { kind: 'sandbox', database: database ?? ':memory:' };
  }
  if (database !== undefined) throw wrong('SANDBOX_DATABASE', database, 'unset when FLOAT_API_KEY is set');
  // The value stays out of the message: it may be a key with a line break in it.
  if (!/^[\x21-\x7e]+$/.test(apiKey)) throw new ConfigError('FLOAT_API_KEY must be visible characters without spaces');
  return { kind: 'float', apiKey, apiUrl: checkedUrl(apiUrl ?? DEFAULT_API_URL), userAgent: userAgentOf(env) };
}

function storeOf(env: Environment): string {
  const store = text(env, 'STORE') ?? 'memory';
  if (/^(memory$|lmdb:.|rediss?:\/\/.)/.test(store)) return store;
  // The value stays out of the message: a URL may hold a password.
  throw new ConfigError('STORE must be memory, lmdb:PATH, or a URL such as redis://localhost:6379');
}

function accessOf(env: Environment): Access {
  const hashes = text(env, 'API_KEY_HASHES');
  const issuer = text(env, 'OAUTH_ISSUER');
  if (hashes !== undefined && issuer !== undefined) throw wrong('OAUTH_ISSUER', issuer, 'unset with API_KEY_HASHES');
  if (hashes !== undefined) return { kind: 'keys', keys: hashes.split(/\s*,\s*/).map(keyOf) };
  if (issuer === undefined) return { kind: 'everybody' };
  const publicUrl = text(env, 'PUBLIC_URL');
  if (publicUrl === undefined) throw new ConfigError('OAUTH_ISSUER needs PUBLIC_URL: the URL clients call, with /mcp');
  return { kind: 'oauth', issuer, publicUrl, scopes: text(env, 'OAUTH_SCOPES')?.split(/[\s,]+/) ?? [] };
}

/** `name=hash`. The value stays out of the message: it may be the key itself. */
function keyOf(entry: string): { subject: string; hash: string } {
  const match = /^([^=\s]+)=([0-9a-f]{64})$/i.exec(entry);
  if (match?.[1] !== undefined && match[2] !== undefined) return { subject: match[1], hash: match[2].toLowerCase() };
  throw new ConfigError('API_KEY_HASHES must be name=hash, separated by commas; a hash is the SHA-256 of a key in hex');
}

/** The key travels to this address, so it has to be encrypted, except to a sandbox on this machine. */
function checkedUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const local = parsed?.protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(parsed.hostname);
  if (parsed?.protocol === 'https:' || local) return url.replace(/\/+$/, '');
  throw wrong('FLOAT_API_URL', url, `an https URL such as ${DEFAULT_API_URL}; http is for this machine only`);
}

/** Float asks for the application's name with a contact address in parentheses. */
function userAgentOf(env: Environment): string {
  const email = text(env, 'FLOAT_CONTACT_EMAIL');
  const agent = text(env, 'FLOAT_USER_AGENT') ?? (email === undefined ? APPLICATION : `${APPLICATION} (${email})`);
  if (/^[\x20-\x7e]+$/.test(agent)) return agent;
  throw wrong('FLOAT_USER_AGENT', agent, 'plain ASCII text such as "Acme planner (ops@acme.com)"');
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

interface Bounds {
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
}

function wholeNumber(env: Environment, name: string, { fallback, min, max }: Bounds): number {
  const given = text(env, name);
  if (given === undefined) return fallback;
  const value = Number(given);
  if (/^\d+$/.test(given) && value >= min && value <= max) return value;
  throw wrong(name, given, `a whole number from ${min} to ${max}`);
}

/** A misspelt name is ignored by everybody else: a wrong FLOAT_APIKEY would quietly start the sandbox. */
function refuseMisspelt(env: Environment): void {
  const unknown = Object.keys(env).find((name) => name.startsWith('FLOAT_') && !KNOWN_FLOAT_NAMES.includes(name));
  if (unknown === undefined) return;
  throw new ConfigError(`${unknown} is not a variable of this server. It has ${KNOWN_FLOAT_NAMES.join(', ')}.`);
}

/** An empty variable is an absent one: that is how a line of an .env file is switched off. */
function text(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

function wrong(name: string, value: string, allowed: string): ConfigError {
  return new ConfigError(`${name} must be ${allowed}; it is "${value}".`);
}
