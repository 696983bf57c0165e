import { McpError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import { secondsIn } from './numeric-date.js';
import type { Principal } from './principal.js';
import { scopesOf } from './scopes.js';
import { type Claims, idText, signOfUser, userIdBeside } from './subject.js';
import type { VerifiedToken } from './verifier.js';

/** What claims say beside the subject, under every name that issuers and middleware have for it. */
export type ClaimedParts = Pick<Principal, 'issuer' | 'clientId' | 'scopes' | 'expiresAt'>;

const ISSUER = ['iss', 'issuer'] as const;
/** RFC 9068 and RFC 7662; OpenID Connect; `AuthInfo` of the official SDK; Okta; Entra. */
const CLIENT = ['client_id', 'clientId', 'azp', 'cid', 'appid'] as const;
/** RFC 9068 and RFC 7662, as a text; `AuthInfo`, as a list; Okta, as a list, and Entra, as a text. */
const SCOPES = ['scopes', 'scope', 'scp'] as const;
const EXPIRY = ['expiresAt', 'exp'] as const;

/**
 * The one reader of issuer, client, scopes and expiry, for tokens and for what other middleware left.
 *
 * @param records where they may be; the first record that has one decides.
 */
export function claimedParts(...records: readonly Claims[]): ClaimedParts {
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
 * The principal in the claims of a verified token: those of a JWT, or those that introspection answers, which have the
 * same names.
 *
 * @throws McpError `unauthorized` when they have no usable `sub`, and are not those of a client that acts for itself.
 */
export function claimsPrincipal(claims: Claims): VerifiedToken {
  const parts = claimedParts(claims);
  return {
    subject: subjectOf(claims, parts),
    ...parts,
    ...(claims['cnf'] === undefined ? {} : { confirmation: confirmationOf(claims['cnf']) }),
    extra: claims,
  };
}

function subjectOf(claims: Claims, { clientId, scopes }: ClaimedParts): string {
  const { sub } = claims;
  const client = textIn(claims['client_id']);
  if (sub === undefined || sub === null) {
    if (client === undefined) throw refused('names no subject');
    // A client that acts for itself is its own subject (RFC 9068, section 2.2).
    assertClientAlone(signOfUser(claims, client, scopes));
    return client;
  }
  const subject = idText(sub);
  if (subject === undefined) throw refused('names no subject: its sub is neither a text nor an exact whole number');
  if (subject === clientId) assertClientAlone(userIdBeside(claims, subject));
  return subject;
}

/** The description of a challenge has no quotation marks (RFC 6750, section 3). */
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

/** Whatever is there and is not a key of DPoP makes a confirmation that nobody can give. */
function confirmationOf(cnf: unknown): { readonly jkt?: string } {
  const jkt = isObject(cnf) ? textIn(cnf['jkt']) : undefined;
  return jkt === undefined ? {} : { jkt };
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
