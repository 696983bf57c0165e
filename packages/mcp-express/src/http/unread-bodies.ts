import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { withholdContinue } from './expect-continue.js';

/** Bytes of one body that are thrown away. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Where less than this is allowed, a body of unknown or too large a length is not worth so much: four times the largest
 * body that is allowed is thrown away of it.
 */
const SMALL = 1024 * 1024;

/** How long a client may send nothing of a body that is being thrown away, and how long all of it may take. */
const IDLE_MS = 5_000;
const MAX_MS = 30_000;

/** How long the answer has to arrive before a connection is closed: the reset would overtake it. */
const LINGER_MS = 1_000;

/**
 * Whether a request has a body of which something is still to come. HTTP/2 has flow control and a reset for each request
 * (RFC 9113, section 8.1), which Node uses by itself.
 */
export function hasUnread({ complete, headers, httpVersionMajor }: IncomingMessage): boolean {
  if (complete || httpVersionMajor !== 1) return false;
  // Node sets `complete` after the request is handed over, even when there is no body.
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * Bodies whose requests were answered before they were read. Closing the connection at once would reset it: the client
 * would lose the answer, and the request that it sends next. So the rest of the body is taken and thrown away, and the
 * connection stays usable; past the bounds it is closed after the answer had time to arrive.
 *
 * It is not closed for writing first (RFC 9112, section 9.6): Node's client takes its listener off a socket that ended
 * while it sends, and the reset that follows would end its process.
 */
export class UnreadBodies {
  readonly #maxDeclared: number;
  readonly #maxUndeclared: number;
  readonly #discarded = new Set<DiscardedBody>();

  /** @param maxBodyBytes the largest body that is allowed. */
  constructor(maxBodyBytes: number) {
    this.#maxDeclared = Math.max(MAX_BYTES, maxBodyBytes);
    this.#maxUndeclared = maxBodyBytes < SMALL ? 4 * maxBodyBytes : this.#maxDeclared;
  }

  /** Call it before the response is ended: what Node does to the connection then is put off. */
  discard(request: IncomingMessage, response: ServerResponse): void {
    const declared = Number(request.headers['content-length'] ?? Number.NaN);
    const isShort = declared <= this.#maxDeclared;
    const body = new DiscardedBody(request, response, isShort ? declared : this.#maxUndeclared);
    this.#discarded.add(body);
    body.begin(() => this.#discarded.delete(body));
    // The client of a withheld "100 Continue" may send the body or not, so that what comes next could be either.
    if (withholdContinue(request)) body.stop();
  }

  /** Begins to close every connection on which a body is being thrown away. */
  close(): void {
    for (const body of this.#discarded) body.stop();
  }
}

/** One body that is being thrown away. */
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
    // After an answer with "Connection: close" Node calls this, which resets a connection that has unread bytes.
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

  /** A bound is reached: the connection is closed a little later. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    clearTimeout(this.#timer);
    // Answers to requests before this one may still be on their way.
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
