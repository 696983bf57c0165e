import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The statistics of one command. */
export interface CommandStat {
  readonly name: string;
  readonly calls: number;
  /** Time on the thread that runs commands, without the network. */
  readonly microseconds: number;
}

/** A Redis server of its own on this machine, without persistence. */
export class Redis {
  private constructor(
    private readonly server: ChildProcess,
    private readonly port: number,
  ) {}

  static async start(port: number): Promise<Redis> {
    const own = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const server = spawn('redis-server', own, { stdio: ['ignore', 'pipe', 'inherit'] });
    const failed = once(server, 'exit').then(([code]) => {
      throw new Error(`redis-server ended with ${code}`);
    });
    failed.catch(() => {});
    const lines = createInterface({ input: server.stdout as NodeJS.ReadableStream });
    const ready = new Promise<void>((resolve) => {
      lines.on('line', (line) => line.includes('Ready to accept connections') && resolve());
    });
    await Promise.race([ready, failed]);
    return new Redis(server, port);
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Bytes that its data takes. */
  get bytes(): number {
    return Number(/^used_memory:(\d+)/m.exec(this.#ask('INFO', 'memory'))?.[1]);
  }

  /** The commands since the previous call of this method. Commands inside scripts are counted in addition to the scripts. */
  commands(): readonly CommandStat[] {
    const stats = [...this.#ask('INFO', 'commandstats').matchAll(/^cmdstat_(\S+?):calls=(\d+),usec=(\d+)/gm)];
    this.#ask('CONFIG', 'RESETSTAT');
    return stats.map(([, name = '', calls, usec]) => ({ name, calls: Number(calls), microseconds: Number(usec) }));
  }

  keyCount(): number {
    return Number(this.#ask('DBSIZE'));
  }

  async stop(): Promise<void> {
    const ended = once(this.server, 'exit');
    this.server.kill('SIGKILL');
    await ended;
  }

  #ask(...command: string[]): string {
    return execFileSync('redis-cli', ['-p', String(this.port), ...command], { encoding: 'utf8' });
  }
}
