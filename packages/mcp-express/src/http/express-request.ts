import type { Request, Response } from 'express';
import type { Authentication } from '../auth/authentication.js';
import { ANONYMOUS, ownerKey, type Principal } from '../auth/principal.js';
import { idText } from '../auth/subject.js';
import { McpError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import { Charge, type InFlight, UNCOUNTED_BYTES } from '../request/in-flight.js';
import { canonicalAddress, holderOf } from '../util/address.js';
import { type BodyBounds, readBody, textOf, tooLarge } from './body.js';
import type { HttpRequest, RequestBody } from './http-request.js';
import type { HttpResponse } from './http-response.js';
import { addressKey, addressOf, type RateBudgets } from './security/express-rate-budgets.js';
import type { Attempt, FailedAuthentication } from './security/failed-authentication.js';
import type { Budget } from './security/rate-limits.js';
import type { WatchedStream } from './security/token-watch.js';

/** A request with the fields that body parsers set beyond the types of Express. */
type ParsedRequest = Request & {
  body?: unknown;
  /** The raw bytes, as Firebase and similar platforms keep them. */
  rawBody?: unknown;
};

/** Services and settings that all requests share. */
export interface RequestDeps {
  readonly maxBodyBytes: number;
  readonly budgets: RateBudgets;
  readonly inFlight: InFlight;
  readonly principal: (request: Request) => Promise<Principal | undefined> | Principal | undefined;
  /** Verifies credentials; absent: earlier middleware has done that. */
  readonly auth: Authentication | undefined;
}

/** One Express request as an `HttpRequest`. */
export class ExpressRequest implements HttpRequest, BodyBounds {
  #principal: Principal | undefined;
  #onRenewed: ((principal: Principal) => void) | undefined;
  /** The memory charged for the body and its calls; absent for small ones. */
  charge: Charge | undefined;
  /** Read once: Node builds the object in a getter on first access. */
  readonly headers: HttpRequest['headers'];

  constructor(
    private readonly request: ParsedRequest,
    private readonly response: Response,
    private readonly deps: RequestDeps,
  ) {
    this.headers = request.headers;
  }

  get method(): string {
    return this.request.method;
  }

  /** The target before routers removed their mount path from it. */
  get target(): string {
    const { originalUrl, url } = this.request as { originalUrl?: string; url: string };
    return originalUrl ?? url;
  }

  /** Computed on access, because Express examines every proxy for it. */
  get ip(): string | undefined {
    const ip = addressOf(this.request);
    return ip === undefined ? undefined : canonicalAddress(ip);
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
    const { auth, principal } = this.deps;
    if (auth !== undefined) return this.#authenticate(auth);
    const found = principal(this.request) ?? undefined;
    if (found instanceof Promise) return found.then((later) => this.#named(later ?? undefined));
    return this.#named(found);
  }

  /**
   * Records the principal that the application provides.
   *
   * @throws McpError `unauthorized` if it has no subject: all such callers would be one principal.
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

  /** The credentials that keep this stream open. */
  tokenOf({ reader, direct }: HttpResponse & { kind: 'stream' }): WatchedStream {
    const { auth } = this.deps;
    return {
      principal: this.#principal,
      recheck: auth?.recheck?.bind(auth, this.request),
      // A subscription without a session ends with a result of its own when its token expires.
      endsAtExpiry: direct === true,
      renew: (principal) => this.#onRenewed?.(principal),
      end: () => reader.close('token-ended'),
    };
  }

  spend(budget: Budget, owner: string): Promise<void> | undefined {
    return this.deps.budgets.spend(budget, owner, this.request, this.response);
  }

  /** Counts failed attempts by address: an address with too many is not verified for a while. */
  async #authenticate(auth: Authentication): Promise<Principal | undefined> {
    const { failedAuthentication } = this.deps.budgets;
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

  /** A request without credentials cannot fail verification, so it takes no slot. */
  #begin(budget: FailedAuthentication): Promise<Attempt> | Attempt | undefined {
    const key = addressKey(addressOf(this.request));
    if (this.headers.authorization !== undefined) return budget.begin(key);
    budget.assertLeft(key);
    return undefined;
  }

  /**
   * A body that earlier middleware has read is used as it is; otherwise the stream is read. A parser that skipped the
   * request leaves an empty object and an unread stream.
   */
  body(): Promise<RequestBody> | RequestBody {
    const { request } = this;
    const { body, rawBody } = request;
    if (body === undefined || (isEmpty(body) && !request.readableEnded)) return this.#read();
    if (isEmpty(body) && rawBody instanceof Uint8Array) return this.#fromBytes(rawBody);
    if (body instanceof Uint8Array) return this.#fromBytes(body);
    if (typeof body === 'string') return this.#fromBytes(Buffer.from(body));
    if (isEmpty(body)) throw unreadable();
    // The number of values that the parser made of it is unknown.
    const declared = Number(this.headers['content-length'] ?? 0);
    if (declared > UNCOUNTED_BYTES) this.grow(declared);
    return { kind: 'parsed', value: body };
  }

  get maxBodyBytes(): number {
    return this.deps.maxBodyBytes;
  }

  grow(bytes: number): void {
    this.charge ??= new Charge(this.deps.inFlight, this.#holder());
    this.charge.grow(bytes);
  }

  #holder(): string {
    const owner = ownerKey(this.#principal);
    return holderOf(owner, owner === ANONYMOUS ? this.ip : undefined);
  }

  #read(): Promise<RequestBody> | RequestBody {
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

  #fromBytes(bytes: Uint8Array): RequestBody {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return { kind: 'text', text: textOf(this.#bounded(buffer, buffer.length), this) };
  }

  #bounded<T>(value: T, bytes: number): T {
    if (bytes > this.deps.maxBodyBytes) throw tooLarge(this.deps.maxBodyBytes);
    return value;
  }
}

/** Clients normally begin without credentials, or get a DPoP nonce first; neither is a guess. */
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
