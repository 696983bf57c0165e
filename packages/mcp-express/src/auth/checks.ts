import { assertKnown, ConfigurationError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';

/** Says what a value must be, or nothing when it is that. Values are never shown: many are secrets. */
export type Check = (value: unknown) => string | undefined;

export type Checks<Options> = { readonly [Name in keyof Required<Options>]: Check };

/**
 * @returns the options that are given, without those that are `undefined`.
 * @throws ConfigurationError naming the option that is unknown, missing or wrong.
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

/** @throws ConfigurationError naming the option that is missing. */
export function required<T>(what: string, name: string, value: T | undefined): T {
  if (value === undefined) throw new ConfigurationError(`${what} needs the option "${name}"`);
  return value;
}

export function aFunction(of: string): Check {
  return (value) => (typeof value === 'function' ? undefined : `a function ${of}`);
}

export function wholeFrom(least: number, most = Number.MAX_SAFE_INTEGER): Check {
  return (value) => {
    const within = Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
    return within ? undefined : `a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}`;
  };
}

export const trueOrFalse: Check = (value) => (typeof value === 'boolean' ? undefined : 'true or false');

export const aText: Check = (value) => (typeof value === 'string' && value !== '' ? undefined : 'a text');

export const anObject: Check = (value) => (isObject(value) ? undefined : 'an object');

export function listOf(isItem: (value: unknown) => boolean, wanted: string): Check {
  return (value) => (Array.isArray(value) && value.every(isItem) ? undefined : wanted);
}

/** `https://*.example.com`, `/{tenantid}/`, `/:tenant/`: nothing stands in their place, so that nothing would match. */
const PLACEHOLDER = /[*{}<>]|\/:\w/;

/** A URL that names a place and nothing within it. */
export function plainUrl(value: unknown): URL | undefined {
  if (typeof value !== 'string' || !URL.canParse(value) || PLACEHOLDER.test(value)) return undefined;
  const url = new URL(value);
  const plain = !/[?#\s]/.test(value) && url.username === '' && url.password === '';
  return plain && (url.protocol === 'https:' || url.protocol === 'http:') ? url : undefined;
}

export const aPlainUrl: Check = (value) =>
  plainUrl(value) === undefined ? 'an absolute URL without placeholders, query, fragment or credentials' : undefined;

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Tokens and keys travel over TLS (RFC 6750, section 5.3; RFC 8414, section 2), or do not leave the machine.
 *
 * @throws ConfigurationError when the URL is neither, and `allowHttp` was not said.
 */
export function assertSecure(url: string, what: string, allowHttp = false): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || allowHttp || LOOPBACK.test(hostname)) return;
  throw new ConfigurationError(`${what} must be an https URL; set "allowHttp" where the network itself is protected`);
}
