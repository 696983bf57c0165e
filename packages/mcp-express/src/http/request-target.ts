import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import parseurl from 'parseurl';

/**
 * The path by which Express finds routes and middleware, from the same function. A guard mounted at a path protects a
 * router at that path only if both parse alike, and parsers disagree on targets such as `http://a:b:c/mcp`.
 *
 * @returns `undefined` if the target cannot be parsed; Express matches no route then.
 */
export function pathOf(request: IncomingMessage): string | undefined {
  try {
    return parseurl(request)?.pathname ?? undefined;
  } catch {
    return undefined;
  }
}

/** True unless the target has the absolute form, which names a host (RFC 9112, section 3.2.2). */
export function isRelative(target: string): boolean {
  return target.startsWith('/') || target === '*';
}

const ABSOLUTE_FORM = /^[a-z][a-z0-9+.-]*:\/\/([^/?#\\]*)([^?#]*)/i;

/** The authority and path of a target in absolute form, unvalidated and unnormalized. */
export function absoluteForm(target: string): { readonly authority: string; readonly path: string } {
  const [, authority = '', path = ''] = ABSOLUTE_FORM.exec(target) ?? [];
  return { authority, path };
}

/**
 * The authority of a target in absolute form whose scheme is `http` or `https`. It may contain user information, which
 * `hostOf` rejects (RFC 9110, section 4.2.4).
 */
export function httpAuthority(target: string): string | undefined {
  return /^https?:\/\//i.test(target) ? absoluteForm(target).authority : undefined;
}

const NAME_AND_PORT = /^(?:\[([0-9a-f:.]+)\]|((?:[a-z0-9_-]+\.)*[a-z0-9_-]+\.?))(?::([0-9]{1,5}))?$/i;

const MAX_PORT = 65_535;

/**
 * The normalized host of an authority: without port, in lower case, without a trailing dot, IPv6 in brackets and in its
 * shortest form. `undefined` if the authority is invalid.
 */
export function hostOf(authority: string): string | undefined {
  const [whole, address, name, port] = NAME_AND_PORT.exec(authority) ?? [];
  if (whole === undefined || Number(port ?? 0) > MAX_PORT) return undefined;
  if (address === undefined) return name?.toLowerCase().replace(/\.$/, '');
  return isIPv6(address) ? new URL(`http://[${address}]`).hostname : undefined;
}
