import type { KeyObject } from 'node:crypto';
import type { CryptoKey, JSONWebKeySet, JWK } from 'jose';
import { ConfigurationError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import {
  aFunction,
  anIssuer,
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

/** Options of `jwt`. */
export interface JwtOptions {
  /** The issuer of the tokens; `iss` must be identical. */
  readonly issuer: string;
  /** Accepted values of `aud`. @default the `resource` of `bearerAuth` */
  readonly audience?: string | readonly string[];
  /**
   * Accepted signature algorithms. `none` is never accepted, and HS256, HS384 and HS512 only with a secret `key`.
   * @default RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519; required with a secret `key`
   */
  readonly algorithms?: readonly string[];
  /** URL of the keys. @default the `jwks_uri` in the metadata of the issuer (RFC 8414, OpenID Connect Discovery) */
  readonly jwksUri?: string;
  /** The public keys themselves, instead of `jwksUri`. */
  readonly jwks?: JSONWebKeySet;
  /** The only public key, or a secret of at least 32 bytes shared with the issuer, instead of `jwksUri`. */
  readonly key?: CryptoKey | KeyObject | JWK | Uint8Array;
  /**
   * The required `typ` of the header, such as `at+jwt` (RFC 9068).
   *
   * @default at+jwt, JWT or none, because many issuers set no more; other kinds of JWT are refused
   */
  readonly typ?: string;
  /** Seconds that the clocks of issuer and server may differ. @default 5 */
  readonly clockTolerance?: number;
  /** Milliseconds until the issuer must have responded with its metadata or keys. @default 5000 */
  readonly timeoutMs?: number;
  /** Milliseconds after reading the keys during which unknown keys do not cause another read. @default 30000 */
  readonly cooldownMs?: number;
  /** Milliseconds after which the keys are read again, so that withdrawn keys expire. @default 600000 (10 minutes) */
  readonly cacheMs?: number;
  /** Allows `http` URLs of other machines for the issuer and its keys. @default false */
  readonly allowHttp?: boolean;
  /** Sends requests to the issuer, for example through a proxy or with a client certificate. @default the `fetch` of Node */
  readonly fetch?: Fetch;
  /** The current time in milliseconds since 1970, for tests. @default Date.now */
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
    : 'a JSON Web Key Set with only public keys';

/** A private key would work too, but then it would be stored on servers that only verify. */
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

/** Addresses of metadata, which name the address of the keys. */
const METADATA = /\/\.well-known\/(?:openid-configuration|oauth-authorization-server)(?:\/|$)/;

const CHECKS: Checks<JwtOptions> = {
  issuer: anIssuer,
  audience: anAudience,
  algorithms: algorithmList,
  jwksUri: (value) => {
    if (typeof value !== 'string' || !/^https?:\/\//i.test(value) || !URL.canParse(value)) return 'an absolute URL';
    return METADATA.test(value)
      ? 'the "jwks_uri" that this document names; without the option it is looked up'
      : undefined;
  },
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

/** Complete and checked options. */
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

/**
 * Checks the options of `jwt` and applies the defaults.
 *
 * @throws ConfigurationError if an option is unknown, missing, invalid, or contradicts another.
 */
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

/**
 * With both kinds of algorithms, a token could be signed with the public key as if it were the secret (RFC 8725, section
 * 2.1).
 */
function algorithmsOf({ algorithms, key }: JwtOptions): readonly string[] {
  const secret = key instanceof Uint8Array || (key !== undefined && 'type' in key && key.type === 'secret');
  if (algorithms === undefined) {
    if (secret) throw new ConfigurationError('jwt needs the option "algorithms" where "key" is a secret');
    return DEFAULT_ALGORITHMS;
  }
  const wrong = algorithms.find((name) => isSecretOnly(name) !== secret);
  if (wrong !== undefined) {
    const why = secret ? 'takes no secret' : 'takes only a secret "key", not public keys';
    throw new ConfigurationError(`jwt option "algorithms" must not have "${wrong}", which ${why}`);
  }
  return algorithms;
}

function isSecretOnly(algorithm: unknown): boolean {
  return typeof algorithm === 'string' && /^HS(256|384|512)$/.test(algorithm);
}
