import cors from 'cors';
import type { Request, Response } from 'express';
import vary from 'vary';

/** Response headers that pages may read beyond the safelist (Fetch, "CORS-safelisted response-header name"). */
const EXPOSED = [
  'Mcp-Session-Id',
  'MCP-Protocol-Version',
  'WWW-Authenticate',
  'DPoP-Nonce',
  'Retry-After',
  'RateLimit',
  'RateLimit-Policy',
  'Allow',
];

/**
 * Request headers that clients of any revision send. `Mcp-Param-…` headers have names chosen by tools and are added as
 * requested.
 */
const KNOWN = [
  'Accept',
  'Authorization',
  'Content-Type',
  'DPoP',
  'Idempotency-Key',
  'Last-Event-ID',
  'MCP-Protocol-Version',
  'Mcp-Method',
  'Mcp-Name',
  'Mcp-Session-Id',
];

/** An `Mcp-Param-…` header that a page requests. */
const PARAM_HEADER = /^mcp-param-[!#$%&'*+\-.^_`|~0-9a-z]+$/i;

/** Seconds for which browsers cache a preflight; Chromium allows at most two hours. */
const MAX_AGE_SECONDS = 600;

/** CORS for the origins that may read responses, and for no others (https://fetch.spec.whatwg.org/#http-cors-protocol). */
export class Cors {
  readonly #handle: ReturnType<typeof cors>;

  /** @param mayRead whether pages of an origin may read responses. */
  constructor(private readonly mayRead: (origin: string) => boolean) {
    this.#handle = cors((request, decide) => {
      const asked = String(request.headers['access-control-request-headers'] ?? '').split(',');
      const paramHeaders = asked.map((name) => name.trim()).filter((name) => PARAM_HEADER.test(name));
      decide(null, {
        origin: (origin, allow) => allow(null, origin !== undefined && mayRead(origin)),
        methods: ['POST', 'GET', 'DELETE'],
        allowedHeaders: [...KNOWN, ...paramHeaders],
        exposedHeaders: EXPOSED,
        maxAge: MAX_AGE_SECONDS,
        preflightContinue: true,
      });
    });
  }

  /**
   * Sets `Vary: Origin`, and the CORS headers for an origin that may read responses. Called before all checks, so that
   * pages can read refusals too.
   *
   * @returns true for a preflight of an allowed origin, which needs no further handling.
   */
  apply(request: Request, response: Response): boolean {
    const { origin } = request.headers;
    if (origin === undefined) return false;
    vary(response, 'Origin');
    let handled = false;
    this.#handle(request, response, () => {
      handled = true;
    });
    const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
    return handled && isPreflight && this.mayRead(origin);
  }
}
