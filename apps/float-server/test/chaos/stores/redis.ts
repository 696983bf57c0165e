import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from 'redis';
import { freePort, isTaken } from '../cluster/port.js';
import { Program } from '../cluster/program.js';
import type { Backing } from './backing.js';

/**
 * Redis with an append-only file: acknowledged writes survive a crash of the process. That holds for `appendfsync no` and `always`.
 * With `everysec` a crash may lose two seconds, because Redis does not wait for a busy disk, and the ledger would report the
 * lost calls.
 */
export class Redis implements Backing {
  #program: Program | undefined;

  private constructor(
    private readonly folder: string,
    readonly port: number,
  ) {}

  /** @param parent the directory for its data directory */
  static async start(parent: string): Promise<Redis> {
    const port = await freePort();
    const folder = join(parent, `redis-${port}`);
    mkdirSync(folder);
    const redis = new Redis(folder, port);
    await redis.start();
    return redis;
  }

  get name(): string {
    return this.url;
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

  async stall(ms: number): Promise<void> {
    await this.#program?.stall(ms);
  }

  async configure(setting: string, value: string): Promise<void> {
    await this.send('CONFIG', 'SET', setting, value);
  }

  /** The reply to one command on a new connection. */
  async send(...command: string[]): Promise<string> {
    const client = createClient({ url: this.url, socket: { reconnectStrategy: false } });
    client.on('error', () => {});
    try {
      await client.connect();
      return String(await client.sendCommand(command));
    } finally {
      if (client.isOpen) client.destroy();
    }
  }
}
