import { createHash, timingSafeEqual } from 'node:crypto';
import { ConfigurationError, McpError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import { isScope } from '../protocol/scope.js';
import { aFunction, type Checks, checkOptions, listOf } from './checks.js';
import type { Principal } from './principal.js';
import type { TokenVerifier } from './verifier.js';

/** An API key that is known, and who sends it. */
export interface ApiKey extends Principal {
  /** SHA-256 of the key, in hex or base64url: see `hashApiKey`. */
  readonly hash: string;
}

export interface ApiKeyOptions {
  /** The keys that are always good. @default [] */
  readonly keys?: readonly ApiKey[];
  /**
   * Finds whoever has the key with this hash (lower-case hex), for keys that are made and revoked while the server runs.
   * Asked once for each request with a key that is not in `keys`; what it throws is answered as `store-unavailable`.
   * @default no further keys
   */
  readonly lookup?: (hash: string) => Promise<Principal | undefined | null> | Principal | undefined | null;
  /** Milliseconds since 1970, for tests. @default Date.now */
  readonly now?: () => number;
}

const CHECKS: Checks<ApiKeyOptions> = {
  keys: listOf(isObject, 'a list of keys, each with its "hash" and "subject"'),
  lookup: aFunction('of a hash'),
  now: aFunction('that returns milliseconds since 1970'),
};

interface KnownKey {
  readonly digest: Buffer;
  readonly principal: Principal;
}

/**
 * The hash under which an API key is kept: SHA-256, in lower-case hex. That is enough only for keys that nobody can guess,
 * such as `randomBytes(32).toString('base64url')`; passwords need another kind of hash.
 */
export function hashApiKey(key: string): string {
  return digestOf(key).toString('hex');
}

/**
 * Verifies API keys that are kept as hashes.
 *
 * @throws ConfigurationError when a key is given in the clear, twice or for nobody, or there are none.
 */
export function apiKeys(given: ApiKeyOptions): TokenVerifier {
  const { keys = [], lookup, now = Date.now } = checkOptions('apiKeys', given, CHECKS);
  if (keys.length === 0 && lookup === undefined) {
    throw new ConfigurationError('apiKeys needs the option "keys" or the option "lookup"');
  }
  const known = knownKeys(keys);
  const verify = async (token: string): Promise<Principal | undefined> => {
    const digest = digestOf(token);
    const hash = digest.toString('hex');
    const key = known.get(hash);
    // The map has compared already, but hashes, from which a key cannot be felt for; this one takes the same time always.
    const principal =
      key !== undefined && timingSafeEqual(key.digest, digest) ? key.principal : ((await lookup?.(hash)) ?? undefined);
    const { expiresAt } = principal ?? {};
    if (expiresAt !== undefined && !(expiresAt * 1000 > now()))
      throw new McpError('unauthorized', 'The API key expired');
    return principal;
  };
  return Object.assign(verify, { needsResource: false, checksExpiry: true as const });
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

function knownKeys(keys: readonly ApiKey[]): ReadonlyMap<string, KnownKey> {
  const known = new Map<string, KnownKey>();
  for (const [index, { hash, ...principal }] of keys.entries()) {
    const digest = digestIn(hash);
    const fault =
      faultOf(digest, principal) ?? (known.has(digest?.toString('hex') ?? '') ? 'is there twice' : undefined);
    if (digest === undefined || fault !== undefined) throw new ConfigurationError(`apiKeys key ${index} ${fault}`);
    known.set(digest.toString('hex'), { digest, principal: Object.freeze(principal) });
  }
  return known;
}

/** Never shows the hash: it may be a key by mistake. */
function faultOf(digest: Buffer | undefined, { subject, scopes, expiresAt }: Principal): string | undefined {
  if (digest === undefined) return 'must have as "hash" the SHA-256 of the key, in hex or base64url: see hashApiKey';
  if (typeof subject !== 'string' || subject === '') return 'must have a "subject"';
  if (scopes !== undefined && !(Array.isArray(scopes) && scopes.every(isScope))) return 'must have a list of "scopes"';
  if (expiresAt !== undefined && !Number.isFinite(expiresAt)) return 'must have "expiresAt" in seconds since 1970';
  return undefined;
}

function digestIn(hash: unknown): Buffer | undefined {
  if (typeof hash !== 'string') return undefined;
  if (/^[0-9a-f]{64}$/i.test(hash)) return Buffer.from(hash, 'hex');
  return /^[A-Za-z0-9_-]{43}=?$/.test(hash) ? Buffer.from(hash, 'base64url') : undefined;
}
