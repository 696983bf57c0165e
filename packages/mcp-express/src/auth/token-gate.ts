import BearerStrategy from 'passport-http-bearer';
import { McpError } from '../protocol/errors.js';
import type { Request } from './authentication.js';
import type { Challenges, Fault, Scheme } from './challenge.js';
import { credentialsOf } from './credentials.js';
import { proofFault } from './dpop.js';
import type { Dpop } from './dpop-options.js';
import type { Endpoint } from './endpoint-options.js';
import { PassportRunner } from './passport-runner.js';
import { ownerKey, type Principal } from './principal.js';
import { missingFrom, withImplied } from './scopes.js';
import type { TokenTarget, VerifiedToken } from './verifier.js';
import { principalOf, type Verifier, verifiedToken } from './verify.js';

export interface GateParts {
  readonly verifier: Verifier;
  readonly endpoint: Endpoint;
  readonly dpop: Dpop;
  readonly challenges: Challenges;
  readonly maxTokenLength: number;
  readonly now: () => number;
}

interface Sent {
  readonly scheme: Scheme;
  readonly token: string;
}

/** All that Passport's strategy gets to see: it would take a token from a query or a body too. */
interface TokenRequest {
  readonly headers: { readonly authorization: string };
  readonly request: Request;
}

/** Lets a request in by its token: verified, proven where it is bound, with the scopes every request needs. */
export class TokenGate {
  readonly #runner: PassportRunner;
  readonly #target: TokenTarget;

  constructor(private readonly parts: GateParts) {
    this.#target = Object.freeze({ audiences: parts.endpoint.resource?.audiences ?? [] });
    const strategy = new BearerStrategy<TokenRequest>({ passReqToCallback: true }, ({ request }, token, done) => {
      const { verifier, now } = this.parts;
      verifiedToken(verifier, { token, request, target: this.#target, now: now() }).then(
        (verified) => done(null, verified ?? false),
        (reason) => done(reason),
      );
    });
    this.#runner = new PassportRunner(strategy);
  }

  async authenticate(request: Request): Promise<Principal> {
    const sent = this.#sent(request);
    const verified = await this.#verified(request, sent);
    await this.#assertProven(request, sent, verified);
    return this.#principal(sent, verified);
  }

  /** The proof was seen when the request came, and cannot be used again. */
  async recheck(request: Request): Promise<Principal> {
    const sent = this.#sent(request);
    return this.#principal(sent, await this.#verified(request, sent));
  }

  #sent(request: Request): Sent {
    const { challenges, maxTokenLength } = this.parts;
    const credentials = credentialsOf(request, maxTokenLength);
    switch (credentials.kind) {
      case 'none':
        throw challenges.missing();
      case 'faulty':
        throw challenges.refused({ ...credentials, description: credentials.why });
      case 'token':
        return credentials;
    }
  }

  async #verified(request: Request, { scheme, token }: Sent): Promise<VerifiedToken> {
    try {
      const outcome = await this.#runner.run({ headers: { authorization: `Bearer ${token}` }, request });
      // `verifiedToken` is all that the strategy calls a user.
      if (outcome.kind === 'user') return outcome.user as VerifiedToken;
    } catch (thrown) {
      throw this.#challenged(McpError.from(thrown), scheme);
    }
    throw this.#refused(scheme, 'invalid_token', 'The access token is not valid');
  }

  /** A verifier knows why, and the endpoint knows what a client should do about it. */
  #challenged(error: McpError, scheme: Scheme): McpError {
    if (error.code === 'unauthorized') return this.#refused(scheme, 'invalid_token', error.message);
    return error.code === 'insufficient-scope' ? this.parts.challenges.insufficientScope([], [], scheme) : error;
  }

  async #assertProven(request: Request, { scheme, token }: Sent, verified: VerifiedToken): Promise<void> {
    const { confirmation } = verified;
    const { dpop, challenges } = this.parts;
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
      throw challenges.refused({ scheme, error: 'invalid_token', description, wantsDpop: true });
    }
    const fault = await proofFault(request, { token, jkt, owner: ownerKey(verified) }, dpop);
    if (fault !== undefined) throw challenges.refused({ scheme, ...fault });
  }

  #principal({ scheme, token }: Sent, verified: VerifiedToken): Principal {
    const { endpoint, challenges } = this.parts;
    const scopes = verified.scopes === undefined ? undefined : withImplied(verified.scopes, endpoint.impliedScopes);
    if (missingFrom(scopes ?? [], endpoint.scopes)) throw challenges.insufficientScope(scopes ?? [], [], scheme);
    return principalOf(verified, token, scopes);
  }

  #refused(scheme: Scheme, error: Fault['error'], description: string): McpError {
    return this.parts.challenges.refused({ scheme, error, description });
  }
}
