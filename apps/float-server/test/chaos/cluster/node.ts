import { Program } from './program.js';

/** One run of a node, from start to end. */
export interface Life {
  /** Name and run, such as `node2#3` for the third run of the second node. */
  readonly name: string;
  /** How the run ends, set when the end begins. */
  fate: 'runs' | 'killed' | 'drained';
}

/** Options of a node. */
export interface NodeOptions {
  readonly name: string;
  /** The Node program to run. */
  readonly main: string;
  readonly port: number;
  /** Port of its statistics. */
  readonly statsPort: number;
  readonly env: Readonly<Record<string, string>>;
}

/** A server that can be stopped and started again at the same address. */
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

  /** Output of a run that ended unexpectedly. */
  get crashOutput(): string | undefined {
    return this.#program?.hasCrashed === true ? this.#program.printed : undefined;
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

  /** @throws Error unless it exits with code 0 */
  async drain(): Promise<void> {
    this.#ends('drained');
    const code = await this.#program?.end('SIGTERM');
    if (code !== 0) throw new Error(`${this.name} ended with ${code} when it was drained:\n${this.#program?.printed}`);
  }

  /** Counters as in `stats()` of its router; undefined while it does not respond. */
  stats(): Promise<Record<string, unknown> | undefined> {
    return jsonAt(this.options.statsPort, '/');
  }

  #ends(fate: Life['fate']): void {
    const life = this.lives.at(-1);
    if (life !== undefined) life.fate = fate;
  }
}

/** The JSON of a response with status 200. */
async function jsonAt(port: number, path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    const body = (await answer.json()) as Record<string, unknown>;
    return answer.ok ? body : undefined;
  } catch {
    return undefined;
  }
}
