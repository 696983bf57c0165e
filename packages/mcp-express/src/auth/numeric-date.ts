import { McpError } from '../protocol/errors.js';
import type { Claims } from './subject.js';

/** Seconds that the clocks of an issuer and of this server may differ, where no option says otherwise. */
export const CLOCK_TOLERANCE = 5;

/**
 * Seconds since 1970 from 1e12 on are the year 33658, and milliseconds from there to 1e13 are the years 2001 to 2286. What
 * is larger is how some servers write that a token does not expire.
 */
const MILLISECONDS = { from: 1e12, below: 1e13 };

const DECIMAL = /^\s*\d+(\.\d+)?\s*$/;

/**
 * Seconds since 1970 in a NumericDate (RFC 7519, section 2). Numbers written as text, and milliseconds, are read as what
 * they mean: some authorization servers answer introspection with them.
 *
 * @returns `undefined` when the value is no such number.
 */
export function secondsIn(value: unknown): number | undefined {
  const number = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
  return number >= MILLISECONDS.from && number < MILLISECONDS.below ? number / 1000 : number;
}

/**
 * Seconds since 1970 in a claim of a token.
 *
 * @returns `undefined` when the claim is absent or null.
 * @throws McpError `unauthorized` when it is anything but a number: a token whose end cannot be read must not last for ever.
 */
export function secondsOf(claims: Claims, name: 'exp' | 'nbf' | 'iat'): number | undefined {
  const value = claims[name];
  if (value === undefined || value === null) return undefined;
  const seconds = secondsIn(value);
  if (seconds === undefined) throw new McpError('unauthorized', `The ${name} of the access token is not a number`);
  return seconds;
}

export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Seconds. */
  readonly clockTolerance: number;
}

/** @throws McpError `unauthorized` when a token has expired, is not valid yet, or has a time that is not a number. */
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
