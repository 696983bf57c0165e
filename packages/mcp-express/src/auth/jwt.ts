import {
  createLocalJWKSet,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyResult,
  jwtVerify,
} from 'jose';
import { McpError } from '../protocol/errors.js';
import { claimsPrincipal } from './claims.js';
import { findJwksUri } from './issuer-metadata.js';
import { type JwtOptions, type ResolvedJwtOptions, resolveJwtOptions } from './jwt-options.js';
import { assertCurrent } from './numeric-date.js';
import { RemoteKeys } from './remote-keys.js';
import type { TokenVerifier } from './verifier.js';

/** The accepted values of `typ`. An ID token also has "JWT", but another audience. */
const ACCESS_TOKENS: ReadonlySet<string | undefined> = new Set([undefined, 'jwt', 'at+jwt']);

/** Without `exp` a token would never expire; without `aud` and `iss` it would be valid everywhere, from any issuer. */
const REQUIRED_CLAIMS = ['iss', 'aud', 'exp'];

/**
 * Verifies access tokens that are JWTs (RFC 9068, RFC 8725).
 *
 * @throws ConfigurationError if an option is unknown, missing, invalid, or contradicts another.
 */
export function jwt(given: JwtOptions): TokenVerifier {
  const options = resolveJwtOptions(given);
  const key = keyOf(options);
  const { issuer, audience } = options;
  const expected = audience === undefined ? undefined : [audience].flat();
  const verify: TokenVerifier = Object.assign(
    async (token: string, _request: unknown, { audiences }: { readonly audiences: readonly string[] }) => {
      const payload = await verifiedPayload(token, key, { ...options, audience: [...(expected ?? audiences)] });
      // The times, which jose reads as seconds, may be milliseconds.
      assertCurrent(payload, { clockTolerance: options.clockTolerance, now: options.now() });
      return claimsPrincipal(payload);
    },
    { needsResource: expected === undefined, checksExpiry: true as const, issuer },
  );
  return verify;
}

function keyOf(options: ResolvedJwtOptions): JWTVerifyGetKey {
  const { jwks, key, jwksUri, issuer, allowHttp } = options;
  if (jwks !== undefined) return createLocalJWKSet(structuredClone(jwks));
  if (key !== undefined) return async () => key;
  const locate = async (): Promise<string> => jwksUri ?? (await findJwksUri(issuer, options, allowHttp));
  return new RemoteKeys({ ...options, locate }).get;
}

type Expected = ResolvedJwtOptions & { readonly audience: string[] };

async function verifiedPayload(token: string, key: JWTVerifyGetKey, expected: Expected): Promise<JWTPayload> {
  try {
    const { payload, protectedHeader } = await verifiedByAny(token, key, expected);
    const typ = protectedHeader.typ?.toLowerCase().replace(/^application\//, '');
    if (expected.typ !== undefined || ACCESS_TOKENS.has(typ)) return payload;
  } catch (thrown) {
    // Failures to get the keys are an `McpError` already. Every other error is an invalid token.
    if (McpError.is(thrown)) throw thrown;
    throw new McpError('unauthorized', reasonOf(thrown), { cause: thrown });
  }
  throw new McpError('unauthorized', 'The token is not an access token');
}

/** A token without a key id is tried with every key that fits. */
async function verifiedByAny(token: string, key: JWTVerifyGetKey, expected: Expected): Promise<JWTVerifyResult> {
  const options = {
    algorithms: [...expected.algorithms],
    issuer: expected.issuer,
    audience: expected.audience,
    clockTolerance: expected.clockTolerance,
    currentDate: new Date(expected.now()),
    requiredClaims: REQUIRED_CLAIMS,
    ...(expected.typ === undefined ? {} : { typ: expected.typ }),
  };
  try {
    return await jwtVerify(token, key, options);
  } catch (thrown) {
    if (!(thrown instanceof errors.JWKSMultipleMatchingKeys)) throw thrown;
    for await (const candidate of thrown) {
      try {
        return await jwtVerify(token, candidate, options);
      } catch (refused) {
        if (!(refused instanceof errors.JWSSignatureVerificationFailed)) throw refused;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

/** The message for the client: which check failed, without any of the compared values. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof errors.JWTExpired) return 'The access token expired';
  if (thrown instanceof errors.JWTClaimValidationFailed) {
    if (thrown.reason === 'invalid' && TIMES.has(thrown.claim)) {
      return `The ${thrown.claim} of the access token is not a number`;
    }
    return REASONS[thrown.claim] ?? 'A claim of the access token is not valid';
  }
  return 'The access token is not valid';
}

/** RFC 7519, section 4.1. A JWT with one of them as a string is malformed; jose reports it as invalid. */
const TIMES: ReadonlySet<string> = new Set(['exp', 'nbf', 'iat']);

const REASONS: Readonly<Record<string, string>> = {
  aud: 'The access token is for another resource',
  iss: 'The access token is of another issuer',
  nbf: 'The access token is not valid yet',
  typ: 'The token is not an access token',
};
