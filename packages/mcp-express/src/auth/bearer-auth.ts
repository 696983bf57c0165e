import type { ExpressAuthentication } from './authentication.js';
import { Challenges } from './challenge.js';
import { aFunction, type Checks, checkOptions, required, wholeFrom } from './checks.js';
import { type DpopOption, dpopCheck, dpopOf } from './dpop-options.js';
import { ENDPOINT_CHECKS, type EndpointOptions, endpointOf } from './endpoint-options.js';
import { expressFace } from './face.js';
import { metadataOf } from './metadata.js';
import { TokenGate } from './token-gate.js';
import type { TokenVerifier, VerifyToken } from './verifier.js';
import { missingTarget, verifierOf } from './verify.js';

export interface BearerAuthOptions extends EndpointOptions {
  /** Says whose a token is: `jwt(…)`, `introspection(…)`, `apiKeys(…)`, or a function of your own. */
  readonly verify: VerifyToken | TokenVerifier;
  /** Proofs of possession (RFC 9449). @default taken and checked where a token asks for it, and not advertised */
  readonly dpop?: DpopOption;
  /** The longest token, in characters. Longer ones are refused unread; so are longer DPoP proofs. @default 8192 */
  readonly maxTokenLength?: number;
  /** Milliseconds since 1970, for tests. @default Date.now */
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
 * Authentication by access tokens or API keys in the `Authorization` header (RFC 6750; DPoP, RFC 9449), by Passport's
 * bearer strategy in a Passport of its own and without sessions.
 *
 * Every request is verified anew, so that an expired or revoked token ends with its next request.
 *
 * @throws ConfigurationError when an option is unknown, missing or wrong.
 */
export function bearerAuth(given: BearerAuthOptions): ExpressAuthentication {
  const options = checkOptions(WHAT, given, CHECKS);
  const verifier = verifierOf(required(WHAT, 'verify', options.verify));
  const { now = Date.now, maxTokenLength = 8192 } = options;
  const endpoint = endpointOf(WHAT, options, verifier.issuer);
  missingTarget(WHAT, verifier, endpoint.resource);
  const dpop = dpopOf(WHAT, options.dpop, { url: endpoint.resource?.url, maxLength: maxTokenLength, now });
  const metadata = metadataOf(WHAT, {
    ...endpoint,
    derived: dpop.told
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
    dpop: dpop.required ? 'required' : dpop.told ? 'offered' : 'untold',
    dpopAlgorithms: dpop.algorithms,
  });
  const gate = new TokenGate({ verifier, endpoint, dpop, challenges, maxTokenLength, now });
  return expressFace({
    authenticate: (request) => gate.authenticate(request),
    recheck: (request) => gate.recheck(request),
    challenges,
    metadata,
  });
}
