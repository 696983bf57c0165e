import BearerStrategy from 'passport-http-bearer';
import { McpError } from '../protocol/errors.js';
import type { Request } from './authentication.js';
import type { Challenges, CredentialsError, Scheme } from './challenge.js';
import { credentialsOf } from './credentials.js';
import { proofIssue } from './dpop.js';
import type { Dpop } from './dpop-options.js';
import type { Endpoint } from './endpoint-options.js';
import { PassportRunner } from './passport-runner.js';
import { ownerKey, type Principal } from './principal.js';
import { missingFrom, withImplied } from './scopes.js';
import type { TokenTarget, VerifiedToken } from './verifier.js';
import { principalOf, type Verifier, verifiedToken } from './verify.js';

/** Services and settings of `TokenGate`. */
export interface TokenAuthenticatorDeps {
  readonly verifier: Verifier;
  readonly endpoint: Endpoint;
  readonly dpop: Dpop;
  readonly challenges: Challenges;
  /** The longest accepted token, in characters. */
  readonly maxTokenLength: number;
  /** The current time in milliseconds since 1970. */
  readonly now: () => number;
}

interface Sent {
  readonly scheme: Scheme;
  readonly token: string;
}

/** The only part that Passport's strategy sees, because it would also accept a token from a query or a body. */
interface TokenRequest {
  readonly headers: { readonly authorization: string };
  readonly request: Request;
}

/**
 * Authenticates a request by its token: verified, with a DPoP proof if it is bound, and with the scopes that every request
 * needs.
 */
export class TokenAuthenticator {
  readonly #runner: PassportRunner;
  readonly #target: TokenTarget;

  constructor(private readonly deps: TokenAuthenticatorDeps) {
    this.#target = Object.freeze({ audiences: deps.endpoint.resource?.audiences ?? [] });
    const strategy = new BearerStrategy<TokenRequest>({ passReqToCallback: true }, ({ request }, token, done) => {
      const { verifier, now } = this.deps;
      verifiedToken(verifier, { token, request, target: this.#target, now: now() }).then(
        (verified) => done(null, verified ?? false),
        (reason) => done(reason),
      );
    });
    this.#runner = new PassportRunner(strategy);
  }

  /** @throws McpError (as a rejection) with the challenge for the client. */
  async authenticate(request: Request): Promise<Principal> {
    const sent = this.#sent(request);
    const verified = await this.#verified(request, sent);
    await this.#assertProven(request, sent, verified);
    return this.#principal(sent, verified);
  }

  /** Verifies the token again, without the proof: it was checked with the request and cannot be used twice. */
  async recheck(request: Request): Promise<Principal> {
    const sent = this.#sent(request);
    return this.#principal(sent, await this.#verified(request, sent));
  }

  #sent(request: Request): Sent {
    const { challenges, maxTokenLength } = this.deps;
    const credentials = credentialsOf(request, maxTokenLength);
    switch (credentials.kind) {
      case 'none':
        throw challenges.missing();
      case 'invalid':
        throw challenges.refused({ ...credentials, description: credentials.reason });
      case 'token':
        return credentials;
    }
  }

  async #verified(request: Request, { scheme, token }: Sent): Promise<VerifiedToken> {
    try {
      const outcome = await this.#runner.run({ headers: { authorization: `Bearer ${token}` }, request });
      // `verifiedToken` returns the only user that this strategy reports.
      if (outcome.kind === 'user') return outcome.user as VerifiedToken;
    } catch (thrown) {
      throw this.#challenged(McpError.from(thrown), scheme);
    }
    throw this.#refused(scheme, 'invalid_token', 'The access token is not valid');
  }

  /** Turns the refusal of a verifier into one with the challenge of this endpoint. */
  #challenged(error: McpError, scheme: Scheme): McpError {
    if (error.code === 'unauthorized') return this.#refused(scheme, 'invalid_token', error.message);
    return error.code === 'insufficient-scope' ? this.deps.challenges.insufficientScope([], [], scheme) : error;
  }

  async #assertProven(request: Request, { scheme, token }: Sent, verified: VerifiedToken): Promise<void> {
    const { confirmation } = verified;
    const { dpop, challenges } = this.deps;
    if (confirmation === undefined) {
      if (scheme === 'Bearer' && !dpop.required) return;
      throw this.#refused(scheme, 'invalid_token', 'The access token is not bound to a key');
    }
    const { jkt } = confirmation;
    if (typeof jkt !== 'string' || jkt === '') {
      throw this.#refused(scheme, 'invalid_token', 'The access token is bound in a way that cannot be checked here');
    }
    if (scheme !== 'DPoP') {
      const description = 'The access token is bound to a key: send it as DPoP, with a proof';
      throw challenges.refused({ scheme, error: 'invalid_token', description, needsDpop: true });
    }
    const issue = await proofIssue(request, { token, jkt, owner: ownerKey(verified) }, dpop);
    if (issue !== undefined) throw challenges.refused({ scheme, ...issue });
  }

  #principal({ scheme, token }: Sent, verified: VerifiedToken): Principal {
    const { endpoint, challenges } = this.deps;
    const scopes = verified.scopes === undefined ? undefined : withImplied(verified.scopes, endpoint.impliedScopes);
    if (missingFrom(scopes ?? [], endpoint.scopes)) throw challenges.insufficientScope(scopes ?? [], [], scheme);
    return principalOf(verified, token, scopes);
  }

  #refused(scheme: Scheme, error: CredentialsError['error'], description: string): McpError {
    return this.deps.challenges.refused({ scheme, error, description });
  }
}
