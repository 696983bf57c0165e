import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type RawResponse, ResponseReader } from './response-reader.js';

const ANSWER_MS = 30_000;

/** One connection for requests before and between the rounds, one at a time. */
export class RawClient {
  static async open(port: number): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  readonly #reader = new ResponseReader();
  #settle: ((response: RawResponse | Error) => void) | undefined;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk) => this.#onData(chunk as Buffer));
    socket.on('error', (error) => this.#settle?.(error));
    socket.on('close', () => this.#settle?.(new Error('the server closed the connection')));
  }

  /** @throws Error when the connection ends, or nothing comes for half a minute. */
  post(head: string, body: string): Promise<RawResponse> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#settle?.(new Error('no answer came')), ANSWER_MS);
      this.#settle = (outcome) => {
        clearTimeout(timer);
        this.#settle = undefined;
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      };
      this.socket.write(`${head}Content-Length: ${body.length}\r\n\r\n${body}`, 'latin1');
    });
  }

  close(): void {
    this.socket.destroy();
  }

  #onData(chunk: Buffer): void {
    try {
      const response = this.#reader.push(chunk);
      if (response !== undefined) this.#settle?.(response);
    } catch (error) {
      this.#settle?.(error as Error);
    }
  }
}
