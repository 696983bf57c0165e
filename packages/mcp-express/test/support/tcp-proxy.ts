import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onCleanup } from './cleanup.js';

interface Pair {
  readonly client: Socket;
  readonly upstream: Socket;
}

/** A TCP proxy that can misbehave as real ones do. */
export class TcpProxy {
  readonly #pairs = new Set<Pair>();
  #frozen = false;
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

  /** Nothing passes any more, in either direction, and nobody is told: no FIN, no RST. */
  freeze(): void {
    this.#frozen = true;
    this.#each((socket) => socket.pause());
  }

  /** What was held back goes on its way. */
  thaw(): void {
    this.#frozen = false;
    this.#each((socket) => socket.resume());
  }

  /** Resets every connection, towards both sides. */
  reset(): void {
    this.#each((socket) => socket.resetAndDestroy());
  }

  #each(act: (socket: Socket) => void): void {
    for (const { client, upstream } of [...this.#pairs]) {
      act(client);
      act(upstream);
    }
  }

  #onClient(client: Socket): void {
    const upstream = connect(this.target, '127.0.0.1');
    const pair: Pair = { client, upstream };
    this.#pairs.add(pair);
    const drop = (): void => void this.#pairs.delete(pair);
    forward(client, upstream);
    forward(upstream, client);
    client.once('close', drop);
    if (this.#frozen) client.pause();
  }
}

/** By hand rather than by `pipe`, which would resume a stream that was paused on purpose. */
function forward(from: Socket, to: Socket): void {
  from.on('data', (chunk) => void to.write(chunk));
  from.once('end', () => to.end());
  from.once('error', () => to.destroy());
}

export function startProxy(target: number): Promise<TcpProxy> {
  return new TcpProxy(target).start();
}
