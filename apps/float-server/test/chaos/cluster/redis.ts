import { freePort, isTaken } from './port.js';
import { Program } from './program.js';

/**
 * Redis with its file: what it said yes to is there again when it comes back, also after a crash. That is so with
 * `appendfsync no` (the system writes when it likes) and `always`; with `everysec` a crash may take up to two seconds along,
 * because Redis does not wait for a disk that is busy. Then what was lost is lost, and no ledger would add up.
 */
export class Redis {
  #program: Program | undefined;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  /** @param folder where it keeps its data. */
  static async start(folder: string): Promise<Redis> {
    const redis = new Redis(folder, await freePort());
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get hasFallen(): boolean {
    return this.#program?.hasFallen ?? false;
  }

  async start(): Promise<void> {
    const place = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder];
    const kept = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'no', '--maxmemory-policy', 'noeviction'];
    const args = [...place, ...kept];
    this.#program = await Program.start({ command: 'redis-server', args, isReady: () => isTaken(this.port) });
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.#program?.end(signal);
  }
}
