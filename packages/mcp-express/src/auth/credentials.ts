import { isObject } from '../protocol/json-rpc.js';
import type { Request } from './authentication.js';
import type { Scheme } from './challenge.js';

/** The credentials of a request. */
export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly scheme: Scheme; readonly token: string }
  /** Sent in a forbidden way (`invalid_request`), or malformed (`invalid_token`). */
  | {
      readonly kind: 'invalid';
      readonly scheme: Scheme;
      readonly error: 'invalid_request' | 'invalid_token';
      readonly reason: string;
    };

const AUTHORIZATION = /^(bearer|dpop)(?: +(.*))?$/is;

/** RFC 6750, section 2.1 (b64token). */
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/**
 * Reads the credentials of a request. Only the `Authorization` header is used (MCP, "Access Token Usage"): a token in a
 * query would appear in logs, and one in a body would arrive too late.
 *
 * @param maxTokenLength the longest accepted token, in characters.
 */
export function credentialsOf(request: Request, maxTokenLength: number): Credentials {
  const [, name, rest = ''] = AUTHORIZATION.exec(request.headers.authorization ?? '') ?? [];
  const scheme = name?.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer';
  const invalid = (error: 'invalid_request' | 'invalid_token', reason: string): Credentials => {
    return { kind: 'invalid', scheme, error, reason };
  };
  if (copiesOf(request, 'authorization') > 1) {
    return invalid('invalid_request', 'The request has several Authorization headers');
  }
  if (hasTokenElsewhere(request)) {
    return invalid('invalid_request', 'An access token is taken from the Authorization header only');
  }
  // Another scheme counts as no credentials, and gets no error code (RFC 6750, section 3.1).
  if (name === undefined) return { kind: 'none' };
  const token = rest.trim();
  if (token.length > maxTokenLength) return invalid('invalid_token', 'The access token is too long');
  if (!TOKEN.test(token)) return invalid('invalid_token', 'The access token is malformed');
  return { kind: 'token', scheme, token };
}

/** The number of header lines with a name. Node itself keeps one of several `Authorization` headers and drops the others. */
export function copiesOf({ rawHeaders }: Request, name: string): number {
  return rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === name).length;
}

const IN_FORM = 'access_token';

function hasTokenElsewhere(request: Request): boolean {
  const body: unknown = request.body;
  if (isObject(body) && Object.hasOwn(body, IN_FORM)) return true;
  const query = request.url.indexOf('?');
  return query !== -1 && new URLSearchParams(request.url.slice(query)).has(IN_FORM);
}
