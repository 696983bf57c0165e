import type { Server, ServerResponse } from 'node:http';
import { servedServers } from '../util/served.js';
import { JSON_TYPE } from './outbound.js';
import { hasOwnMethods } from './own-methods.js';
import { writeHead } from './response-head.js';

/** What Node keeps on a response and makes its head of, beside the headers. */
type Inside = ServerResponse & {
  /** The text of a head that was made and not sent yet. */
  _header?: unknown;
  readonly _removedConnection?: unknown;
  readonly _keepAliveTimeout?: unknown;
};

/** What Node was seen to write from the line of the date on. */
interface Learned {
  /** Milliseconds, which Node says in every head. */
  readonly keepAliveTimeout: unknown;
  /** `undefined` where the head was not the one that was expected. */
  readonly afterDate: string | undefined;
}

const AFTER_LENGTH = /^\r\nDate: [^\r\n]+(\r\nConnection: keep-alive\r\nKeep-Alive: timeout=(\d+)\r\n\r\n)$/;

/**
 * Writes the head of an answer that is a JSON body with status 200, which nearly all are. Making its text from a list of
 * headers, each looked at again, takes Node about 3 µs of the 45 that a call takes on Node 24 (`npm run bench -- --row 3`).
 * The text is the same but for its length and its date, so it is put together from our own headers, and given to a response
 * as a whole.
 *
 * That leans on the insides of Node, so it is done for servers that `serve` made only, once Node was seen to write the very
 * same text, and never for a response of which anything is out of the ordinary: a header or a status that middleware has
 * set, or a method that is not Node's own and would be passed by. Those are written by Node, as all heads of other servers.
 */
export class JsonHead {
  readonly #lines: readonly string[];
  readonly #beforeLength: string;
  readonly #learned = new WeakMap<Server, Learned>();

  /** @param headers those of every answer, as a flat list of names and values. */
  constructor(headers: readonly string[]) {
    this.#lines = [...headers, 'Content-Type', JSON_TYPE];
    const text = this.#lines.map((part, at) => (at % 2 === 0 ? `${part}: ` : `${part}\r\n`)).join('');
    this.#beforeLength = `HTTP/1.1 200 OK\r\n${text}Content-Length: `;
  }

  /**
   * The body has to follow by `end`.
   *
   * @param length bytes of the body.
   * @returns true when the head was given, false when it was left to Node.
   */
  write(response: ServerResponse, length: number): boolean {
    const server = ordinaryServer(response);
    const learned = server && this.#learned.get(server);
    if (learned !== undefined && this.#give(response, learned, length)) return true;
    writeHead(response, 200, [...this.#lines, 'Content-Length', String(length)]);
    if (server !== undefined) this.#learn(response, server, length);
    return false;
  }

  #give(response: Inside, { keepAliveTimeout, afterDate }: Learned, length: number): boolean {
    if (afterDate === undefined || keepAliveTimeout !== response._keepAliveTimeout) return false;
    response.statusCode = 200;
    response.statusMessage = 'OK';
    // An accessor in the place of either may have a mind of its own, or have set headers.
    if (response.statusCode !== 200 || response.statusMessage !== 'OK' || !isBare(response)) return false;
    response._header = `${this.#beforeLength}${length}\r\nDate: ${httpDate()}${afterDate}`;
    return response.headersSent;
  }

  #learn(response: Inside, server: Server, length: number): void {
    const { _header: made, _keepAliveTimeout: keepAliveTimeout } = response;
    if (!servedServers.has(server) || this.#learned.get(server)?.keepAliveTimeout === keepAliveTimeout) return;
    const before = this.#beforeLength + length;
    const rest = typeof made === 'string' && made.startsWith(before) ? made.slice(before.length) : '';
    const [, afterDate, seconds] = AFTER_LENGTH.exec(rest) ?? [];
    const isSo = Number(seconds) === Math.floor(Number(keepAliveTimeout) / 1000);
    this.#learned.set(server, { keepAliveTimeout, afterDate: isSo ? afterDate : undefined });
  }
}

/**
 * The server of a response that is still as Node made it, on a connection that is kept: nothing was said or changed, and
 * there is nothing that would be passed by.
 */
function ordinaryServer(response: Inside): Server | undefined {
  const { req, socket } = response;
  if (socket === null || !hasOwnMethods(response) || response.headersSent || !isBare(response)) return undefined;
  if (!response.shouldKeepAlive || !response.sendDate || response._removedConnection !== false) return undefined;
  if (response.statusMessage !== undefined || req.headers.expect !== undefined) return undefined;
  const { server } = socket as { server?: Server };
  return server === undefined || Number(server.maxRequestsPerSocket) > 0 ? undefined : server;
}

function isBare(response: ServerResponse): boolean {
  return response.getHeaderNames().length === 0;
}

let second = 0;
let text = '';

/** RFC 9110, section 5.6.7. */
function httpDate(): string {
  const now = Date.now();
  const current = now - (now % 1000);
  if (current !== second) {
    second = current;
    text = new Date(now).toUTCString();
  }
  return text;
}
