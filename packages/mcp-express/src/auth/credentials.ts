import { isObject } from '../protocol/json-rpc.js';
import type { Request } from './authentication.js';
import type { Scheme } from './challenge.js';

/** What a request brought to say who sends it. */
export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly scheme: Scheme; readonly token: string }
  /** Sent in a way that is forbidden: `invalid_request`. Or not a token at all: `invalid_token`. */
  | {
      readonly kind: 'faulty';
      readonly scheme: Scheme;
      readonly error: 'invalid_request' | 'invalid_token';
      readonly why: string;
    };

const AUTHORIZATION = /^(bearer|dpop)(?: +(.*))?$/is;

/** RFC 6750, section 2.1 (b64token). */
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/**
 * The credentials of a request. A token is taken from the `Authorization` header alone (MCP, "Access Token Usage"): in a
 * query it would stand in logs, and in a body it would come too late.
 */
export function credentialsOf(request: Request, maxTokenLength: number): Credentials {
  const [, name, rest = ''] = AUTHORIZATION.exec(request.headers.authorization ?? '') ?? [];
  const scheme = name?.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer';
  const faulty = (error: 'invalid_request' | 'invalid_token', why: string): Credentials => {
    return { kind: 'faulty', scheme, error, why };
  };
  if (copiesOf(request, 'authorization') > 1) {
    return faulty('invalid_request', 'The request has several Authorization headers');
  }
  if (hasTokenElsewhere(request)) {
    return faulty('invalid_request', 'An access token is taken from the Authorization header only');
  }
  // An unsupported scheme is no credentials of ours, and gets no error code (RFC 6750, section 3.1).
  if (name === undefined) return { kind: 'none' };
  const token = rest.trim();
  if (token.length > maxTokenLength) return faulty('invalid_token', 'The access token is too long');
  if (!TOKEN.test(token)) return faulty('invalid_token', 'The access token is malformed');
  return { kind: 'token', scheme, token };
}

/** How often a header was sent. Node itself keeps one of several `Authorization` headers and drops the others. */
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
