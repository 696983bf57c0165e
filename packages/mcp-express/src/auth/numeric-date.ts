import { McpError } from '../protocol/errors.js';
import type { Claims } from './subject.js';

/** Default difference, in seconds, between the clocks of an issuer and of this server. */
export const CLOCK_TOLERANCE = 5;

/**
 * In seconds, 1e12 is the year 33658; in milliseconds, 1e12 to 1e13 are the years 2001 to 2286. Some servers use larger
 * numbers for tokens that do not expire.
 */
const MILLISECONDS = { from: 1e12, below: 1e13 };

const DECIMAL = /^\s*\d+(\.\d+)?\s*$/;

/**
 * Reads a NumericDate (RFC 7519, section 2) as seconds since 1970. Decimal strings and milliseconds are accepted, because
 * some authorization servers send them in introspection responses.
 *
 * @returns `undefined` if the value is no such number.
 */
export function secondsIn(value: unknown): number | undefined {
  const number = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
  return number >= MILLISECONDS.from && number < MILLISECONDS.below ? number / 1000 : number;
}

/**
 * Reads a time claim of a token as seconds since 1970.
 *
 * @returns `undefined` if the claim is absent or null.
 * @throws McpError `unauthorized` if it is no number: a token with an unreadable expiry must not be valid forever.
 */
export function secondsOf(claims: Claims, name: 'exp' | 'nbf' | 'iat'): number | undefined {
  const value = claims[name];
  if (value === undefined || value === null) return undefined;
  const seconds = secondsIn(value);
  if (seconds === undefined) throw new McpError('unauthorized', `The ${name} of the access token is not a number`);
  return seconds;
}

/** The current time and the tolerated difference of clocks. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Seconds. */
  readonly clockTolerance: number;
}

/** @throws McpError `unauthorized` if a token has expired, is not valid yet, or has a time that is not a number. */
export function assertCurrent(claims: Claims, { now, clockTolerance }: Clock): void {
  const [exp, nbf] = [secondsOf(claims, 'exp'), secondsOf(claims, 'nbf')];
  secondsOf(claims, 'iat');
  if (exp !== undefined && (exp + clockTolerance) * 1000 <= now) {
    throw new McpError('unauthorized', 'The access token expired');
  }
  if (nbf !== undefined && (nbf - clockTolerance) * 1000 > now) {
    throw new McpError('unauthorized', 'The access token is not valid yet');
  }
}
