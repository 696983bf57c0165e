import { freePort, isTaken } from './port.js';
import { Program } from './program.js';

/**
 * Redis with persistence: acknowledged writes survive a crash. This holds with `appendfsync no` (the system flushes) and
 * `always`; with `everysec` a crash may lose two seconds, because Redis does not wait for a busy disk, and the ledger could
 * not add up.
 */
export class Redis {
  #program: Program | undefined;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  /** @param folder directory for its data */
  static async start(folder: string): Promise<Redis> {
    const redis = new Redis(folder, await freePort());
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get hasCrashed(): boolean {
    return this.#program?.hasCrashed ?? false;
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
