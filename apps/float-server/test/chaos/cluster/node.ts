import { Program } from './program.js';

/** One life of a node, from its start to its end. */
export interface Life {
  /** Such as `node2#3`: the third time that the second node was started. */
  readonly name: string;
  /** How it came to its end, as soon as that was begun. */
  fate: 'runs' | 'killed' | 'drained';
}

export interface NodeOptions {
  readonly name: string;
  /** The program, a file for Node. */
  readonly main: string;
  readonly port: number;
  /** Where it tells its figures. */
  readonly statsPort: number;
  readonly env: Readonly<Record<string, string>>;
}

/** A server that is started, ended and started again, at the same address. */
export class ServerNode {
  readonly lives: Life[] = [];
  #program: Program | undefined;

  constructor(private readonly options: NodeOptions) {}

  get name(): string {
    return this.options.name;
  }

  get port(): number {
    return this.options.port;
  }

  get runs(): boolean {
    return this.#program?.isAlive ?? false;
  }

  /** What it printed, when it ended and nobody asked it to. */
  get fall(): string | undefined {
    return this.#program?.hasFallen === true ? this.#program.printed : undefined;
  }

  async start(): Promise<void> {
    const { name, main, port, statsPort, env } = this.options;
    const life: Life = { name: `${name}#${this.lives.length + 1}`, fate: 'runs' };
    this.lives.push(life);
    this.#program = await Program.start({
      command: process.execPath,
      args: [main],
      env: { PORT: String(port), STATS_PORT: String(statsPort), LIFE: life.name, ...env },
      isReady: async () => (await jsonAt(this.port, '/readyz')) !== undefined,
    });
  }

  async kill(): Promise<void> {
    this.#ends('killed');
    await this.#program?.end('SIGKILL');
  }

  /** @throws Error when it did not end in order. */
  async drain(): Promise<void> {
    this.#ends('drained');
    const code = await this.#program?.end('SIGTERM');
    if (code !== 0) throw new Error(`${this.name} ended with ${code} when it was drained:\n${this.#program?.printed}`);
  }

  /** What it counts, as `stats()` of its router; nothing while it does not answer. */
  figures(): Promise<Record<string, unknown> | undefined> {
    return jsonAt(this.options.statsPort, '/');
  }

  #ends(fate: Life['fate']): void {
    const life = this.lives.at(-1);
    if (life !== undefined) life.fate = fate;
  }
}

/** The JSON of a page with status 200. */
async function jsonAt(port: number, path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    const body = (await answer.json()) as Record<string, unknown>;
    return answer.ok ? body : undefined;
  } catch {
    return undefined;
  }
}
