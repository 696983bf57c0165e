import { assertKnown, ConfigurationError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';

/**
 * Returns a description of the valid values, or `undefined` if the value is valid. Values are never shown: many are
 * secrets.
 */
export type Check = (value: unknown) => string | undefined;

/** One check for each option. */
export type Checks<Options> = { readonly [Name in keyof Required<Options>]: Check };

/**
 * Checks options.
 *
 * @param what the name of the function that takes the options, for messages.
 * @returns the given options, without those that are `undefined`.
 * @throws ConfigurationError naming the option that is unknown or invalid.
 */
export function checkOptions<Options extends object>(what: string, options: Options, checks: Checks<Options>): Options {
  if (!isObject(options)) throw new ConfigurationError(`${what} takes an object of options`);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  assertKnown(Object.fromEntries(given), Object.keys(checks), what);
  for (const [name, value] of given) {
    const wanted = checks[name as keyof Options](value);
    if (wanted !== undefined) throw new ConfigurationError(`${what} option "${name}" must be ${wanted}`);
  }
  return Object.fromEntries(given) as Options;
}

/** Returns the value of a required option. @throws ConfigurationError if it is missing. */
export function required<T>(what: string, name: string, value: T | undefined): T {
  if (value === undefined) throw new ConfigurationError(`${what} needs the option "${name}"`);
  return value;
}

/** Checks for a function. @param of its parameters, for the message. */
export function aFunction(of: string): Check {
  return (value) => (typeof value === 'function' ? undefined : `a function ${of}`);
}

/** Checks for a whole number within bounds, inclusive. */
export function wholeFrom(least: number, most = Number.MAX_SAFE_INTEGER): Check {
  return (value) => {
    const within = Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
    return within ? undefined : `a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}`;
  };
}

/** Checks for a boolean. */
export const trueOrFalse: Check = (value) => (typeof value === 'boolean' ? undefined : 'true or false');

/** Checks for a non-empty string. */
export const aText: Check = (value) => (typeof value === 'string' && value !== '' ? undefined : 'a text');

/** Checks for an object. */
export const anObject: Check = (value) => (isObject(value) ? undefined : 'an object');

/** Checks for a list. @param wanted description of a valid list, for the message. */
export function listOf(isItem: (value: unknown) => boolean, wanted: string): Check {
  return (value) => (Array.isArray(value) && value.every(isItem) ? undefined : wanted);
}

/** `https://*.example.com`, `/{tenantid}/`, `/:tenant/`: placeholders are not replaced, so such a URL would match nothing. */
const PLACEHOLDER = /[*{}<>]|\/:\w/;

/** A parsed HTTP URL; `undefined` if it has placeholders, a query, a fragment or credentials. */
export function plainUrl(value: unknown): URL | undefined {
  if (typeof value !== 'string' || !URL.canParse(value) || PLACEHOLDER.test(value)) return undefined;
  const url = new URL(value);
  const plain = !/[?#\s]/.test(value) && url.username === '' && url.password === '';
  return plain && (url.protocol === 'https:' || url.protocol === 'http:') ? url : undefined;
}

/** Checks for such a URL. */
export const aPlainUrl: Check = (value) =>
  plainUrl(value) === undefined ? 'an absolute URL without placeholders, query, fragment or credentials' : undefined;

/** Documents about an issuer or a resource (RFC 8414, RFC 9728, OpenID Connect Discovery), which name it within. */
const WELL_KNOWN =
  /^(.*?)\/\.well-known\/(?:openid-configuration|oauth-authorization-server|oauth-protected-resource|jwks(?:\.json)?)(\/.*)?$/;

/** What the address of a well-known document is about: `https://id.example.com/a` of `…/.well-known/openid-configuration/a`. */
export function describedBy(value: unknown): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  const { origin, pathname } = new URL(value);
  const [, before, after = ''] = WELL_KNOWN.exec(pathname) ?? [];
  return before === undefined ? undefined : `${origin}${before}${after}`.replace(/\/$/, '');
}

/** A check for identifiers, in whose place the address of their metadata is often given. */
export function noMetadata(what: string, check: Check): Check {
  return (value) => {
    const meant = describedBy(value);
    return meant === undefined ? check(value) : `${what} itself, not the address of its metadata: ${meant}`;
  };
}

/** The identifier of an issuer: the `iss` of its tokens. */
export const anIssuer: Check = noMetadata('the issuer', aPlainUrl);

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Asserts that tokens and keys travel over TLS (RFC 6750, section 5.3; RFC 8414, section 2) or stay on this machine.
 *
 * @param allowHttp skips the check.
 * @throws ConfigurationError otherwise.
 */
export function assertSecure(url: string, what: string, allowHttp = false): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || allowHttp || LOOPBACK.test(hostname)) return;
  throw new ConfigurationError(`${what} must be an https URL; set "allowHttp" where the network itself is protected`);
}
