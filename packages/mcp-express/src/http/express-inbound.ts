import type { Request } from 'express';
import type { Principal } from '../auth/principal.js';
import { McpError } from '../ground/errors.js';
import { isObject } from '../ground/json-rpc.js';
import { decode, readBody, tooLarge } from './body.js';
import type { Inbound, InboundBody } from './inbound.js';

/** What body parsers leave on a request, beside what Express declares. */
type ParsedRequest = Request & {
  body?: unknown;
  /** Firebase and its like keep the bytes here. */
  rawBody?: unknown;
};

export interface InboundOptions {
  readonly maxBodyBytes: number;
  readonly principal: (request: Request) => Principal | undefined;
}

/** The edge to Express, inwards. */
export class ExpressInbound implements Inbound {
  /** Taken once: Node makes them when they are first asked for, behind a getter. */
  readonly headers: Inbound['headers'];

  constructor(
    private readonly request: ParsedRequest,
    private readonly options: InboundOptions,
  ) {
    this.headers = request.headers;
  }

  get method(): string {
    return this.request.method;
  }

  /** Worked out when it is asked for, since Express looks at every proxy for it. */
  get ip(): string | undefined {
    return this.request.ip;
  }

  copiesOf(name: string): number {
    return this.request.rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === name).length;
  }

  get isGone(): boolean {
    return this.request.res?.destroyed === true;
  }

  onGone(listener: () => void): void {
    this.request.res?.once('close', listener);
  }

  principal(): Principal | undefined {
    return this.options.principal(this.request);
  }

  /**
   * A body that something before us has read is taken as it is; else the stream is read. A parser that declined leaves an
   * empty object and the stream unread.
   */
  async body(): Promise<InboundBody> {
    const { request } = this;
    const { body, rawBody } = request;
    if (body === undefined || (isEmpty(body) && !request.readableEnded)) return this.#read();
    if (isEmpty(body) && rawBody instanceof Uint8Array) return this.#fromBytes(rawBody);
    if (body instanceof Uint8Array) return this.#fromBytes(body);
    if (typeof body === 'string') return { kind: 'text', text: this.#bounded(body, Buffer.byteLength(body)) };
    if (isEmpty(body)) throw unreadable();
    return { kind: 'parsed', value: body };
  }

  async #read(): Promise<InboundBody> {
    const { request, options } = this;
    if (request.rawBody instanceof Uint8Array) return this.#fromBytes(request.rawBody);
    if (request.readableEnded) throw unreadable();
    const encoding = this.headers['content-encoding'];
    if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
      throw new McpError('unsupported-encoding', `Content-Encoding is not supported: ${encoding.slice(0, 40)}`, {
        headers: { 'Accept-Encoding': 'identity' },
      });
    }
    return { kind: 'text', text: await readBody(request, options.maxBodyBytes, this.headers['content-length']) };
  }

  #fromBytes(bytes: Uint8Array): InboundBody {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return { kind: 'text', text: decode(this.#bounded(buffer, buffer.length)) };
  }

  #bounded<T>(value: T, bytes: number): T {
    if (bytes > this.options.maxBodyBytes) throw tooLarge(this.options.maxBodyBytes);
    return value;
  }
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
