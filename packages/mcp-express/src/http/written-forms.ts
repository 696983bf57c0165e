import { isIPv6 } from 'node:net';
import { hostOf } from './request-target.js';

/** How hosts, origins and paths are written in options so that a request can match them. */

/** What is wrong with an entry: how to write it, or an empty text where that is not known. `undefined` when it is right. */
type Fault = string | undefined;

/** An entry of `allowedHosts`. */
export function hostFault(entry: unknown): Fault {
  if (typeof entry !== 'string') return '';
  if (entry === '*') return undefined;
  const name = entry.startsWith('*.') ? entry.slice(2) : entry;
  if (isBareHost(name) && !(name !== entry && name.startsWith('['))) return undefined;
  if (entry.startsWith('.') && isBareHost(entry.slice(1))) return write(`*${entry}`);
  if (entry.includes('*')) return 'a "*" stands alone, or for what is before the first dot, as in "*.example.com"';
  if (isIPv6(entry)) return write(`[${entry}]`);
  const host = urlOf(hasScheme(entry) ? entry : `http://${entry}`)?.hostname ?? '';
  return isBareHost(host) ? write(host) : '';
}

function isBareHost(name: string): boolean {
  return hostOf(name) !== undefined && (name.startsWith('[') ? name.endsWith(']') : !name.includes(':'));
}

/** An entry of `allowedOrigins`: what browsers send (Fetch, "serializing a request origin"). */
export function originFault(entry: unknown): Fault {
  if (typeof entry !== 'string') return '';
  if (entry.includes('*')) {
    return (
      'a "*" stands for nothing here: name each origin; pages of the hosts in "allowedHosts", such as "localhost" or ' +
      '"*.example.com", are allowed at every port without being named'
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
      // Of an extension or an app in a web view, which browsers send as they are.
      return /^[^:]+:\/\/[^/?#\s\\]+$/.test(entry) ? undefined : '';
  }
}

/** What can be in the path of a request as it is (RFC 3986, section 3.3), but for what routes are written with. */
const LITERAL = /^\/(?:[\w.~!$&'+,;=:@/-]|%[0-9a-f]{2})*$/i;

/** A parameter, or what is common at the end of a regular expression. */
const PATTERN = /:\w|\.\+|\$$/;

/** The option `path`. */
export function pathFault(path: unknown): Fault {
  if (typeof path !== 'string' || !path.startsWith('/')) return '';
  if (/[*()[\]{}|^\\]/.test(path) || PATTERN.test(path)) {
    return 'it is no pattern; to serve "/:tenant/mcp", mount the router: app.use("/:tenant", mcpRouter(mcp))';
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
