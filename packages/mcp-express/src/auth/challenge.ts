import { McpError } from '../protocol/errors.js';
import { unionOf } from './scopes.js';

export type Scheme = 'Bearer' | 'DPoP';

/** Why credentials that were sent are refused, in the words of RFC 6750, section 3.1, and RFC 9449, section 7.1. */
export interface Fault {
  readonly scheme: Scheme;
  readonly error: 'invalid_request' | 'invalid_token' | 'invalid_dpop_proof' | 'use_dpop_nonce';
  readonly description: string;
  /** The token asks for DPoP, although it came without. */
  readonly wantsDpop?: boolean;
  /** For the next proof. */
  readonly nonce?: string;
}

export interface ChallengeOptions {
  readonly realm: string | undefined;
  /** Required of every request. */
  readonly scopes: readonly string[];
  /** Where the protected-resource metadata is. */
  readonly metadataUrl: string | undefined;
  /** How DPoP is told of: not unless it is used, beside Bearer, or alone. */
  readonly dpop: 'untold' | 'offered' | 'required';
  readonly dpopAlgorithms: readonly string[];
}

/** Makes the refusals of an endpoint, each with the `WWW-Authenticate` that tells a client what to do about it. */
export class Challenges {
  constructor(private readonly options: ChallengeOptions) {}

  /** Nothing was sent, so nothing was wrong: there is no `error` (RFC 6750, section 3). */
  missing(): McpError {
    const { scopes, dpop } = this.options;
    const headers = this.#headers(dpop === 'required' ? 'DPoP' : 'Bearer', { scope: scopes.join(' ') });
    return new McpError('unauthorized', 'Authentication is required', { headers });
  }

  refused(fault: Fault): McpError {
    const { error, description } = fault;
    const headers = this.#headers(fault.scheme, { error, description, scope: this.options.scopes.join(' ') }, fault);
    const code = error === 'invalid_request' ? 'invalid-request' : 'unauthorized';
    return new McpError(code, description, { headers, data: { error } });
  }

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
    { wantsDpop = false, nonce }: Pick<Fault, 'wantsDpop' | 'nonce'> = {},
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
      scheme === 'Bearer' && (wantsDpop || dpop === 'offered') ? challengeText('DPoP', { algs }) : undefined;
    return {
      'WWW-Authenticate': second === undefined ? first : `${first}, ${second}`,
      ...(nonce === undefined ? {} : { 'DPoP-Nonce': nonce }),
    };
  }
}

/** A challenge (RFC 9110, section 11.6.1). Attributes that have nothing to say are left out. */
export function challengeText(scheme: string, attributes: Readonly<Record<string, string | undefined>>): string {
  const told = Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${quoted(value as string)}`);
  return told.length === 0 ? scheme : `${scheme} ${told.join(', ')}`;
}

/**
 * A quoted-string that ends where it ends (RFC 9110, section 5.6.4), and that Node takes for a header: whatever is not
 * visible ASCII or a space becomes a question mark.
 */
function quoted(value: string): string {
  return `"${value.replaceAll(/[^\x20-\x7e]/g, '?').replaceAll(/["\\]/g, '\\$&')}"`;
}
