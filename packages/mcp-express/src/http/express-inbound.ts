import type { Request, Response } from 'express';
import type { Authentication } from '../auth/authentication.js';
import { ANONYMOUS as NOBODY, ownerKey, type Principal } from '../auth/principal.js';
import { idText } from '../auth/subject.js';
import { McpError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import { Charge, type InFlight, UNCOUNTED_BYTES } from '../request/in-flight.js';
import { holderAt, plainAddress } from '../util/address.js';
import { type BodyBounds, readBody, textOf, tooLarge } from './body.js';
import { addressOf } from './express-address.js';
import { addressKey, type RateBudgets } from './express-rate-budgets.js';
import type { Attempt, FailedAuthentication } from './failed-authentication.js';
import type { Inbound, InboundBody } from './inbound.js';
import type { Outbound } from './outbound.js';
import type { Budget } from './rate-limits.js';
import type { Watched } from './token-watch.js';

/** What body parsers leave on a request, beside what Express declares. */
type ParsedRequest = Request & {
  body?: unknown;
  /** Firebase and its like keep the bytes here. */
  rawBody?: unknown;
};

/** What the edge is made of, once for all requests. */
export interface InboundEdge {
  readonly maxBodyBytes: number;
  readonly budgets: RateBudgets;
  readonly inFlight: InFlight;
  readonly principal: (request: Request) => Promise<Principal | undefined> | Principal | undefined;
  /** Verifies credentials itself; absent: whatever ran before has. */
  readonly auth: Authentication | undefined;
}

/** The edge to Express, inwards. */
export class ExpressInbound implements Inbound, BodyBounds {
  #principal: Principal | undefined;
  #onRenewed: ((principal: Principal) => void) | undefined;
  /** What its body and its calls hold; absent for a small one. */
  charge: Charge | undefined;
  /** Taken once: Node makes them when they are first asked for, behind a getter. */
  readonly headers: Inbound['headers'];

  constructor(
    private readonly request: ParsedRequest,
    private readonly response: Response,
    private readonly edge: InboundEdge,
  ) {
    this.headers = request.headers;
  }

  get method(): string {
    return this.request.method;
  }

  /** Before anything that was mounted has changed it. */
  get target(): string {
    const { originalUrl, url } = this.request as { originalUrl?: string; url: string };
    return originalUrl ?? url;
  }

  /** Worked out when it is asked for, since Express looks at every proxy for it. */
  get ip(): string | undefined {
    const ip = addressOf(this.request);
    return ip === undefined ? undefined : plainAddress(ip);
  }

  copiesOf(name: string): number {
    const { rawHeaders } = this.request;
    let copies = 0;
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const own = rawHeaders[i] as string;
      if (own.length === name.length && own.toLowerCase() === name) copies += 1;
    }
    return copies;
  }

  get isGone(): boolean {
    return this.response.destroyed;
  }

  onGone(listener: () => void): void {
    this.response.once('close', listener);
  }

  principal(): Promise<Principal | undefined> | Principal | undefined {
    const { auth, principal } = this.edge;
    if (auth !== undefined) return this.#authenticate(auth);
    const found = principal(this.request) ?? undefined;
    if (found instanceof Promise) return found.then((later) => this.#named(later ?? undefined));
    return this.#named(found);
  }

  /**
   * What the application says of the caller, who is anonymous without.
   *
   * @throws McpError `unauthorized` when it names no subject: all such callers would be one principal.
   */
  #named(found: Principal | undefined): Principal | undefined {
    if (found === undefined || (typeof found.subject === 'string' && found.subject !== '')) {
      this.#principal = found;
      return found;
    }
    const subject = idText(found.subject);
    if (subject === undefined) throw new McpError('unauthorized', 'The principal of the request has no subject');
    this.#principal = { ...found, subject };
    return this.#principal;
  }

  onRenewed(listener: (principal: Principal) => void): void {
    this.#onRenewed = listener;
  }

  /** What a stream that answers this request is open on the strength of. */
  tokenOf({ reader, direct }: Outbound & { kind: 'stream' }): Watched {
    const { auth } = this.edge;
    return {
      principal: this.#principal,
      recheck: auth?.recheck?.bind(auth, this.request),
      // A subscription without a session is told its end, where that can be said.
      endsAtExpiry: direct === true,
      renew: (principal) => this.#onRenewed?.(principal),
      end: () => reader.close('token-ended'),
    };
  }

  spend(budget: Budget, owner: string): Promise<void> | undefined {
    return this.edge.budgets.spend(budget, owner, this.request, this.response);
  }

  /** Guessing costs: an address that was refused too often is not verified for a while. */
  async #authenticate(auth: Authentication): Promise<Principal | undefined> {
    const { failedAuthentication } = this.edge.budgets;
    const attempt = failedAuthentication === undefined ? undefined : this.#begin(failedAuthentication);
    const begun = attempt instanceof Promise ? await attempt : attempt;
    let failed = false;
    try {
      return this.#named(await auth.authenticate(this.request));
    } catch (thrown) {
      failed = isGuess(thrown, this.headers.authorization);
      throw thrown;
    } finally {
      begun?.over(failed);
    }
  }

  /** Without credentials there is nothing to verify that could fail. */
  #begin(budget: FailedAuthentication): Promise<Attempt> | Attempt | undefined {
    const key = addressKey(addressOf(this.request));
    if (this.headers.authorization !== undefined) return budget.begin(key);
    budget.assertLeft(key);
    return undefined;
  }

  /**
   * A body that something before us has read is taken as it is; else the stream is read. A parser that declined leaves an
   * empty object and the stream unread.
   */
  body(): Promise<InboundBody> | InboundBody {
    const { request } = this;
    const { body, rawBody } = request;
    if (body === undefined || (isEmpty(body) && !request.readableEnded)) return this.#read();
    if (isEmpty(body) && rawBody instanceof Uint8Array) return this.#fromBytes(rawBody);
    if (body instanceof Uint8Array) return this.#fromBytes(body);
    if (typeof body === 'string') return this.#fromBytes(Buffer.from(body));
    if (isEmpty(body)) throw unreadable();
    // How many values the parser made of it is not known.
    const declared = Number(this.headers['content-length'] ?? 0);
    if (declared > UNCOUNTED_BYTES) this.grow(declared);
    return { kind: 'parsed', value: body };
  }

  get maxBodyBytes(): number {
    return this.edge.maxBodyBytes;
  }

  grow(bytes: number): void {
    this.charge ??= new Charge(this.edge.inFlight, this.#holder());
    this.charge.grow(bytes);
  }

  #holder(): string {
    const owner = ownerKey(this.#principal);
    return holderAt(owner, owner === NOBODY ? this.ip : undefined);
  }

  #read(): Promise<InboundBody> | InboundBody {
    const { request } = this;
    if (request.rawBody instanceof Uint8Array) return this.#fromBytes(request.rawBody);
    if (request.readableEnded) throw unreadable();
    const encoding = this.headers['content-encoding'];
    if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
      throw new McpError('unsupported-encoding', `Content-Encoding is not supported: ${encoding.slice(0, 40)}`, {
        headers: { 'Accept-Encoding': 'identity' },
      });
    }
    return readBody(request, this, this.headers['content-length']);
  }

  #fromBytes(bytes: Uint8Array): InboundBody {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return { kind: 'text', text: textOf(this.#bounded(buffer, buffer.length), this) };
  }

  #bounded<T>(value: T, bytes: number): T {
    if (bytes > this.edge.maxBodyBytes) throw tooLarge(this.edge.maxBodyBytes);
    return value;
  }
}

/** A first request without credentials, and one that is told to come back with a nonce, are how clients begin. */
function isGuess(thrown: unknown, credentials: string | undefined): boolean {
  if (credentials === undefined || !McpError.is(thrown) || thrown.code !== 'unauthorized') return false;
  return thrown.data?.['error'] !== 'use_dpop_nonce';
}

function isEmpty(body: unknown): boolean {
  return isObject(body) && !(body instanceof Uint8Array) && Object.keys(body).length === 0;
}

function unreadable(): McpError {
  return new McpError(
    'body-unreadable',
    'The body was consumed before mcpRouter and not left on req.body: mount mcpRouter before that middleware',
  );
}
