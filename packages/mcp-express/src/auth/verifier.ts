import type { Request } from './authentication.js';
import type { Principal } from './principal.js';

/** The audience that a token must have. */
export interface TokenTarget {
  /** The accepted forms of the declared URL of this server (RFC 8707). Empty without a declared URL. */
  readonly audiences: readonly string[];
}

/** The result of verifying a token. */
export interface VerifiedToken extends Principal {
  /** The `cnf` of the token (RFC 7800), which the sender must prove to hold. Only `jkt`, a DPoP key, can be proven here. */
  readonly confirmation?: { readonly jkt?: string };
}

/**
 * Verifies a token and returns its principal.
 *
 * `undefined` refuses the token. To give a reason, throw an `McpError` `unauthorized`: its message becomes the
 * `error_description` of the challenge. Any other error means that the token could not be verified, and is answered as
 * `store-unavailable`.
 */
export type VerifyToken = (token: string, request: Request, target: TokenTarget) => Promise<VerifiedToken | undefined>;

/** A verifier of this package. It is a function, so verifiers can be tried one after the other. */
export interface TokenVerifier extends VerifyToken {
  /** Compares the audience with the declared URL of the server, so the option `resource` is required. */
  readonly needsResource: boolean;
  /** Refuses expired tokens itself, with a tolerance for clock differences. */
  readonly checksExpiry: true;
  /** The issuer of the tokens, if there is exactly one. */
  readonly issuer?: string;
}
