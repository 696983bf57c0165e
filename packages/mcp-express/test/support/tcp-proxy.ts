import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onCleanup } from './cleanup.js';

type Way = 'up' | 'down';

const always = (): boolean => true;

interface Pair {
  readonly client: Socket;
  readonly upstream: Socket;
}

/** A TCP proxy that can fail like real ones. */
export class TcpProxy {
  readonly #pairs = new Set<Pair>();
  #frozen = false;
  #refuses = false;
  #delayMs = 0;
  /** What becomes of what clients send, and of what they are answered, before it goes on; false: it goes no further. */
  #passes: (way: Way) => boolean = always;
  port = 0;

  constructor(private readonly target: number) {}

  async start(): Promise<this> {
    const server = createServer((client) => this.#onClient(client));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    onCleanup(async () => {
      this.#each((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    });
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/mcp`;
  }

  /** Stops forwarding in both directions without notice: no FIN, no RST. */
  freeze(): void {
    this.#frozen = true;
    this.#each((socket) => socket.pause());
  }

  /** Forwards the held-back data again. */
  thaw(): void {
    this.#frozen = false;
    this.#each((socket) => socket.resume());
  }

  /** Resets every connection, towards both sides. */
  reset(): void {
    this.#each((socket) => socket.resetAndDestroy());
  }

  /** Breaks every connection, and takes no new one until it accepts again. */
  refuse(): void {
    this.#refuses = true;
    this.reset();
  }

  /** Everything passes again, as it comes. */
  accept(): void {
    this.#refuses = false;
    this.#delayMs = 0;
    this.#passes = always;
  }

  /** Everything takes so many milliseconds more, each way. */
  slow(delayMs: number): void {
    this.#delayMs = delayMs;
  }

  /** What a client sends next is lost with its connection. */
  loseNextRequest(): void {
    this.#passes = (way) => way === 'down' || this.#break();
  }

  /** After so many answers the next one is lost with its connection. */
  loseAnswerAfter(answers: number): void {
    let left = answers;
    this.#passes = (way) => {
      if (way === 'up') return true;
      left -= 1;
      return left >= 0 || this.#break();
    };
  }

  #break(): false {
    this.#passes = always;
    this.reset();
    return false;
  }

  #each(act: (socket: Socket) => void): void {
    for (const { client, upstream } of [...this.#pairs]) {
      act(client);
      act(upstream);
    }
  }

  #onClient(client: Socket): void {
    if (this.#refuses) return void client.on('error', () => {}).resetAndDestroy();
    const upstream = connect(this.target, '127.0.0.1');
    const pair: Pair = { client, upstream };
    this.#pairs.add(pair);
    const drop = (): void => void this.#pairs.delete(pair);
    this.#forward(client, upstream, 'up');
    this.#forward(upstream, client, 'down');
    client.once('close', drop);
    if (this.#frozen) client.pause();
  }

  /** Copies by hand rather than with `pipe`, which would resume a stream that was paused on purpose. */
  #forward(from: Socket, to: Socket, way: Way): void {
    from.on('data', (chunk) => {
      if (!this.#passes(way)) return;
      if (this.#delayMs === 0) to.write(chunk);
      else setTimeout(() => to.write(chunk), this.#delayMs);
    });
    from.once('end', () => to.end());
    from.once('error', () => to.destroy());
  }
}

/** Starts a proxy in front of a port of this machine. */
export function startProxy(target: number): Promise<TcpProxy> {
  return new TcpProxy(target).start();
}
