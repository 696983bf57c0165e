import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** The beginning of a message: one JSON object on one line. Neither other fields of an event nor chunk headers contain it. */
const MESSAGE = Buffer.from('data: {');
const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n');
const HEAD_END = '\r\n\r\n';
/** One buffer for all streams: data is scanned when it arrives, and not kept. */
const READ_BUFFER = Buffer.alloc(256 * 1024);

/**
 * A connection that reads streams and only counts their messages and notices their ends, so that thousands of open streams
 * take little of the core of the load.
 */
export class EventStream {
  static async open(port: number): Promise<EventStream> {
    let stream: EventStream | undefined;
    const onread = {
      buffer: READ_BUFFER,
      callback: (length: number, bytes: Uint8Array) => {
        stream?.onData((bytes as Buffer).subarray(0, length));
        return true;
      },
    };
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
    await once(socket, 'connect');
    stream = new EventStream(socket);
    return stream;
  }

  /** Messages since the last request. */
  messages = 0;
  /** Bytes since the last request. */
  bytes = 0;
  /** The beginning of the response: the head and the first events. */
  start = '';
  /** The response has ended. */
  ended = false;
  #tail: Buffer = Buffer.alloc(0);
  #failure: Error | undefined;
  readonly #waiting = new Set<() => void>();

  private constructor(private readonly socket: Socket) {
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the server closed the connection')));
  }

  /** Sends a request and resets the counts. @param body of a POST. */
  request(head: string, body?: string): void {
    this.messages = 0;
    this.bytes = 0;
    this.start = '';
    this.ended = false;
    this.#tail = Buffer.alloc(0);
    const length = body === undefined ? '' : `Content-Length: ${body.length}\r\n`;
    this.socket.write(`${head}${length}\r\n${body ?? ''}`, 'latin1');
  }

  /** Resolves when the server has answered with an event stream. */
  async opened(): Promise<void> {
    await this.until(() => this.start.includes(HEAD_END));
    if (!this.start.startsWith('HTTP/1.1 200') || !/text\/event-stream/i.test(this.start)) {
      throw new Error(`no stream: ${this.start.slice(0, 300)}`);
    }
  }

  /** Resolves when the condition holds. Rejects when the connection ends before. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Stops reading, like a stalled client. */
  pause(): void {
    this.socket.pause();
  }

  close(): void {
    this.socket.destroy();
  }

  onData(chunk: Buffer): void {
    if (this.start.length < 2_048) this.start += chunk.toString('latin1', 0, 2_048);
    this.bytes += chunk.length;
    // A pattern may be split: the end of the previous piece is scanned again with this one.
    const bytes = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk]);
    for (let at = bytes.indexOf(MESSAGE); at !== -1; at = bytes.indexOf(MESSAGE, at + MESSAGE.length)) {
      this.messages += 1;
    }
    this.ended = bytes.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK);
    this.#tail = Buffer.from(bytes.subarray(-(MESSAGE.length - 1)));
    this.#wake();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake();
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
