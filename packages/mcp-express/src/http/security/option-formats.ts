import { isIPv6 } from 'node:net';
import { hostOf } from '../request-target.js';

/** The formats of hosts, origins and paths in options, so that a request can match them. */

/**
 * An issue with an entry: how to write it correctly, or an empty text if unknown. `undefined` if the entry is valid.
 */
type Issue = string | undefined;

/** Checks an entry of `allowedHosts`. */
export function hostIssue(entry: unknown): Issue {
  if (typeof entry !== 'string') return '';
  if (entry === '*') return undefined;
  const name = entry.startsWith('*.') ? entry.slice(2) : entry;
  if (isBareHost(name) && !(name !== entry && name.startsWith('['))) return undefined;
  if (entry.startsWith('.') && isBareHost(entry.slice(1))) return write(`*${entry}`);
  if (entry.includes('*')) return 'a "*" must stand alone or at the start, as in "*.example.com"';
  if (isIPv6(entry)) return write(`[${entry}]`);
  const host = urlOf(hasScheme(entry) ? entry : `http://${entry}`)?.hostname ?? '';
  return isBareHost(host) ? write(host) : '';
}

function isBareHost(name: string): boolean {
  return hostOf(name) !== undefined && (name.startsWith('[') ? name.endsWith(']') : !name.includes(':'));
}

/** Checks an entry of `allowedOrigins`: it must be as browsers send it (Fetch, "serializing a request origin"). */
export function originIssue(entry: unknown): Issue {
  if (typeof entry !== 'string') return '';
  if (entry.includes('*')) {
    return (
      'wildcards are not supported here: list each origin; pages of the hosts in "allowedHosts", such as "localhost" or ' +
      '"*.example.com", are allowed at every port without being listed'
    );
  }
  if (!hasScheme(entry)) {
    const origin = urlOf(`${/^(localhost|127\.|\[::1\])/i.test(entry) ? 'http' : 'https'}://${entry}`)?.origin;
    return entry === '' || entry === 'null' || origin === undefined ? '' : write(origin);
  }
  const url = urlOf(entry);
  switch (url?.protocol) {
    case 'http:':
    case 'https:':
      return url.origin === entry.toLowerCase() ? undefined : write(url.origin);
    case 'ws:':
    case 'wss:':
      return write(url.origin.replace('ws', 'http'));
    case undefined:
    case 'ftp:':
    case 'file:':
      return '';
    default:
      // The origin of a browser extension or of an app in a web view, which browsers send unchanged.
      return /^[^:]+:\/\/[^/?#\s\\]+$/.test(entry) ? undefined : '';
  }
}

/** A path that requests can contain literally (RFC 3986, section 3.3), without the characters of route patterns. */
const LITERAL = /^\/(?:[\w.~!$&'+,;=:@/-]|%[0-9a-f]{2})*$/i;

/** A route parameter, or a typical end of a regular expression. */
const PATTERN = /:\w|\.\+|\$$/;

/** Checks the option `path`. */
export function pathIssue(path: unknown): Issue {
  if (typeof path !== 'string' || !path.startsWith('/')) return '';
  if (/[*()[\]{}|^\\]/.test(path) || PATTERN.test(path)) {
    return 'patterns are not supported; to serve "/:tenant/mcp", mount the router: app.use("/:tenant", mcpRouter(mcp))';
  }
  if (/[?#]/.test(path)) return '';
  const plain = path.replace(/\/{2,}/g, '/');
  const normal = urlOf(`http://host${plain}`)?.pathname;
  if (normal === undefined) return '';
  return normal === path && LITERAL.test(path) ? undefined : write(normal);
}

function hasScheme(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
}

function urlOf(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function write(form: string): string {
  return `write ${JSON.stringify(form)}`;
}
