import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import parseurl from 'parseurl';

/**
 * The path by which Express finds routes and middleware: it is read by the same function. A guard that was mounted at a path
 * sees what a router at that path serves only if both read the same path, and there is more than one way to read
 * `http://a:b:c/mcp`.
 *
 * @returns undefined where it cannot be read. Express finds nothing for those.
 */
export function pathOf(request: IncomingMessage): string | undefined {
  try {
    return parseurl(request)?.pathname ?? undefined;
  } catch {
    return undefined;
  }
}

/** True for all but the absolute form, which names a host (RFC 9112, section 3.2.2). */
export function isRelative(target: string): boolean {
  return target.startsWith('/') || target === '*';
}

const ABSOLUTE_FORM = /^[a-z][a-z0-9+.-]*:\/\/([^/?#\\]*)([^?#]*)/i;

/** What the absolute form says by the letter: an authority that may be none, and the path after it. */
export function absoluteForm(target: string): { readonly authority: string; readonly path: string } {
  const [, authority = '', path = ''] = ABSOLUTE_FORM.exec(target) ?? [];
  return { authority, path };
}

/** Only schemes that are served over HTTP, and no user (RFC 9110, section 4.2.4): what is left is the authority. */
export function httpAuthority(target: string): string | undefined {
  return /^https?:\/\//i.test(target) ? absoluteForm(target).authority : undefined;
}

const NAME_AND_PORT = /^(?:\[([0-9a-f:.]+)\]|((?:[a-z0-9_-]+\.)*[a-z0-9_-]+\.?))(?::([0-9]{1,5}))?$/i;

const MAX_PORT = 65_535;

/**
 * The host of an authority without its port, in lower case, a name without the dot that makes it absolute, and IPv6 in
 * brackets and its shortest form; `undefined` when it is none.
 */
export function hostOf(authority: string): string | undefined {
  const [whole, address, name, port] = NAME_AND_PORT.exec(authority) ?? [];
  if (whole === undefined || Number(port ?? 0) > MAX_PORT) return undefined;
  if (address === undefined) return name?.toLowerCase().replace(/\.$/, '');
  return isIPv6(address) ? new URL(`http://[${address}]`).hostname : undefined;
}
