import { isIP } from 'node:net';
import { type Environment, text, wrong } from './values.js';

/** Express's `trust proxy`: how many proxies there are, or who they are. */
export type TrustProxy = number | string[];

const MOST_PROXIES = 10;
const NAMED_RANGES = ['loopback', 'linklocal', 'uniquelocal'];

/** Everybody cannot be trusted: callers would choose the address they are counted by. @throws ConfigError */
export function trustProxyOf(env: Environment): TrustProxy | undefined {
  const given = text(env, 'TRUST_PROXY');
  if (given === undefined) return undefined;
  if (/^\d+$/.test(given) && Number(given) >= 1 && Number(given) <= MOST_PROXIES) return Number(given);
  const proxies = given.split(/\s*,\s*/);
  if (proxies.every(isRange)) return proxies;
  const allowed = `the number of proxies in front (1 to ${MOST_PROXIES}), or their addresses such as "10.0.0.0/8, loopback"`;
  throw wrong('TRUST_PROXY', given, allowed);
}

/** A name, an address, or one with the length of the prefix that is theirs. */
function isRange(one: string): boolean {
  if (NAMED_RANGES.includes(one)) return true;
  const [, address = '', length] = /^([\d.:a-f]+)(?:\/(\d{1,3}))?$/i.exec(one) ?? [];
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  return bits > 0 && (length === undefined || (Number(length) >= 1 && Number(length) <= bits));
}
