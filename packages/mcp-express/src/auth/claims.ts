import { McpError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import { secondsIn } from './numeric-date.js';
import type { Principal } from './principal.js';
import { scopesOf } from './scopes.js';
import { type Claims, findOtherUserId, findUserClaim, idText } from './subject.js';
import type { VerifiedToken } from './verifier.js';

/** The claims beside the subject, under all names that issuers and middleware use for them. */
export type PrincipalClaims = Pick<Principal, 'issuer' | 'clientId' | 'scopes' | 'expiresAt'>;

const ISSUER = ['iss', 'issuer'] as const;
/** In this order: RFC 9068 and RFC 7662; OpenID Connect; `AuthInfo` of the official SDK; Okta; Entra. */
const CLIENT = ['client_id', 'clientId', 'azp', 'cid', 'appid'] as const;
/** RFC 9068 and RFC 7662, as a string; `AuthInfo`, as a list; Okta, as a list, and Entra, as a string. */
const SCOPES = ['scopes', 'scope', 'scp'] as const;
const EXPIRY = ['expiresAt', 'exp'] as const;

/**
 * Reads issuer, client, scopes and expiry, both from tokens and from the data of other middleware.
 *
 * @param records searched in order; the first that has a claim decides.
 */
export function principalClaims(...records: readonly Claims[]): PrincipalClaims {
  const issuer = firstOf(records, ISSUER, textIn);
  const clientId = firstOf(records, CLIENT, textIn);
  const scopes = firstOf(records, SCOPES, scopesOf);
  const expiresAt = firstOf(records, EXPIRY, secondsIn);
  return {
    ...(issuer === undefined ? {} : { issuer }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

function firstOf<T>(
  records: readonly Claims[],
  names: readonly string[],
  read: (value: unknown) => T | undefined,
): T | undefined {
  for (const record of records) {
    for (const name of names) {
      const value = read(record[name]);
      if (value !== undefined) return value;
    }
  }
  return undefined;
}

/**
 * The principal in the claims of a verified token: those of a JWT or of an introspection response, which have the same
 * names.
 *
 * @throws McpError `unauthorized` if the claims have no usable `sub` and do not belong to a client that acts for itself.
 */
export function claimsPrincipal(claims: Claims): VerifiedToken {
  const parts = principalClaims(claims);
  return {
    subject: subjectOf(claims, parts),
    ...parts,
    ...(claims['cnf'] === undefined ? {} : { confirmation: confirmationOf(claims['cnf']) }),
    extra: claims,
  };
}

function subjectOf(claims: Claims, { clientId, scopes }: PrincipalClaims): string {
  const { sub } = claims;
  const client = textIn(claims['client_id']);
  if (sub === undefined || sub === null) {
    if (client === undefined) throw refused('names no subject');
    // A client that acts for itself is its own subject (RFC 9068, section 2.2).
    assertClientAlone(findUserClaim(claims, client, scopes));
    return client;
  }
  const subject = idText(sub);
  if (subject === undefined) throw refused('names no subject: its sub is neither a text nor an exact whole number');
  if (subject === clientId) assertClientAlone(findOtherUserId(claims, subject));
  return subject;
}

/** The description of a challenge must not contain quotation marks (RFC 6750, section 3). */
function assertClientAlone(sign: string | undefined): void {
  if (sign === undefined) return;
  throw refused(
    `names no subject: its ${sign} shows that a user is involved, and no sub says which one. ` +
      'The authorization server has to add a sub',
  );
}

function refused(why: string): McpError {
  return new McpError('unauthorized', `The access token ${why}`);
}

/** Any confirmation other than a DPoP key becomes one that no proof satisfies. */
function confirmationOf(cnf: unknown): { readonly jkt?: string } {
  const jkt = isObject(cnf) ? textIn(cnf['jkt']) : undefined;
  return jkt === undefined ? {} : { jkt };
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
