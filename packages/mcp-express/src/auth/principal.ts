/**
 * The authenticated caller. Sessions are bound to it, so it contains only what stays the same when a token is refreshed,
 * and never the bytes of a token.
 */
export interface Principal {
  /** The authority for the subject, such as the issuer URL of an authorization server. */
  readonly issuer?: string;
  /** The user, stable at the issuer. */
  readonly subject: string;
  /** The OAuth client through which the user acts. */
  readonly clientId?: string;
  /** Granted scopes. */
  readonly scopes?: readonly string[];
  /** Expiry in seconds since 1970, as in the `exp` of a JWT. */
  readonly expiresAt?: number;
  /** Further data of the authentication, unchanged. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** The owner key of anonymous callers. */
export const ANONYMOUS = '';

/** The key to which sessions are bound: issuer, subject and client, which a token refresh does not change. */
export function ownerKey(principal: Principal | undefined): string {
  if (principal === undefined) return ANONYMOUS;
  return JSON.stringify([principal.issuer ?? '', principal.subject, principal.clientId ?? '']);
}

/** Decodes an owner key, such as that of a `SessionRecord`; `undefined` for the anonymous owner. */
export function ownerName(owner: string): Pick<Principal, 'issuer' | 'subject' | 'clientId'> | undefined {
  if (owner === ANONYMOUS) return undefined;
  const [issuer, subject, clientId] = JSON.parse(owner) as [string, string, string];
  return { subject, ...(issuer === '' ? {} : { issuer }), ...(clientId === '' ? {} : { clientId }) };
}
