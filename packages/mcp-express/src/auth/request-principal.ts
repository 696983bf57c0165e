import { isSecretName } from '../observe/secret-names.js';
import { McpError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import { principalClaims } from './claims.js';
import type { Principal } from './principal.js';
import { type IdentityRecords, identityIn, recordsIn } from './request-identity.js';
import type { Claims } from './subject.js';

/** Data of authentication middleware on a request. */
interface AuthenticatedRequest {
  /** The `AuthInfo` of the official SDK, the claims of a JWT, or the function of Clerk. */
  readonly auth?: unknown;
  /** Set by Passport. */
  readonly user?: unknown;
  /** Set by express-openid-connect. */
  readonly oidc?: { readonly user?: unknown };
  /** Set by keycloak-connect. */
  readonly kauth?: { readonly grant?: { readonly access_token?: { readonly content?: unknown } } };
}

/**
 * The principal that earlier middleware set on the request: the first of `req.auth`, `req.user`, `req.oidc.user` and
 * `req.kauth.grant`.
 *
 * @returns `undefined` without any such data: the caller is anonymous.
 * @throws McpError `unauthorized` if the data has no subject. Treating such a caller as anonymous, or as its OAuth client,
 *   would give it the sessions of all others.
 */
export function requestPrincipal(request: object): Principal | undefined {
  const { auth, user, oidc, kauth } = request as AuthenticatedRequest;
  const found = resultOf(auth) ?? user ?? oidc?.user ?? kauth?.grant?.access_token?.content;
  if (found === undefined || found === null || found === false) return undefined;
  if (typeof found === 'string' && found !== '') return { subject: found };
  if (!isObject(found)) throw unnamed(undefined);
  const users = [user, oidc?.user].filter(isObject).filter((each) => each !== found);
  return principalIn({ records: recordsIn(found), users });
}

/** Clerk sets a function that returns the data. */
function resultOf(auth: unknown): unknown {
  if (typeof auth !== 'function') return auth;
  try {
    return auth();
  } catch (cause) {
    throw new McpError('unauthorized', 'The function in req.auth failed', { cause });
  }
}

/** Reads the principal from records. @throws McpError `unauthorized` if they have no subject. */
export function principalIn(found: IdentityRecords): Principal {
  const parts = principalClaims(...found.records);
  const identity = identityIn(found, parts);
  if (identity.subject === undefined) throw unnamed(identity.missing);
  const issuer = parts.issuer ?? identity.provider;
  return {
    subject: identity.subject,
    ...parts,
    ...(issuer === undefined ? {} : { issuer }),
    extra: withoutCredentials(found.records[0] ?? {}),
  };
}

function unnamed(missing: string | undefined): McpError {
  const why = missing === undefined ? '' : `: ${missing}`;
  return new McpError('unauthorized', `The authenticated request names no subject${why}`);
}

/**
 * Claims whose names look like those of secrets and are none: the session at the issuer (OpenID Connect Front-Channel
 * Logout, section 3), the kind of a token (Amazon Cognito), and permissions (Keycloak).
 */
const NO_SECRETS: ReadonlySet<string> = new Set(['sid', 'session_id', 'token_use', 'authorization']);

/** Without the credentials that some middleware keeps beside the claims. Sessions and logs must not hold them. */
function withoutCredentials(claims: Claims): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => NO_SECRETS.has(name) || !isSecretName(name)));
}
