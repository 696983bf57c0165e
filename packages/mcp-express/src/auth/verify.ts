import { ConfigurationError, McpError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import type { Request } from './authentication.js';
import { secondsIn } from './numeric-date.js';
import type { Principal } from './principal.js';
import type { Resource } from './resource.js';
import type { TokenTarget, TokenVerifier, VerifiedToken, VerifyToken } from './verifier.js';

/** A verifier, and what is known of it. */
export interface Verifier {
  readonly verify: VerifyToken;
  readonly needsResource: boolean;
  readonly checksExpiry: boolean;
  readonly issuer: string | undefined;
}

export function verifierOf(verify: VerifyToken | TokenVerifier): Verifier {
  const { needsResource, checksExpiry, issuer } = verify as Partial<TokenVerifier>;
  return { verify, needsResource: needsResource === true, checksExpiry: checksExpiry === true, issuer };
}

/** @throws ConfigurationError when tokens could not be told from those for somebody else. */
export function missingTarget(what: string, verifier: Verifier, resource: Resource | undefined): void {
  if (!verifier.needsResource || resource !== undefined) return;
  throw new ConfigurationError(`${what} needs the option "resource", the audience of its tokens`);
}

/**
 * What a token says, or `undefined` when it is refused without a word.
 *
 * @throws McpError `unauthorized` when it is refused, whose message says why; `store-unavailable` when the verifier failed.
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
  // What is there and is no time has ended: a token whose end cannot be read must not last for ever.
  const seconds = secondsIn(expiresAt) ?? Number.NEGATIVE_INFINITY;
  if (!checksExpiry && seconds * 1000 <= sent.now) throw new McpError('unauthorized', 'The access token expired');
  return seconds === expiresAt ? verified : { ...verified, expiresAt: seconds };
}

async function orUnavailable<T>(verify: () => Promise<T>, token: string): Promise<T> {
  try {
    return await verify();
  } catch (thrown) {
    if (!McpError.is(thrown)) {
      // Causes are told to observers, and end in logs.
      const cause = shown(thrown).includes(token) ? new Error('A failure that named the token') : thrown;
      throw new McpError('store-unavailable', 'The access token cannot be verified at this time', { cause });
    }
    // A verifier of somebody else's may have put into its words what must not be repeated.
    if (!thrown.message.includes(token)) throw thrown;
    throw new McpError(thrown.code, 'The access token was refused');
  }
}

function shown(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.message} ${thrown.stack}` : String(thrown);
}

/** The principal alone: sessions and logs see it, so nothing of the token stays on it. */
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
