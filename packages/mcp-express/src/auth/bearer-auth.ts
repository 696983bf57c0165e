import type { ExpressAuthentication } from './authentication.js';
import { Challenges } from './challenge.js';
import { aFunction, type Checks, checkOptions, required, wholeFrom } from './checks.js';
import { type DpopOption, dpopCheck, dpopOf } from './dpop-options.js';
import { ENDPOINT_CHECKS, type EndpointOptions, endpointOf } from './endpoint-options.js';
import { expressAuthentication } from './express-auth.js';
import { metadataOf } from './metadata.js';
import { TokenAuthenticator } from './token-authenticator.js';
import type { TokenVerifier, VerifyToken } from './verifier.js';
import { assertTarget, verifierOf } from './verify.js';

/** Options of `bearerAuth`. */
export interface BearerAuthOptions extends EndpointOptions {
  /** The token verifier: `jwt(…)`, `introspection(…)`, `apiKeys(…)`, or a function of your own. */
  readonly verify: VerifyToken | TokenVerifier;
  /**
   * DPoP proofs (RFC 9449). `'required'` refuses unbound tokens.
   * @default proofs are checked for tokens that are bound to a key, and DPoP is not advertised
   */
  readonly dpop?: DpopOption;
  /** The longest accepted token, in characters; longer tokens and DPoP proofs are refused unparsed. @default 8192 */
  readonly maxTokenLength?: number;
  /** The current time in milliseconds since 1970, for tests. @default Date.now */
  readonly now?: () => number;
}

const CHECKS: Checks<BearerAuthOptions> = {
  ...ENDPOINT_CHECKS,
  verify: aFunction('of a token, such as jwt(…), introspection(…) or apiKeys(…)'),
  dpop: dpopCheck,
  maxTokenLength: wholeFrom(16, 65_536),
  now: aFunction('that returns milliseconds since 1970'),
};

const WHAT = 'bearerAuth';

/**
 * Authenticates by access tokens or API keys in the `Authorization` header (RFC 6750; DPoP, RFC 9449), with Passport's
 * bearer strategy in a Passport instance of its own and without login sessions.
 *
 * Every request is verified anew, so that an expired or revoked token is refused from its next request on.
 *
 * @throws ConfigurationError if an option is unknown, missing or invalid.
 */
export function bearerAuth(given: BearerAuthOptions): ExpressAuthentication {
  const options = checkOptions(WHAT, given, CHECKS);
  const verifier = verifierOf(required(WHAT, 'verify', options.verify));
  const { now = Date.now, maxTokenLength = 8192 } = options;
  const endpoint = endpointOf(WHAT, options, verifier.issuer);
  assertTarget(WHAT, verifier, endpoint.resource);
  const dpop = dpopOf(WHAT, options.dpop, { url: endpoint.resource?.url, maxLength: maxTokenLength, now });
  const metadata = metadataOf(WHAT, {
    ...endpoint,
    derived: dpop.advertised
      ? {
          dpop_signing_alg_values_supported: dpop.algorithms,
          ...(dpop.required ? { dpop_bound_access_tokens_required: true } : {}),
        }
      : {},
  });
  const challenges = new Challenges({
    realm: endpoint.realm,
    scopes: endpoint.scopes,
    metadataUrl: metadata?.url,
    dpop: dpop.required ? 'required' : dpop.advertised ? 'offered' : 'unadvertised',
    dpopAlgorithms: dpop.algorithms,
  });
  const authenticator = new TokenAuthenticator({ verifier, endpoint, dpop, challenges, maxTokenLength, now });
  return expressAuthentication({
    authenticate: (request) => authenticator.authenticate(request),
    recheck: (request) => authenticator.recheck(request),
    challenges,
    metadata,
  });
}
