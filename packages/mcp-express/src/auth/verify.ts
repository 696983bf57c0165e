import { ConfigurationError, McpError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import type { Request } from './authentication.js';
import { secondsIn } from './numeric-date.js';
import type { Principal } from './principal.js';
import type { Resource } from './resource.js';
import type { TokenTarget, TokenVerifier, VerifiedToken, VerifyToken } from './verifier.js';

/** A verifier and its properties. */
export interface Verifier {
  readonly verify: VerifyToken;
  readonly needsResource: boolean;
  readonly checksExpiry: boolean;
  readonly issuer: string | undefined;
}

/** Reads the properties of a verifier; a plain function has none. */
export function verifierOf(verify: VerifyToken | TokenVerifier): Verifier {
  const { needsResource, checksExpiry, issuer } = verify as Partial<TokenVerifier>;
  return { verify, needsResource: needsResource === true, checksExpiry: checksExpiry === true, issuer };
}

/**
 * @throws ConfigurationError if the verifier needs the audience of this server, which is not declared: it could not refuse
 *   tokens for other servers.
 */
export function assertTarget(what: string, verifier: Verifier, resource: Resource | undefined): void {
  if (!verifier.needsResource || resource !== undefined) return;
  throw new ConfigurationError(`${what} needs the option "resource", the audience of its tokens`);
}

/**
 * Verifies a token.
 *
 * @returns `undefined` if the token is refused without a reason.
 * @throws McpError `unauthorized` with the reason of a refusal; `store-unavailable` if the verifier failed.
 */
export async function verifiedToken(
  { verify, checksExpiry }: Verifier,
  sent: { readonly token: string; readonly request: Request; readonly target: TokenTarget; readonly now: number },
): Promise<VerifiedToken | undefined> {
  const verified = await orUnavailable(async () => verify(sent.token, sent.request, sent.target), sent.token);
  if (verified === undefined) return undefined;
  if (!isObject(verified) || typeof verified.subject !== 'string' || verified.subject === '') return undefined;
  const { expiresAt } = verified;
  if (expiresAt === undefined) return verified;
  // An invalid expiry counts as expired: such a token must not be valid forever.
  const seconds = secondsIn(expiresAt) ?? Number.NEGATIVE_INFINITY;
  if (!checksExpiry && seconds * 1000 <= sent.now) throw new McpError('unauthorized', 'The access token expired');
  return seconds === expiresAt ? verified : { ...verified, expiresAt: seconds };
}

async function orUnavailable<T>(verify: () => Promise<T>, token: string): Promise<T> {
  try {
    return await verify();
  } catch (thrown) {
    if (!McpError.is(thrown)) {
      // Observers receive the cause, and may log it.
      const cause = shown(thrown).includes(token) ? new Error('An error whose message contains the token') : thrown;
      throw new McpError('store-unavailable', 'The access token cannot be verified at this time', { cause });
    }
    // A verifier of the application may have included the token in its message.
    if (!thrown.message.includes(token)) throw thrown;
    throw new McpError(thrown.code, 'The access token was refused');
  }
}

function shown(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.message} ${thrown.stack}` : String(thrown);
}

/** Removes everything of the token from a principal, because sessions and logs see it. */
export function principalOf(verified: VerifiedToken, token: string, scopes: readonly string[] | undefined): Principal {
  const { issuer, subject, clientId, expiresAt, extra } = verified;
  return {
    subject,
    ...(issuer === undefined ? {} : { issuer }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(extra === undefined
      ? {}
      : { extra: Object.fromEntries(Object.entries(extra).filter(([, value]) => value !== token)) }),
  };
}
