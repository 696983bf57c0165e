import { ConfigurationError, McpError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import {
  aFunction,
  aPlainUrl,
  assertSecure,
  aText,
  type Check,
  type Checks,
  checkOptions,
  describedBy,
  noMetadata,
  required,
  trueOrFalse,
  wholeFrom,
} from './checks.js';
import { claimsPrincipal } from './claims.js';
import { type Fetch, type FetchedJson, fetchJson } from './fetch-json.js';
import { assertCurrent, CLOCK_TOLERANCE, type Clock, secondsIn } from './numeric-date.js';
import type { Claims } from './subject.js';
import { TokenCache } from './token-cache.js';
import type { TokenVerifier, VerifiedToken } from './verifier.js';

/** The credentials of this server at the introspection endpoint. */
export type IntrospectionClient =
  | { readonly id: string; readonly secret: string }
  /** An access token of this server. */
  | { readonly token: string };

/** Options of `introspection`. */
export interface IntrospectionOptions {
  /** The introspection endpoint of the authorization server (RFC 7662). */
  readonly endpoint: string;
  /** The credentials of this server there: HTTP Basic with an id and a secret, or Bearer with a token. */
  readonly client: IntrospectionClient;
  /** The issuer of the tokens; a response with another `iss` is refused. @default any issuer */
  readonly issuer?: string;
  /** Accepted values of `aud`. @default the `resource` of `bearerAuth` */
  readonly audience?: string | readonly string[];
  /**
   * Refuses tokens whose response has no `aud`. Switch it off only if the authorization server itself restricts the tokens
   * that this client may introspect.
   *
   * @default true
   */
  readonly requireAudience?: boolean;
  /** Seconds that the clocks of the authorization server and of this server may differ. @default 5 */
  readonly clockTolerance?: number;
  /**
   * Milliseconds for which a response is reused, at most until the token expires: the longest time that a revoked token
   * stays valid. 0 introspects for each request.
   *
   * @default 30000
   */
  readonly cacheMs?: number;
  /** Milliseconds for which a refusal is reused; 0 disables that. @default 5000 */
  readonly refusalCacheMs?: number;
  /** Cached responses. At the limit, the least recently used one is dropped. @default 10000 */
  readonly maxCached?: number;
  /** Milliseconds until the authorization server must have responded. @default 5000 */
  readonly timeoutMs?: number;
  /** Allows an `http` endpoint on another machine. @default false */
  readonly allowHttp?: boolean;
  /** Sends the request, for example through a proxy or with a client certificate. @default the `fetch` of Node */
  readonly fetch?: Fetch;
  /** The current time in milliseconds since 1970, for tests. @default Date.now */
  readonly now?: () => number;
}

const aClient: Check = (value) => {
  const texts = (...names: string[]): boolean => isObject(value) && names.every((name) => !aText(value[name]));
  return texts('id', 'secret') || texts('token') ? undefined : 'an "id" with its "secret", or a "token"';
};

const anEndpoint: Check = (value) =>
  describedBy(value) === undefined ? aPlainUrl(value) : 'the "introspection_endpoint" that this document names';

const CHECKS: Checks<IntrospectionOptions> = {
  endpoint: anEndpoint,
  client: aClient,
  issuer: noMetadata('the issuer', aText),
  audience: (value) => ([value].flat().every((item) => !aText(item)) ? undefined : 'a text or a list of texts'),
  requireAudience: trueOrFalse,
  clockTolerance: wholeFrom(0, 300),
  cacheMs: wholeFrom(0),
  refusalCacheMs: wholeFrom(0),
  maxCached: wholeFrom(1),
  timeoutMs: wholeFrom(1),
  allowHttp: trueOrFalse,
  fetch: aFunction('like the fetch of Node'),
  now: aFunction('that returns milliseconds since 1970'),
};

/**
 * Verifies tokens by introspection at the authorization server (RFC 7662).
 *
 * @throws ConfigurationError if an option is unknown, missing or invalid.
 */
export function introspection(given: IntrospectionOptions): TokenVerifier {
  const options = checkOptions('introspection', given, CHECKS);
  const endpoint = required('introspection', 'endpoint', options.endpoint);
  required('introspection', 'client', options.client);
  assertSecure(endpoint, 'introspection option "endpoint"', options.allowHttp);
  if (options.audience !== undefined && [options.audience].flat().length === 0) {
    throw new ConfigurationError('introspection option "audience" must not be empty');
  }
  const { audience, requireAudience = true, issuer, now = Date.now, cacheMs = 30_000 } = options;
  const { clockTolerance = CLOCK_TOLERANCE } = options;
  const expected = audience === undefined ? undefined : [audience].flat();
  const cache = new TokenCache<Claims>({
    max: options.maxCached ?? 10_000,
    now,
    keepMs: (claims) =>
      claims['active'] === true ? untilExpiry(claims, cacheMs, now()) : (options.refusalCacheMs ?? 5_000),
  });
  const ask = introspector(options);
  const verify: TokenVerifier = Object.assign(
    async (token: string, _request: unknown, { audiences }: { readonly audiences: readonly string[] }) => {
      const claims = await cache.get(token, () => ask(token));
      return checkedToken(claims, {
        issuer,
        requireAudience,
        audiences: expected ?? audiences,
        clockTolerance,
        now: now(),
      });
    },
    {
      needsResource: expected === undefined,
      checksExpiry: true as const,
      ...(issuer === undefined ? {} : { issuer }),
    },
  );
  return verify;
}

function untilExpiry({ exp }: Claims, cacheMs: number, now: number): number {
  const seconds = secondsIn(exp);
  return seconds === undefined ? cacheMs : Math.min(cacheMs, seconds * 1000 - now);
}

function introspector(options: IntrospectionOptions): (token: string) => Promise<Claims> {
  const { endpoint, fetch: given = (url: string, init: RequestInit) => fetch(url, init), timeoutMs = 5_000 } = options;
  const headers = {
    Accept: 'application/json',
    'Content-Type': 'application/x-www-form-urlencoded',
    Authorization: authorizationOf(options.client),
  };
  return async (token) => {
    try {
      const body = new URLSearchParams({ token, token_type_hint: 'access_token' }).toString();
      const answer = await fetchJson(endpoint, { method: 'POST', headers, body }, { fetch: given, timeoutMs });
      if (answer.status === 200 && isObject(answer.json) && typeof answer.json['active'] === 'boolean')
        return answer.json;
      if (isTokenRefusal(answer)) return INACTIVE;
      // For example, our own credentials were refused; the token may be valid.
      throw new Error(`The introspection response has status ${answer.status} and no "active"`);
    } catch (thrown) {
      throw new McpError('store-unavailable', 'The authorization server cannot be reached at this time', {
        cause: thrown,
      });
    }
  };
}

const INACTIVE: Claims = { active: false };

/**
 * Some servers respond with an error of RFC 7009, section 2.2.1, to tokens of a kind that they do not store, such as JWTs.
 * That is a refusal of the token and no failure; otherwise the sender of such a token would never learn to get another.
 */
function isTokenRefusal({ status, json }: FetchedJson): boolean {
  return status === 400 && isObject(json) && json['error'] === 'unsupported_token_type';
}

/** Id and secret are form-encoded before they are joined (RFC 6749, section 2.3.1). */
function authorizationOf(client: IntrospectionClient): string {
  if ('token' in client) return `Bearer ${client.token}`;
  const encoded = [client.id, client.secret].map((part) =>
    new URLSearchParams({ part }).toString().slice('part='.length),
  );
  return `Basic ${Buffer.from(encoded.join(':')).toString('base64')}`;
}

interface Expected extends Clock {
  readonly issuer: string | undefined;
  readonly audiences: readonly string[];
  readonly requireAudience: boolean;
}

function checkedToken(claims: Claims, expected: Expected): VerifiedToken | undefined {
  const { issuer, audiences, requireAudience } = expected;
  const { active, iss, aud } = claims;
  if (active !== true) return undefined;
  if (issuer !== undefined && iss !== undefined && iss !== issuer) throw refused('is of another issuer');
  if (aud === undefined ? requireAudience : ![aud].flat().some((one) => audiences.includes(one as string))) {
    throw refused('is for another resource');
  }
  assertCurrent(claims, expected);
  // A DPoP token that does not name its key (RFC 9449, section 6.2) could be used by anyone.
  if (/^dpop$/i.test(String(claims['token_type'])) && claims['cnf'] === undefined) throw refused('names no key');
  const { active: _active, ...rest } = claims;
  return claimsPrincipal(issuer === undefined ? rest : { ...rest, iss: issuer });
}

function refused(why: string): McpError {
  return new McpError('unauthorized', `The access token ${why}`);
}
