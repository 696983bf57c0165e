import { createHash, timingSafeEqual } from 'node:crypto';
import { ConfigurationError, McpError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import { isScope } from '../protocol/scope.js';
import { aFunction, type Checks, checkOptions, listOf } from './checks.js';
import type { Principal } from './principal.js';
import type { TokenVerifier } from './verifier.js';

/** A known API key and its principal. */
export interface ApiKey extends Principal {
  /** SHA-256 of the key, in hex or base64url: see `hashApiKey`. */
  readonly hash: string;
}

/** Options of `apiKeys`; at least one of `keys` and `lookup` is required. */
export interface ApiKeyOptions {
  /** Keys known at start. @default [] */
  readonly keys?: readonly ApiKey[];
  /**
   * Finds the principal of a key by the hash of the key (lower-case hex), for keys that are created and revoked while the
   * server runs. Called once for each request whose key is not in `keys`. `undefined` or `null` refuses the key; an error
   * is answered as `store-unavailable`.
   * @default no further keys
   */
  readonly lookup?: (hash: string) => Promise<Principal | undefined | null> | Principal | undefined | null;
  /** The current time in milliseconds since 1970, for tests. @default Date.now */
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
 * The stored form of an API key: its SHA-256, in lower-case hex. That is safe only for keys that cannot be guessed, such as
 * `randomBytes(32).toString('base64url')`; passwords need a slow hash.
 */
export function hashApiKey(key: string): string {
  return digestOf(key).toString('hex');
}

/**
 * Verifies API keys, of which only hashes are stored.
 *
 * @throws ConfigurationError if there is neither `keys` nor `lookup`, or a key is not hashed, has no subject or is a
 *   duplicate.
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
    // The map has compared hashes, from which a key cannot be guessed; this comparison takes constant time in addition.
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
    const issue =
      issueOf(digest, principal) ?? (known.has(digest?.toString('hex') ?? '') ? 'is a duplicate' : undefined);
    if (digest === undefined || issue !== undefined) throw new ConfigurationError(`apiKeys key ${index} ${issue}`);
    known.set(digest.toString('hex'), { digest, principal: Object.freeze(principal) });
  }
  return known;
}

/** Never includes the hash, which may be a key by mistake. */
function issueOf(digest: Buffer | undefined, { subject, scopes, expiresAt }: Principal): string | undefined {
  if (digest === undefined) return 'must have a "hash": the SHA-256 of the key, in hex or base64url: see hashApiKey';
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
