import { McpError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import { claimedParts } from './claims.js';
import { identityIn, type LeftRecords, recordsIn } from './left-identity.js';
import type { Principal } from './principal.js';
import type { Claims } from './subject.js';

/** What authentication middleware leaves on a request. */
interface Authenticated {
  /** The `AuthInfo` of the official SDK, the claims of a JWT, or the function of Clerk. */
  readonly auth?: unknown;
  /** Of Passport. */
  readonly user?: unknown;
  /** Of express-openid-connect. */
  readonly oidc?: { readonly user?: unknown };
  /** Of keycloak-connect. */
  readonly kauth?: { readonly grant?: { readonly access_token?: { readonly content?: unknown } } };
}

/**
 * The principal that whatever runs before us left on the request: `req.auth`, `req.user`, `req.oidc.user` or
 * `req.kauth.grant`, whichever is there first.
 *
 * @returns `undefined` when nothing was left: the caller is anonymous.
 * @throws McpError `unauthorized` when something was left that names no subject. Taking such a caller for anonymous, or for
 *   its OAuth client, would hand out the sessions of all the others.
 */
export function requestPrincipal(request: object): Principal | undefined {
  const { auth, user, oidc, kauth } = request as Authenticated;
  const left = resultOf(auth) ?? user ?? oidc?.user ?? kauth?.grant?.access_token?.content;
  if (left === undefined || left === null || left === false) return undefined;
  if (typeof left === 'string' && left !== '') return { subject: left };
  if (!isObject(left)) throw unnamed(undefined);
  const users = [user, oidc?.user].filter(isObject).filter((each) => each !== left);
  return principalIn({ records: recordsIn(left), users });
}

/** Clerk leaves a function that returns what it found out. */
function resultOf(auth: unknown): unknown {
  if (typeof auth !== 'function') return auth;
  try {
    return auth();
  } catch (cause) {
    throw new McpError('unauthorized', 'The function in req.auth failed', { cause });
  }
}

/** @throws McpError `unauthorized` when no subject is named. */
export function principalIn(left: LeftRecords): Principal {
  const parts = claimedParts(...left.records);
  const identity = identityIn(left, parts);
  if (identity.subject === undefined) throw unnamed(identity.missing);
  const issuer = parts.issuer ?? identity.provider;
  return {
    subject: identity.subject,
    ...parts,
    ...(issuer === undefined ? {} : { issuer }),
    extra: withoutCredentials(left.records[0] ?? {}),
  };
}

function unnamed(missing: string | undefined): McpError {
  const why = missing === undefined ? '' : `: ${missing}`;
  return new McpError('unauthorized', `The authenticated request names no subject${why}`);
}

/** What some middleware keeps beside the claims, and sessions and logs must not see. */
const CREDENTIALS = new Set([
  ...['token', 'accesstoken', 'refreshtoken', 'idtoken', 'rawtoken', 'jwt', 'signature'],
  ...['password', 'passwordhash', 'secret', 'clientsecret'],
]);

function withoutCredentials(claims: Claims): Claims {
  const kept = Object.entries(claims).filter(
    ([name]) => !CREDENTIALS.has(name.toLowerCase().replaceAll(/[^a-z]/g, '')),
  );
  return Object.fromEntries(kept);
}
