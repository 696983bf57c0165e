import { ConfigurationError, McpError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import type { ExpressAuthentication, Request } from './authentication.js';
import { Challenges, challengeText } from './challenge.js';
import { checkOptions } from './checks.js';
import { claimedParts } from './claims.js';
import { ENDPOINT_CHECKS, type EndpointOptions, endpointOf } from './endpoint-options.js';
import { expressFace } from './face.js';
import { recordsIn } from './left-identity.js';
import { metadataOf } from './metadata.js';
import { type Outcome, PassportRunner, type PassportStrategy } from './passport-runner.js';
import type { Principal } from './principal.js';
import { principalIn, requestPrincipal } from './request-principal.js';
import { missingFrom, withImplied } from './scopes.js';

export type PassportAuthOptions = EndpointOptions;

const WHAT = 'passportAuth';

/**
 * Authentication by any Passport strategy, in a Passport of its own and without sessions. The user it reports becomes the
 * principal as `req.user` would: subject from `sub`, `id` and so on, and one that names nobody is refused. Scopes, expiry,
 * client and issuer are also taken from the `info` beside the user.
 *
 * @throws ConfigurationError when there is no strategy, or an option is unknown or wrong.
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
    dpop: 'untold',
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
  return expressFace({ authenticate, challenges, metadata });
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
 * What the strategy reported as the user, completed by the `info` beside it.
 *
 * @throws McpError `unauthorized` when it names no subject.
 */
function principalOf(user: unknown, info: unknown): Principal {
  if (!isObject(user)) return requestPrincipal({ user }) as Principal;
  const principal = principalIn({ records: recordsIn(user), users: isObject(info) ? recordsIn(info) : [] });
  return isObject(info) ? { ...claimedParts(...recordsIn(info)), ...principal } : principal;
}

const OTHER_SCHEME = /^(?!bearer\b)[a-z][a-z0-9-]*( [\x20-\x7e]*)?$/i;

/** In our own words for Bearer. Another scheme is named as the strategy does, beside where to learn more. */
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
