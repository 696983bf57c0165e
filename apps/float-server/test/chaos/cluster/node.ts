import { until } from '../waiting.js';
import { isTaken } from './port.js';
import { Program } from './program.js';

/** Longer than any outage of the store. Milliseconds. */
const READY_MS = 90_000;

/** One life of a node, from its start to its end. */
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
  #failedDrain: string | undefined;

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

  /** The output of the node, if it ended unexpectedly or with another exit code than 0 when drained. */
  get crash(): string | undefined {
    return this.#program?.hasCrashed === true ? this.#program.printed : this.#failedDrain;
  }

  /** Starts the node. Resolves when it is ready. */
  async start(): Promise<void> {
    await this.begin();
    await until(`${this.name} is ready`, async () => (await jsonAt(this.port, '/readyz')) !== undefined, READY_MS);
  }

  /** Starts the node. Resolves when it listens, ready or not. */
  async begin(): Promise<void> {
    const { name, main, port, statsPort, env } = this.options;
    const life: Life = { name: `${name}#${this.lives.length + 1}`, fate: 'runs' };
    this.lives.push(life);
    this.#program = await Program.start({
      command: process.execPath,
      args: [main],
      env: { PORT: String(port), STATS_PORT: String(statsPort), LIFE: life.name, ...env },
      isReady: () => isTaken(this.port),
      readyWithinMs: READY_MS,
    });
  }

  async kill(): Promise<void> {
    this.#ends('killed');
    await this.#program?.end('SIGKILL');
  }

  /** Ends the node in order. `crash` reports an exit code other than 0. */
  async drain(): Promise<void> {
    this.#ends('drained');
    const code = await this.#program?.end('SIGTERM');
    if (code !== 0) this.#failedDrain ??= `it ended with ${code} when it was drained:\n${this.#program?.printed}`;
  }

  /** Stops the process by SIGSTOP for a time in milliseconds. */
  async stall(ms: number): Promise<void> {
    await this.#program?.stall(ms);
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
