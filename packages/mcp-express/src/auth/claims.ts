import { McpError } from '../ground/errors.js';
import { isObject } from '../ground/json-rpc.js';
import { scopesOf } from './scopes.js';
import type { VerifiedToken } from './verifier.js';

/**
 * The principal in the claims of a verified token: those of a JWT, or those that introspection answers, which have the
 * same names.
 *
 * @throws McpError `unauthorized` when they name nobody.
 */
export function claimsPrincipal(claims: Readonly<Record<string, unknown>>): VerifiedToken {
  const clientId = text(claims['client_id']) ?? text(claims['azp']);
  // A client that acts for itself is its own subject (RFC 9068, section 2.2).
  const subject = text(claims['sub']) ?? text(claims['client_id']);
  if (subject === undefined) throw new McpError('unauthorized', 'The access token names no subject');
  const issuer = text(claims['iss']);
  const scopes = scopesOf(claims['scope'] ?? claims['scp']);
  const expiresAt = claims['exp'];
  return {
    subject,
    ...(issuer === undefined ? {} : { issuer }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(typeof expiresAt === 'number' ? { expiresAt } : {}),
    ...(claims['cnf'] === undefined ? {} : { confirmation: confirmationOf(claims['cnf']) }),
    extra: claims,
  };
}

/** Whatever is there and is not a key of DPoP makes a confirmation that nobody can give. */
function confirmationOf(cnf: unknown): { readonly jkt?: string } {
  const jkt = isObject(cnf) ? text(cnf['jkt']) : undefined;
  return jkt === undefined ? {} : { jkt };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
