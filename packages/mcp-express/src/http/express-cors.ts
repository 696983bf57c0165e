import cors from 'cors';
import type { Request, Response } from 'express';
import vary from 'vary';

/** What pages may read of an answer, beside what they always may (Fetch, "CORS-safelisted response-header name"). */
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
 * What every client of either era sends. A page asks for what it needs, and gets that: the headers that repeat arguments
 * have names of the tool's own.
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

/** The `Mcp-Param-…` headers among those a page asks for. */
const MIRRORED = /^mcp-param-[!#$%&'*+\-.^_`|~0-9a-z]+$/i;

/** Browsers ask again after this many seconds; Chromium takes no more than two hours. */
const MAX_AGE_SECONDS = 600;

/** CORS for the origins that may read answers, and for no others (https://fetch.spec.whatwg.org/#http-cors-protocol). */
export class Cors {
  readonly #handle: ReturnType<typeof cors>;

  constructor(private readonly mayRead: (origin: string) => boolean) {
    this.#handle = cors((request, decide) => {
      const asked = String(request.headers['access-control-request-headers'] ?? '').split(',');
      const mirrored = asked.map((name) => name.trim()).filter((name) => MIRRORED.test(name));
      decide(null, {
        origin: (origin, allow) => allow(null, origin !== undefined && mayRead(origin)),
        methods: ['POST', 'GET', 'DELETE'],
        allowedHeaders: [...KNOWN, ...mirrored],
        exposedHeaders: EXPOSED,
        maxAge: MAX_AGE_SECONDS,
        preflightContinue: true,
      });
    });
  }

  /**
   * Marks the answer as one that depends on the origin, and for an origin that may read it as such. Before anything else is
   * looked at, so that refusals can be read too.
   *
   * @returns true for a preflight of such an origin: there is nothing more to look at.
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
