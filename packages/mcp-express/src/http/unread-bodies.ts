import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { withholdContinue } from './expect-continue.js';

/** Bytes of one body that are discarded at most. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Below this `maxBodyBytes`, at most four times `maxBodyBytes` is discarded of a body whose length is unknown or too
 * large.
 */
const SMALL = 1024 * 1024;

/** Milliseconds: the longest pause within a body that is being discarded, and the longest time for all of it. */
const IDLE_MS = 5_000;
const MAX_MS = 30_000;

/** Milliseconds between the end of the response and closing the connection: a reset would overtake the response. */
const LINGER_MS = 1_000;

/**
 * Whether part of a request's body has not been read yet. Always false for HTTP/2, which has flow control and a reset
 * for each request (RFC 9113, section 8.1) that Node applies itself.
 */
export function hasUnread({ complete, headers, httpVersionMajor }: IncomingMessage): boolean {
  if (complete || httpVersionMajor !== 1) return false;
  // Node sets `complete` only after it has emitted the request, even if there is no body.
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * Discards the rest of bodies whose requests were answered early. Closing the connection at once would reset it: the
 * client would lose the response and its next request. So the rest of the body is read and discarded, and the
 * connection stays usable. Beyond the limits the connection is closed, after the response has had time to arrive.
 *
 * The connection is not half-closed first (RFC 9112, section 9.6): Node's client removes its error listener from a
 * socket that ends while it sends, and the following reset would crash its process.
 */
export class UnreadBodies {
  readonly #maxDeclared: number;
  readonly #maxUndeclared: number;
  readonly #discarded = new Set<DiscardedBody>();

  /** @param maxBodyBytes the largest allowed body. */
  constructor(maxBodyBytes: number) {
    this.#maxDeclared = Math.max(MAX_BYTES, maxBodyBytes);
    this.#maxUndeclared = maxBodyBytes < SMALL ? 4 * maxBodyBytes : this.#maxDeclared;
  }

  /** Starts discarding. Call it before `response.end()`: it defers Node's closing of the connection. */
  discard(request: IncomingMessage, response: ServerResponse): void {
    const declared = Number(request.headers['content-length'] ?? Number.NaN);
    const isShort = declared <= this.#maxDeclared;
    const body = new DiscardedBody(request, response, isShort ? declared : this.#maxUndeclared);
    this.#discarded.add(body);
    body.begin(() => this.#discarded.delete(body));
    // A client whose "100 Continue" is withheld may send the body or not, so the next bytes are ambiguous.
    if (withholdContinue(request)) body.stop();
  }

  /** Starts to close every connection on which a body is being discarded. */
  close(): void {
    for (const body of this.#discarded) body.stop();
  }
}

/** One body that is being discarded. */
class DiscardedBody {
  readonly #socket: Socket;
  readonly #deadline = performance.now() + MAX_MS;
  #timer: NodeJS.Timeout | undefined;
  #left: number;
  #isStopped = false;
  #isClosing = false;
  #isOver = false;
  #onOver = (): void => {};

  constructor(
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    bytes: number,
  ) {
    this.#socket = request.socket;
    this.#left = bytes;
  }

  begin(onOver: () => void): void {
    const socket = this.#socket;
    const over = (): void => {
      this.#isOver = true;
      clearTimeout(this.#timer);
      socket.off('close', over);
      Reflect.deleteProperty(socket, 'destroySoon');
      onOver();
    };
    this.#onOver = over;
    // After a response with "Connection: close", Node calls this, which resets a connection with unread bytes.
    socket.destroySoon = () => {
      this.#isClosing = true;
    };
    socket.once('close', over);
    this.#timer = setTimeout(() => this.stop(), IDLE_MS).unref();
    this.request
      .on('data', (chunk: Buffer) => this.#take(chunk.length))
      .once('end', () => this.#end())
      .resume();
  }

  /** A limit is reached: closes the connection once the response had time to arrive. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    clearTimeout(this.#timer);
    // Responses to earlier requests on this connection may still be on their way.
    if (this.response.writableFinished) this.#linger();
    else this.response.once('finish', () => this.#linger());
  }

  #take(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) {
      this.request.pause();
      this.stop();
    } else if (!this.#isStopped) {
      if (performance.now() > this.#deadline) this.stop();
      else this.#timer?.refresh();
    }
  }

  #linger(): void {
    if (!this.#isOver) this.#timer = setTimeout(() => this.#socket.destroy(), LINGER_MS).unref();
  }

  #end(): void {
    this.#onOver();
    if (this.#isClosing) this.#socket.destroySoon();
  }
}
