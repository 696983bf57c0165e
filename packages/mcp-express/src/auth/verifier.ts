import type { Request } from './authentication.js';
import type { Principal } from './principal.js';

/** What a token must have been issued for. */
export interface TokenTarget {
  /** The declared URL of this server in the forms a token may name it by (RFC 8707). Empty when none is declared. */
  readonly audiences: readonly string[];
}

/** What a verifier found out about a token. */
export interface VerifiedToken extends Principal {
  /** The `cnf` of the token (RFC 7800): what the sender must prove to hold. Only `jkt`, a DPoP key, can be proven here. */
  readonly confirmation?: { readonly jkt?: string };
}

/**
 * Says whose a token is.
 *
 * `undefined` refuses the token. To say why, throw an `McpError` `unauthorized`: its message becomes the
 * `error_description` of the challenge. Anything else that is thrown means that it could not be found out, and is answered
 * as `store-unavailable`.
 */
export type VerifyToken = (token: string, request: Request, target: TokenTarget) => Promise<VerifiedToken | undefined>;

/** A verifier of this package. It is a function, so verifiers can be tried one after the other. */
export interface TokenVerifier extends VerifyToken {
  /** Verifies tokens against the declared URL of the server, so there must be one. */
  readonly needsResource: boolean;
  /** Refuses expired tokens itself, with a tolerance for clocks that differ. */
  readonly checksExpiry: true;
  /** Who issues the tokens, when that is one authorization server. */
  readonly issuer?: string;
}
