import type { KeyObject } from 'node:crypto';
import type { CryptoKey, JSONWebKeySet, JWK } from 'jose';
import { ConfigurationError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import {
  aFunction,
  aPlainUrl,
  assertSecure,
  aText,
  type Check,
  type Checks,
  checkOptions,
  required,
  trueOrFalse,
  wholeFrom,
} from './checks.js';
import { isAsymmetric } from './dpop-options.js';
import type { Fetch } from './fetch-json.js';
import { CLOCK_TOLERANCE } from './numeric-date.js';

export interface JwtOptions {
  /** Who issues the tokens: what `iss` must be, character by character. */
  readonly issuer: string;
  /** What `aud` must have one of. @default the `resource` of `bearerAuth` */
  readonly audience?: string | readonly string[];
  /**
   * The signature algorithms that are taken. `none` never is, and HS256 and its kin only with a secret `key`.
   * @default RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519; none with a secret `key`
   */
  readonly algorithms?: readonly string[];
  /** Where the keys are. @default what the metadata of the issuer says (RFC 8414, OpenID Connect Discovery) */
  readonly jwksUri?: string;
  /** The public keys themselves, in place of `jwksUri`. */
  readonly jwks?: JSONWebKeySet;
  /** The one public key, or a secret of at least 32 bytes that is shared with the issuer, in place of `jwksUri`. */
  readonly key?: CryptoKey | KeyObject | JWK | Uint8Array;
  /**
   * What the header must have as `typ`, such as `at+jwt` (RFC 9068). @default at+jwt, JWT or nothing, since many issuers
   * say no more; other kinds of JWT are refused
   */
  readonly typ?: string;
  /** Seconds that the clocks of issuer and server may differ. @default 5 */
  readonly clockTolerance?: number;
  /** Milliseconds that the issuer has to answer with its metadata or its keys. @default 5000 */
  readonly timeoutMs?: number;
  /** Milliseconds for which tokens with unknown keys do not cause another look at the keys. @default 30000 */
  readonly cooldownMs?: number;
  /** Milliseconds after which the keys are read again, so that withdrawn ones end. @default 600000 (10 minutes) */
  readonly cacheMs?: number;
  /** Lets the issuer and its keys be `http` on hosts other than this machine. @default false */
  readonly allowHttp?: boolean;
  /** Asks the issuer, where that takes a proxy or a client certificate. @default the `fetch` of Node */
  readonly fetch?: Fetch;
  /** Milliseconds since 1970, for tests. @default Date.now */
  readonly now?: () => number;
}

const anAudience: Check = (value) => {
  const list = Array.isArray(value) ? value : [value];
  const sound = list.length > 0 && list.every((item) => typeof item === 'string' && item !== '');
  return sound ? undefined : 'a text or a list of texts';
};

const algorithmList: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((name) => isAsymmetric(name) || isSecretOnly(name))
    ? undefined
    : 'a list of signature algorithms, such as "RS256"; "none" is not one';

const aKeySet: Check = (value) =>
  isObject(value) && Array.isArray(value['keys']) && value['keys'].length > 0 && value['keys'].every(isPublicJwk)
    ? undefined
    : 'a JSON Web Key Set with public keys alone';

/** A private key would work, and lie on every server that only checks. */
function isPublicJwk(value: unknown): boolean {
  return isObject(value) && typeof value['kty'] === 'string' && value['kty'] !== 'oct' && !('d' in value);
}

const MIN_SECRET = 32;

const aKey: Check = (value) => {
  const wanted = `a public key, or a secret of at least ${MIN_SECRET} bytes`;
  if (value instanceof Uint8Array) return value.length >= MIN_SECRET ? undefined : wanted;
  if (!isObject(value)) return wanted;
  if (value['type'] === 'secret') {
    const size = Number(value['symmetricKeySize'] ?? MIN_SECRET);
    return size >= MIN_SECRET ? undefined : wanted;
  }
  return value['type'] === 'public' || isPublicJwk(value) ? undefined : wanted;
};

const CHECKS: Checks<JwtOptions> = {
  issuer: aPlainUrl,
  audience: anAudience,
  algorithms: algorithmList,
  jwksUri: (value) =>
    typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value) ? undefined : 'an absolute URL',
  jwks: aKeySet,
  key: aKey,
  typ: aText,
  clockTolerance: wholeFrom(0, 300),
  timeoutMs: wholeFrom(1),
  cooldownMs: wholeFrom(0),
  cacheMs: wholeFrom(0),
  allowHttp: trueOrFalse,
  fetch: aFunction('like the fetch of Node'),
  now: aFunction('that returns milliseconds since 1970'),
};

/** Complete and checked. */
export interface ResolvedJwtOptions extends JwtOptions {
  readonly algorithms: readonly string[];
  readonly clockTolerance: number;
  readonly timeoutMs: number;
  readonly cooldownMs: number;
  readonly cacheMs: number;
  readonly allowHttp: boolean;
  readonly fetch: Fetch;
  readonly now: () => number;
}

const DEFAULT_ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

/** @throws ConfigurationError when an option is unknown, missing, wrong, or contradicts another. */
export function resolveJwtOptions(given: JwtOptions): ResolvedJwtOptions {
  const options = checkOptions('jwt', given, CHECKS);
  const issuer = required('jwt', 'issuer', options.issuer);
  const allowHttp = options.allowHttp ?? false;
  const sources = (['jwksUri', 'jwks', 'key'] as const).filter((name) => options[name] !== undefined);
  if (sources.length > 1) throw new ConfigurationError(`jwt takes one of the options "${sources.join('" and "')}"`);
  if (sources.length === 0) assertSecure(issuer, 'jwt option "issuer"', allowHttp);
  if (options.jwksUri !== undefined) assertSecure(options.jwksUri, 'jwt option "jwksUri"', allowHttp);
  return {
    clockTolerance: CLOCK_TOLERANCE,
    timeoutMs: 5_000,
    cooldownMs: 30_000,
    cacheMs: 10 * 60_000,
    fetch: (url, init) => fetch(url, init),
    now: Date.now,
    ...options,
    allowHttp,
    algorithms: algorithmsOf(options),
  };
}

/** With both kinds, a token could be signed with the public key, as if it were the secret (RFC 8725, section 2.1). */
function algorithmsOf({ algorithms, key }: JwtOptions): readonly string[] {
  const secret = key instanceof Uint8Array || (key !== undefined && 'type' in key && key.type === 'secret');
  if (algorithms === undefined) {
    if (secret) throw new ConfigurationError('jwt needs the option "algorithms" where "key" is a secret');
    return DEFAULT_ALGORITHMS;
  }
  const wrong = algorithms.find((name) => isSecretOnly(name) !== secret);
  if (wrong !== undefined) {
    const why = secret ? 'takes no secret' : 'takes a secret "key" alone, not public keys';
    throw new ConfigurationError(`jwt option "algorithms" must not have "${wrong}", which ${why}`);
  }
  return algorithms;
}

function isSecretOnly(algorithm: unknown): boolean {
  return typeof algorithm === 'string' && /^HS(256|384|512)$/.test(algorithm);
}
