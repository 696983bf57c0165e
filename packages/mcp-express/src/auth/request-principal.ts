import { McpError } from '../ground/errors.js';
import { isObject } from '../ground/json-rpc.js';
import type { Principal } from './principal.js';
import { scopesOf } from './scopes.js';

/** What authentication middleware leaves on a request. */
interface Authenticated {
  readonly auth?: unknown;
  readonly user?: unknown;
}

/** The names under which Passport strategies and JWT middleware keep the subject, most specific first. */
const SUBJECT_FIELDS = ['sub', 'subject', 'id', '_id', 'username', 'email', 'clientId'] as const;

/**
 * The principal that whatever runs before us left on the request: `req.auth` (the `AuthInfo` of the official SDK, or a
 * JWT's claims) or `req.user` (Passport).
 *
 * @returns `undefined` when nothing was left: the caller is anonymous.
 * @throws McpError `unauthorized` when something was left that names nobody. Taking such a caller for anonymous would
 *   hand them the sessions of everybody else nobody could name.
 */
export function requestPrincipal(request: object): Principal | undefined {
  const { auth, user } = request as Authenticated;
  const left = auth ?? user;
  if (left === undefined || left === null || left === false) return undefined;
  if (typeof left === 'string' && left !== '') return { subject: left };
  const principal = isObject(left) ? fromClaims(left) : undefined;
  if (principal === undefined) throw new McpError('unauthorized', 'The authenticated request names no subject');
  return principal;
}

function fromClaims(claims: Record<string, unknown>): Principal | undefined {
  const extra = isObject(claims['extra']) ? claims['extra'] : undefined;
  // A principal says itself who it is; a token of the official SDK keeps it among what is extra.
  const subject = text(claims['subject']) ?? (namesSubject(extra) ? subjectOf(extra) : subjectOf(claims));
  if (subject === undefined) return undefined;
  const issuer = text(claims['iss']) ?? text(claims['issuer']) ?? text(extra?.['iss']);
  const clientId = text(claims['clientId']) ?? text(claims['client_id']) ?? text(claims['azp']);
  const scopes = scopesOf(claims['scopes'] ?? claims['scope']);
  const expiresAt = claims['expiresAt'] ?? claims['exp'];
  return {
    subject,
    ...(issuer === undefined ? {} : { issuer }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(typeof expiresAt === 'number' ? { expiresAt } : {}),
    extra: withoutToken(claims),
  };
}

function namesSubject(claims: Record<string, unknown> | undefined): boolean {
  return claims !== undefined && SUBJECT_FIELDS.some((field) => claims[field] !== undefined && claims[field] !== null);
}

function subjectOf(claims: Record<string, unknown> | undefined): string | undefined {
  if (claims === undefined) return undefined;
  for (const field of SUBJECT_FIELDS) {
    const value = claims[field];
    // A subject that is there and empty is nobody; what is weaker must not stand in for it.
    if (value === '') return undefined;
    if (typeof value === 'number' || typeof value === 'bigint') return String(value);
    const subject = text(value) ?? objectIdText(value);
    if (subject !== undefined) return subject;
  }
  return undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Database ids such as MongoDB's are objects that know their own text. */
function objectIdText(value: unknown): string | undefined {
  if (!isObject(value) || typeof value['toHexString'] !== 'function') return undefined;
  return String(value);
}

function withoutToken(claims: Record<string, unknown>): Record<string, unknown> {
  const { token: _token, ...rest } = claims;
  return rest;
}
