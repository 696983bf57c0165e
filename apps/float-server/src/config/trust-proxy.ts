import { isIP } from 'node:net';
import { type Environment, invalidValue, text } from './values.js';

/** Express's `trust proxy` setting: the number of proxies, or their addresses. */
export type TrustProxy = number | string[];

const MAX_PROXIES = 10;
const NAMED_RANGES = ['loopback', 'linklocal', 'uniquelocal'];

/**
 * Reads `TRUST_PROXY`. Trusting all addresses is not possible: callers could choose the address they are limited by.
 *
 * @throws ConfigError
 */
export function trustProxyOf(env: Environment): TrustProxy | undefined {
  const given = text(env, 'TRUST_PROXY');
  if (given === undefined) return undefined;
  if (/^\d+$/.test(given) && Number(given) >= 1 && Number(given) <= MAX_PROXIES) return Number(given);
  const proxies = given.split(/\s*,\s*/);
  if (proxies.every(isRange)) return proxies;
  const allowed = `the number of proxies in front (1 to ${MAX_PROXIES}), or their addresses such as "10.0.0.0/8, loopback"`;
  throw invalidValue('TRUST_PROXY', given, allowed);
}

/** Whether a text is a named range, an address, or an address with a valid prefix length. */
function isRange(one: string): boolean {
  if (NAMED_RANGES.includes(one)) return true;
  const [, address = '', length] = /^([\d.:a-f]+)(?:\/(\d{1,3}))?$/i.exec(one) ?? [];
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  return bits > 0 && (length === undefined || (Number(length) >= 1 && Number(length) <= bits));
}
