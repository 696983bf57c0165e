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

/** How this server says to the authorization server who it is. */
export type IntrospectionClient =
  | { readonly id: string; readonly secret: string }
  /** A token of its own. */
  | { readonly token: string };

export interface IntrospectionOptions {
  /** The introspection endpoint of the authorization server (RFC 7662). */
  readonly endpoint: string;
  /** What this server authenticates with there: HTTP Basic with an id and a secret, or Bearer with a token. */
  readonly client: IntrospectionClient;
  /** Who issues the tokens. An answer that names another issuer is refused. @default whatever the answer says */
  readonly issuer?: string;
  /** What `aud` must have one of. @default the `resource` of `bearerAuth` */
  readonly audience?: string | readonly string[];
  /**
   * Refuses tokens whose answer says nothing of an audience. Switch it off only where the authorization server itself keeps
   * apart which tokens this client may ask about. @default true
   */
  readonly requireAudience?: boolean;
  /** Seconds that the clocks of the authorization server and of this server may differ. @default 5 */
  readonly clockTolerance?: number;
  /**
   * Milliseconds for which an answer is taken again, at most until the token expires: how long a revoked token may go on.
   * 0 asks for each request. @default 30000
   */
  readonly cacheMs?: number;
  /** Milliseconds for which a refusal is taken again. @default 5000 */
  readonly refusalCacheMs?: number;
  /** Answers that are kept. Beyond, the one used longest ago goes. @default 10000 */
  readonly maxCached?: number;
  /** Milliseconds that the authorization server has to answer. @default 5000 */
  readonly timeoutMs?: number;
  /** Lets the endpoint be `http` on hosts other than this machine. @default false */
  readonly allowHttp?: boolean;
  /** Asks the authorization server, where that takes a proxy or a client certificate. @default the `fetch` of Node */
  readonly fetch?: Fetch;
  /** Milliseconds since 1970, for tests. @default Date.now */
  readonly now?: () => number;
}

const aClient: Check = (value) => {
  const texts = (...names: string[]): boolean => isObject(value) && names.every((name) => !aText(value[name]));
  return texts('id', 'secret') || texts('token') ? undefined : 'an "id" with its "secret", or a "token"';
};

const CHECKS: Checks<IntrospectionOptions> = {
  endpoint: aPlainUrl,
  client: aClient,
  issuer: aText,
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
 * Verifies tokens by asking the authorization server about each (RFC 7662).
 *
 * @throws ConfigurationError when an option is unknown, missing or wrong.
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
  const ask = asker(options);
  const verify: TokenVerifier = Object.assign(
    async (token: string, _request: unknown, { audiences }: { readonly audiences: readonly string[] }) => {
      const claims = await cache.get(token, () => ask(token));
      return judged(claims, { issuer, requireAudience, audiences: expected ?? audiences, clockTolerance, now: now() });
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

function asker(options: IntrospectionOptions): (token: string) => Promise<Claims> {
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
      if (isOfTheToken(answer)) return INACTIVE;
      // A refusal of our own credentials, for one: it says nothing of the token.
      throw new Error(`Introspection was answered with status ${answer.status} and nothing that says "active"`);
    } catch (thrown) {
      throw new McpError('store-unavailable', 'The authorization server cannot be asked at this time', {
        cause: thrown,
      });
    }
  };
}

const INACTIVE: Claims = { active: false };

/**
 * Some servers refuse in the words of RFC 7009, section 2.2.1, to look at tokens of a form they keep nothing of, such as
 * JWTs. That is about the token, and no failure: taken for one, whoever sends such a token would never be told to get another.
 */
function isOfTheToken({ status, json }: FetchedJson): boolean {
  return status === 400 && isObject(json) && json['error'] === 'unsupported_token_type';
}

/** RFC 6749, section 2.3.1: id and secret are form-encoded before they are joined. */
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

function judged(claims: Claims, expected: Expected): VerifiedToken | undefined {
  const { issuer, audiences, requireAudience } = expected;
  const { active, iss, aud } = claims;
  if (active !== true) return undefined;
  if (issuer !== undefined && iss !== undefined && iss !== issuer) throw refused('is of another issuer');
  if (aud === undefined ? requireAudience : ![aud].flat().some((one) => audiences.includes(one as string))) {
    throw refused('is for another resource');
  }
  assertCurrent(claims, expected);
  // A token of DPoP that does not say which key it is bound to (RFC 9449, section 6.2) could be anybody's.
  if (/^dpop$/i.test(String(claims['token_type'])) && claims['cnf'] === undefined) throw refused('names no key');
  const { active: _active, ...told } = claims;
  return claimsPrincipal(issuer === undefined ? told : { ...told, iss: issuer });
}

function refused(why: string): McpError {
  return new McpError('unauthorized', `The access token ${why}`);
}
