import { isIPv4, isIPv6 } from 'node:net';

/** An IPv4 address, or an IPv6 address in brackets, each with an optional port (RFC 3986, section 3.2.2). */
const WITH_PORT = /^(?:(\d+\.\d+\.\d+\.\d+)|\[([^\]]*)\])(?::\d*)?$/;

const MAPPED = '::ffff:';

/** The prefix under which IPv6-only networks reach IPv4 hosts (RFC 6052, section 2.1). */
const NAT64 = '64:ff9b::';

/** Hexadecimal digits of a /56, the usual prefix of one customer (RFC 6177 recommends /48 to /56). */
const NETWORK_DIGITS = 56 / 4;

/** Most characters of a text that is not an IP address. */
const MAX_OTHER = 64;

/**
 * The canonical form of an address from a proxy header or a socket: without port, brackets, zone and quotes;
 * IPv4-mapped and NAT64 addresses as IPv4. Other texts are returned trimmed and unquoted.
 */
export function canonicalAddress(text: string): string {
  if (isIPv4(text)) return text;
  const bare = text.trim().replace(/^"(.*)"$/, '$1');
  const [, v4, bracketed] = WITH_PORT.exec(bare) ?? [];
  const address = v4 ?? (bracketed ?? bare).replace(/%.*$/, '');
  if (!isIPv6(address)) return isIPv4(address) ? address : bare;
  // The URL parser writes IPv6 addresses in the canonical form of RFC 5952.
  const plain = new URL(`http://[${address}]`).hostname.slice(1, -1);
  return embeddedIPv4(plain) ?? plain;
}

/**
 * The network of an address: the IPv4 address itself, or the /56 of an IPv6 address, because every customer has at
 * least that many addresses. All limits per address use it.
 */
export function networkOf(address: string | undefined): string {
  if (address === undefined) return '';
  if (isIPv4(address)) return address;
  const plain = canonicalAddress(address);
  if (!isIPv6(plain)) return plain.slice(0, MAX_OTHER).toLowerCase();
  const digits = groupsOf(plain).map((group) => group.padStart(4, '0'));
  return `${digits.join('').slice(0, NETWORK_DIGITS)}/56`;
}

/** @param plain canonical form (RFC 5952), all groups in hexadecimal */
function embeddedIPv4(plain: string): string | undefined {
  const prefix = [MAPPED, NAT64].find((each) => plain.startsWith(each));
  if (prefix === undefined) return undefined;
  const rest = plain.slice(prefix.length).split(':');
  if (rest.length > 2) return undefined;
  const [high, low] = (rest.length === 2 ? rest : ['0', ...rest]).map((group) => Number.parseInt(group || '0', 16));
  return [high, low].flatMap((group = 0) => [group >> 8, group & 0xff]).join('.');
}

function groupsOf(plain: string): string[] {
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  if (tail === undefined) return before;
  const after = tail === '' ? [] : tail.split(':');
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
}

/**
 * The account for limits on memory and calls: the owner, or the network of an anonymous caller, because all anonymous
 * callers share one owner. It grants no access.
 */
export function holderOf(owner: string, address: string | undefined): string {
  return owner === '' ? `address ${networkOf(address)}` : owner;
}
