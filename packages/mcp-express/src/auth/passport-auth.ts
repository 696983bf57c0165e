import { ConfigurationError, McpError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import type { ExpressAuthentication, Request } from './authentication.js';
import { Challenges, challengeText } from './challenge.js';
import { checkOptions } from './checks.js';
import { principalClaims } from './claims.js';
import { ENDPOINT_CHECKS, type EndpointOptions, endpointOf } from './endpoint-options.js';
import { expressAuthentication } from './express-auth.js';
import { metadataOf } from './metadata.js';
import { type Outcome, PassportRunner, type PassportStrategy } from './passport-runner.js';
import type { Principal } from './principal.js';
import { recordsIn } from './request-identity.js';
import { principalIn, requestPrincipal } from './request-principal.js';
import { missingFrom, withImplied } from './scopes.js';

/** Options of `passportAuth`. */
export type PassportAuthOptions = EndpointOptions;

const WHAT = 'passportAuth';

/**
 * Authenticates by any Passport strategy, in a Passport instance of its own and without login sessions. The user that the
 * strategy reports becomes the principal as `req.user` would: the subject comes from `sub`, `id` and so on, and a user
 * without one is refused. Scopes, expiry, client and issuer are also read from the `info` beside the user.
 *
 * @param strategy the strategy, configured by the application.
 * @throws ConfigurationError if there is no strategy, or an option is unknown or invalid.
 */
export function passportAuth(strategy: PassportStrategy, given: PassportAuthOptions = {}): ExpressAuthentication {
  if (typeof strategy?.authenticate !== 'function') {
    throw new ConfigurationError('passportAuth takes a Passport strategy first, and its options second');
  }
  const endpoint = endpointOf(WHAT, checkOptions(WHAT, given, ENDPOINT_CHECKS));
  const metadata = metadataOf(WHAT, endpoint);
  const challenges = new Challenges({
    realm: endpoint.realm,
    scopes: endpoint.scopes,
    metadataUrl: metadata?.url,
    dpop: 'unadvertised',
    dpopAlgorithms: [],
  });
  const runner = new PassportRunner(strategy);
  const authenticate = async (request: Request): Promise<Principal> => {
    const outcome = await ran(runner, request);
    if (outcome.kind === 'refused') throw refusalOf(outcome.challenge, request, challenges);
    const principal = named(outcome, request, challenges);
    const scopes = principal.scopes === undefined ? undefined : withImplied(principal.scopes, endpoint.impliedScopes);
    if (missingFrom(scopes ?? [], endpoint.scopes)) throw challenges.insufficientScope(scopes ?? [], []);
    return scopes === undefined ? principal : { ...principal, scopes };
  };
  return expressAuthentication({ authenticate, challenges, metadata });
}

function named({ user, info }: Outcome & { kind: 'user' }, request: Request, challenges: Challenges): Principal {
  try {
    return principalOf(user, info);
  } catch (thrown) {
    const { code, message } = McpError.from(thrown);
    if (code !== 'unauthorized') throw thrown;
    throw refusalOf(undefined, request, challenges, message);
  }
}

async function ran(runner: PassportRunner, request: Request): Promise<Outcome> {
  try {
    return await runner.run(request);
  } catch (thrown) {
    if (McpError.is(thrown)) throw thrown;
    throw new McpError('store-unavailable', 'The caller cannot be authenticated at this time', { cause: thrown });
  }
}

/**
 * The principal in the user that the strategy reported, completed by the `info` beside it.
 *
 * @throws McpError `unauthorized` if it has no subject.
 */
function principalOf(user: unknown, info: unknown): Principal {
  if (!isObject(user)) return requestPrincipal({ user }) as Principal;
  const principal = principalIn({ records: recordsIn(user), users: isObject(info) ? recordsIn(info) : [] });
  return isObject(info) ? { ...principalClaims(...recordsIn(info)), ...principal } : principal;
}

const OTHER_SCHEME = /^(?!bearer\b)[a-z][a-z0-9-]*( [\x20-\x7e]*)?$/i;

/** A Bearer challenge is replaced by our own; that of another scheme is kept, beside our own with the metadata URL. */
function refusalOf(
  challenge: unknown,
  request: Request,
  challenges: Challenges,
  description = 'The credentials are not valid',
): McpError {
  const sent = request.headers.authorization !== undefined;
  const refusal = sent
    ? challenges.refused({ scheme: 'Bearer', error: 'invalid_token', description })
    : challenges.missing();
  if (typeof challenge !== 'string' || !OTHER_SCHEME.test(challenge)) return refusal;
  const own = refusal.headers?.['WWW-Authenticate'] ?? challengeText('Bearer', {});
  return new McpError(refusal.code, refusal.message, {
    headers: { 'WWW-Authenticate': `${challenge}, ${own}` },
    ...(refusal.data === undefined ? {} : { data: refusal.data }),
  });
}
