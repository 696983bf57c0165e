/**
 * Who is calling. Sessions are bound to it, so it holds what stays the same when a token is refreshed, and never the
 * bytes of a token.
 */
export interface Principal {
  /** Who vouches for the subject, such as an authorization server's issuer URL. */
  readonly issuer?: string;
  /** The user, stable at the issuer. */
  readonly subject: string;
  /** The OAuth client the user acts through. */
  readonly clientId?: string;
  readonly scopes?: readonly string[];
  /** Seconds since 1970, as in a JWT's `exp`. */
  readonly expiresAt?: number;
  /** Anything else that authentication left, untouched. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** The owner of everything that nobody signed in for. */
export const ANONYMOUS = '';

/** The key that sessions are bound to: issuer, subject and client, and nothing that a refresh changes. */
export function ownerKey(principal: Principal | undefined): string {
  if (principal === undefined) return ANONYMOUS;
  return JSON.stringify([principal.issuer ?? '', principal.subject, principal.clientId ?? '']);
}

/** Whose key it is, such as that of a `SessionRecord`; `undefined` for the anonymous owner. */
export function ownerName(owner: string): Pick<Principal, 'issuer' | 'subject' | 'clientId'> | undefined {
  if (owner === ANONYMOUS) return undefined;
  const [issuer, subject, clientId] = JSON.parse(owner) as [string, string, string];
  return { subject, ...(issuer === '' ? {} : { issuer }), ...(clientId === '' ? {} : { clientId }) };
}
