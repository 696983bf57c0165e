import type { IncomingHttpHeaders } from 'node:http';
import { McpError } from '../protocol/errors.js';
import { hostOf, httpAuthority, isRelative } from './request-target.js';

export interface HostGuardOptions {
  /** Host names, `*.example.com` for all subdomains, `*` for any. Ports are ignored. */
  readonly allowedHosts: readonly string[];
  /** Origins such as `https://app.example.com`. */
  readonly allowedOrigins: readonly string[];
}

/** What is looked at of a request. */
export interface Guarded {
  /** The request target as it was sent. */
  readonly target: string;
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** How often a header was sent. */
  copiesOf(name: string): number;
}

/** The names of this machine to itself: what a server on a developer's machine is called by. */
export const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Distinct good `Host` headers whose check is remembered. */
const MAX_KNOWN = 64;

/**
 * Against DNS rebinding: a page of any site can make its own name lead to this machine, but then its requests carry that
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
   * @throws McpError `host-not-allowed`, `origin-not-allowed` or `cross-site`, naming the option that would allow it;
   *   `target-not-allowed` for a request target that names no host, or another one.
   */
  check(request: Guarded): void {
    const { headers, target } = request;
    if (!isRelative(target)) this.#checkTarget(target);
    const { origin } = headers;
    // HTTP/2 has a pseudo-header for it (RFC 9113, section 8.3.1).
    const host = headers.host ?? text(headers[':authority']);
    if (!this.#anyHost && (host === undefined || !this.#isKnown(host))) {
      throw refuse('host-not-allowed', 'Host', host, 'allowedHosts');
    }
    // Node shows the first of several; whoever passed the request on may have looked at another.
    if (request.copiesOf('host') > 1) throw refuse('host-not-allowed', 'Host', 'sent more than once', 'allowedHosts');
    if (origin !== undefined) {
      if (!this.#allowsOrigin(origin)) throw refuse('origin-not-allowed', 'Origin', origin, 'allowedOrigins');
    } else if (headers['sec-fetch-site'] === 'cross-site') {
      throw refuse('cross-site', 'Sec-Fetch-Site', 'cross-site', 'allowedOrigins');
    }
  }

  /**
   * The host that a request target names goes before `Host` (RFC 9112, section 3.2.2), so it has to be allowed too. `Host` is
   * looked at nevertheless: it is what proxies and middleware before us have looked at.
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
   * Whether pages of this origin may read answers, which needs CORS: of one that is named, and of one on this machine that is
   * allowed. A page of any other host that is allowed is on the server's own origin, as a rule, and needs none.
   */
  mayRead(origin: string): boolean {
    if (this.#origins.has(origin.toLowerCase())) return true;
    const host = hostOfOrigin(origin);
    return host !== undefined && LOOPBACK.test(host) && this.#allows(host);
  }

  /** An origin is allowed when it is named, or when its host is one this server is called by. */
  #allowsOrigin(origin: string): boolean {
    return this.#origins.has(origin.toLowerCase()) || this.#allows(hostOfOrigin(origin));
  }
}

/** What leads to this machine and nowhere else (RFC 6761, section 6.3; RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.3). */
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
