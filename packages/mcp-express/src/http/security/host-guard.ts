import type { IncomingHttpHeaders } from 'node:http';
import { McpError } from '../../protocol/errors.js';
import { hostOf, httpAuthority, isRelative } from '../request-target.js';

/** The allowlists of a `HostGuard`. */
export interface HostGuardOptions {
  /** Host names, `*.example.com` for all subdomains, `*` for any. Ports are ignored. */
  readonly allowedHosts: readonly string[];
  /** Origins such as `https://app.example.com`. */
  readonly allowedOrigins: readonly string[];
}

/** The part of a request that the guard checks. */
export interface GuardedRequest {
  /** The request target as sent. */
  readonly target: string;
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** The number of header lines with this name. */
  copiesOf(name: string): number;
}

/** The names by which a development machine reaches itself. */
export const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Valid `Host` headers whose result is cached. */
const MAX_KNOWN = 64;

/**
 * Protects against DNS rebinding: any site can make its own name resolve to this machine, but its requests carry that
 * name in `Host` and `Origin` (MCP, transports, "Security Warning").
 */
export class HostGuard {
  readonly #anyHost: boolean;
  readonly #hosts: ReadonlySet<string>;
  readonly #suffixes: readonly string[];
  readonly #origins: ReadonlySet<string>;
  readonly #known = new Set<string>();

  constructor({ allowedHosts, allowedOrigins }: HostGuardOptions) {
    this.#anyHost = allowedHosts.includes('*');
    const suffixes = allowedHosts.filter((host) => host.startsWith('*.'));
    this.#hosts = new Set(allowedHosts.filter((host) => !suffixes.includes(host)).map((host) => hostOf(host) ?? host));
    this.#suffixes = suffixes.map((host) => `.${hostOf(host.slice(2)) ?? host}`);
    this.#origins = new Set(allowedOrigins.map((origin) => origin.toLowerCase()));
  }

  /**
   * Checks `Host`, `Origin`, `Sec-Fetch-Site` and the request target.
   *
   * @throws McpError `host-not-allowed`, `origin-not-allowed` or `cross-site`, which names the option that would allow
   *   the value; `target-not-allowed` if the request target names no host or one that is not allowed.
   */
  check(request: GuardedRequest): void {
    const { headers, target } = request;
    if (!isRelative(target)) this.#checkTarget(target);
    const { origin } = headers;
    // HTTP/2 uses a pseudo-header (RFC 9113, section 8.3.1).
    const host = headers.host ?? text(headers[':authority']);
    if (!this.#anyHost && (host === undefined || !this.#isKnown(host))) {
      throw refuse('host-not-allowed', 'Host', host, 'allowedHosts');
    }
    // Node exposes the first of several; the proxy in front may have checked another one.
    if (request.copiesOf('host') > 1) throw refuse('host-not-allowed', 'Host', 'sent more than once', 'allowedHosts');
    if (origin !== undefined) {
      if (!this.#allowsOrigin(origin)) throw refuse('origin-not-allowed', 'Origin', origin, 'allowedOrigins');
    } else if (headers['sec-fetch-site'] === 'cross-site') {
      throw refuse('cross-site', 'Sec-Fetch-Site', 'cross-site', 'allowedOrigins');
    }
  }

  /**
   * The host of a request target takes precedence over `Host` (RFC 9112, section 3.2.2), so it must be allowed too.
   * `Host` is checked nevertheless, because proxies and earlier middleware have relied on it.
   */
  #checkTarget(target: string): void {
    const host = hostOf(httpAuthority(target) ?? '');
    if (host !== undefined && (this.#anyHost || this.#allows(host))) return;
    throw new McpError('target-not-allowed', `Request target ${shown(target)} names no host that is allowed`, {
      data: { option: 'allowedHosts' },
    });
  }

  #isKnown(host: string): boolean {
    if (this.#known.has(host)) return true;
    if (!this.#allows(hostOf(host))) return false;
    if (this.#known.size < MAX_KNOWN) this.#known.add(host);
    return true;
  }

  #allows(name: string | undefined): boolean {
    if (name === undefined) return false;
    return this.#hosts.has(name) || this.#suffixes.some((suffix) => name.endsWith(suffix));
  }

  /**
   * Whether pages of this origin may read responses, which needs CORS: true for origins in `allowedOrigins`, and for
   * allowed hosts on this machine. A page of any other allowed host normally has the server's own origin and needs no
   * CORS.
   */
  mayRead(origin: string): boolean {
    if (this.#origins.has(origin.toLowerCase())) return true;
    const host = hostOfOrigin(origin);
    return host !== undefined && LOOPBACK.test(host) && this.#allows(host);
  }

  /** An origin is allowed if it is listed, or if its host is an allowed host. */
  #allowsOrigin(origin: string): boolean {
    return this.#origins.has(origin.toLowerCase()) || this.#allows(hostOfOrigin(origin));
  }
}

/**
 * Hosts that always resolve to this machine (RFC 6761, section 6.3; RFC 1122, section 3.2.1.3; RFC 4291, section
 * 2.5.3).
 */
const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

function hostOfOrigin(origin: string): string | undefined {
  const authority = /^https?:\/\/([^/?#@\\]+)$/i.exec(origin)?.[1];
  return authority === undefined ? undefined : hostOf(authority);
}

function text(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function refuse(
  code: 'host-not-allowed' | 'origin-not-allowed' | 'cross-site',
  header: string,
  value: string | undefined,
  option: keyof HostGuardOptions,
): McpError {
  return new McpError(
    code,
    `${header} ${shown(value)} is not allowed. Name it in the option "${option}" of mcpRouter.`,
    {
      data: { option },
    },
  );
}

function shown(value: string | undefined): string {
  return value === undefined ? 'missing' : JSON.stringify(value.slice(0, 100));
}
