import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
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
  #extra: readonly string[];

  private constructor(
    private readonly folder: string,
    readonly port: number,
    extra: readonly string[],
  ) {
    this.#extra = extra;
  }

  /**
   * @param parent the directory for its data directory
   * @param extra further arguments of `redis-server`
   */
  static async start(parent: string, extra: readonly string[] = []): Promise<Redis> {
    const port = await freePort();
    const folder = join(parent, `redis-${port}`);
    mkdirSync(folder);
    const redis = new Redis(folder, port, extra);
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

  /** @param extra replaces the further arguments of the last start */
  async start(extra = this.#extra): Promise<void> {
    this.#extra = extra;
    const place = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder];
    const kept = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'no', '--maxmemory-policy', 'noeviction'];
    const args = [...place, ...kept, ...extra];
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

  failOver(): Promise<never> {
    return Promise.reject(new Error('a single Redis has no replica'));
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

  /** The position in the replication stream that it has written or received. */
  async replicationOffset(): Promise<number> {
    const info = await this.send('INFO', 'replication');
    const role = /role:(\w+)/.exec(info)?.[1];
    return Number(new RegExp(`${role === 'master' ? 'master' : 'slave'}_repl_offset:(\\d+)`).exec(info)?.[1] ?? -1);
  }

  /** Whether it is a replica that is connected to its master. */
  async isLinked(): Promise<boolean> {
    return (await this.send('INFO', 'replication').catch(() => '')).includes('master_link_status:up');
  }

  async isMaster(): Promise<boolean> {
    return (await this.send('INFO', 'replication').catch(() => '')).includes('role:master');
  }
}

/** Longer than a replica takes to receive the last writes of its master. Milliseconds. */
const PAUSE_MS = 20_000;

/**
 * Kills a master when its replica has received all acknowledged writes. Redis replicates after it acknowledges, so a kill at
 * another moment may lose acknowledged writes, and the ledger would report lost calls.
 */
export async function killReplicated(master: Redis, replica: Redis): Promise<void> {
  await master.send('CLIENT', 'PAUSE', String(PAUSE_MS), 'WRITE');
  const offset = await master.replicationOffset();
  while ((await replica.replicationOffset()) < offset) await delay(10);
  await master.end('SIGKILL');
}
