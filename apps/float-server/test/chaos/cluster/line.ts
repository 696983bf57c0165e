import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

/** A TCP proxy between one node and the store that can reset connections or hold data. It exists as long as its thread. */
export class Line {
  readonly #pairs = new Set<Pair>();
  #state: 'open' | 'cut' | 'silent' = 'open';

  private constructor(
    private readonly target: number,
    private readonly server: Server,
  ) {
    server.on('connection', (near) => this.#onConnection(near));
  }

  static async start(target: number): Promise<Line> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Line(target, server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Resets all connections, and new ones too. */
  cut(): void {
    this.#state = 'cut';
    this.#each((socket) => socket.resetAndDestroy());
  }

  /** Holds data in both directions, without FIN or RST. */
  silence(): void {
    this.#state = 'silent';
    this.#each((socket) => socket.pause());
  }

  /** Accepts connections again and forwards the held data. */
  open(): void {
    this.#state = 'open';
    this.#each((socket) => socket.resume());
  }

  #each(act: (socket: Socket) => void): void {
    for (const { near, far } of [...this.#pairs]) {
      act(near);
      act(far);
    }
  }

  #onConnection(near: Socket): void {
    if (this.#state === 'cut') {
      near.on('error', () => {}).resetAndDestroy();
      return;
    }
    const pair: Pair = { near, far: connect(this.target, '127.0.0.1') };
    this.#pairs.add(pair);
    near.once('close', () => this.#pairs.delete(pair));
    forward(near, pair.far);
    forward(pair.far, near);
    if (this.#state === 'silent') near.pause();
  }
}

/** `pipe` would resume a stream that was paused on purpose. */
function forward(from: Socket, to: Socket): void {
  from.setNoDelay(true);
  from.on('data', (chunk) => void to.write(chunk));
  from.once('end', () => to.end());
  from.on('error', () => to.destroy());
  from.once('close', () => to.destroy());
}
