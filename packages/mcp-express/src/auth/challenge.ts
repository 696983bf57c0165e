import { McpError } from '../protocol/errors.js';
import { unionOf } from './scopes.js';

/** The authentication schemes of access tokens. */
export type Scheme = 'Bearer' | 'DPoP';

/** The reason why credentials are refused, with the error codes of RFC 6750, section 3.1, and RFC 9449, section 7.1. */
export interface CredentialsError {
  readonly scheme: Scheme;
  readonly error: 'invalid_request' | 'invalid_token' | 'invalid_dpop_proof' | 'use_dpop_nonce';
  readonly description: string;
  /** The token is bound to a DPoP key but was sent without a proof. */
  readonly needsDpop?: boolean;
  /** The nonce for the next proof. */
  readonly nonce?: string;
}

/** Settings of an endpoint that its challenges contain. */
export interface ChallengeOptions {
  readonly realm: string | undefined;
  /** Scopes that every request needs. */
  readonly scopes: readonly string[];
  /** URL of the protected-resource metadata. */
  readonly metadataUrl: string | undefined;
  /** Whether challenges mention DPoP: only in response to DPoP credentials, always beside Bearer, or instead of Bearer. */
  readonly dpop: 'unadvertised' | 'offered' | 'required';
  readonly dpopAlgorithms: readonly string[];
}

/** Builds the refusals of an endpoint, each with the `WWW-Authenticate` so that clients know how to proceed. */
export class Challenges {
  constructor(private readonly options: ChallengeOptions) {}

  /** The refusal of a request without credentials. It has no `error` attribute (RFC 6750, section 3). */
  missing(): McpError {
    const { scopes, dpop } = this.options;
    const headers = this.#headers(dpop === 'required' ? 'DPoP' : 'Bearer', { scope: scopes.join(' ') });
    return new McpError('unauthorized', 'Authentication is required', { headers });
  }

  /** The refusal of invalid credentials, with the reason as `error` and `error_description`. */
  refused(refusal: CredentialsError): McpError {
    const { error, description } = refusal;
    const headers = this.#headers(
      refusal.scheme,
      { error, description, scope: this.options.scopes.join(' ') },
      refusal,
    );
    const code = error === 'invalid_request' ? 'invalid-request' : 'unauthorized';
    return new McpError(code, description, { headers, data: { error } });
  }

  /**
   * The refusal of a call that needs more scopes (RFC 6750, section 3.1).
   *
   * @param granted the scopes of the caller, which the challenge asks for again.
   * @param needed the scopes of the call.
   */
  insufficientScope(granted: readonly string[], needed: readonly string[], scheme: Scheme = 'Bearer'): McpError {
    const error = 'insufficient_scope';
    const scope = unionOf(granted, this.options.scopes, needed).join(' ');
    const requiredScopes = unionOf(this.options.scopes, needed);
    const description = `Needed: ${requiredScopes.join(' ')}`;
    const headers = this.#headers(scheme, { error, description, scope });
    return new McpError('insufficient-scope', 'The access token lacks a scope', {
      headers,
      data: { error, requiredScopes },
    });
  }

  #headers(
    used: Scheme,
    { error, description, scope }: { error?: string; description?: string; scope: string },
    { needsDpop = false, nonce }: Pick<CredentialsError, 'needsDpop' | 'nonce'> = {},
  ): Record<string, string> {
    const { realm, metadataUrl, dpop, dpopAlgorithms } = this.options;
    const scheme = dpop === 'required' ? 'DPoP' : used;
    const algs = dpopAlgorithms.join(' ');
    const first = challengeText(scheme, {
      realm,
      error,
      error_description: description,
      scope,
      resource_metadata: metadataUrl,
      algs: scheme === 'DPoP' ? algs : undefined,
    });
    const second =
      scheme === 'Bearer' && (needsDpop || dpop === 'offered') ? challengeText('DPoP', { algs }) : undefined;
    return {
      'WWW-Authenticate': second === undefined ? first : `${first}, ${second}`,
      ...(nonce === undefined ? {} : { 'DPoP-Nonce': nonce }),
    };
  }
}

/** The text of a challenge (RFC 9110, section 11.6.1). Attributes without a value are omitted. */
export function challengeText(scheme: string, attributes: Readonly<Record<string, string | undefined>>): string {
  const parts = Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${quoted(value as string)}`);
  return parts.length === 0 ? scheme : `${scheme} ${parts.join(', ')}`;
}

/**
 * A quoted-string (RFC 9110, section 5.6.4). Characters other than visible ASCII and spaces, which Node rejects in headers
 * or which could end the string, become question marks.
 */
function quoted(value: string): string {
  return `"${value.replaceAll(/[^\x20-\x7e]/g, '?').replaceAll(/["\\]/g, '\\$&')}"`;
}
