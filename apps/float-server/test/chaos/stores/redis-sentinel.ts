import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { freePort, isTaken } from '../cluster/port.js';
import { Program } from '../cluster/program.js';
import { until } from '../waiting.js';
import type { Backing } from './backing.js';
import { killReplicated, Redis } from './redis.js';

/** The name of the master in Sentinel. */
export const MASTER_NAME = 'store';

const REPLICATION = ['--repl-diskless-sync-delay', '0'];

/** Time limit of a failover on a busy machine. Milliseconds. */
const FAILOVER_LIMIT_MS = 60_000;

/** A master, its replica, and the Sentinel that fails over. */
export class RedisSentinel implements Backing {
  private constructor(
    private master: Redis,
    private replica: Redis,
    private readonly sentinel: Program,
    private readonly sentinelPort: number,
  ) {}

  static async start(folder: string): Promise<RedisSentinel> {
    const master = await Redis.start(folder, REPLICATION);
    const replica = await Redis.start(folder, [...REPLICATION, '--replicaof', '127.0.0.1', String(master.port)]);
    await until('the replica is linked', () => replica.isLinked());
    const port = await freePort();
    const config = join(folder, 'sentinel.conf');
    const settings = [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor ${MASTER_NAME} 127.0.0.1 ${master.port} 1`,
      // A failover from a master that is only slow would lose acknowledged writes.
      `sentinel down-after-milliseconds ${MASTER_NAME} 3000`,
      `sentinel failover-timeout ${MASTER_NAME} 10000`,
    ];
    writeFileSync(config, `${settings.join('\n')}\n`);
    const args = [config, '--sentinel'];
    const sentinel = await Program.start({ command: 'redis-server', args, isReady: () => isTaken(port) });
    const watched = new RedisSentinel(master, replica, sentinel, port);
    await watched.#whole();
    return watched;
  }

  get name(): string {
    return `redis-sentinel:${this.sentinelPort}`;
  }

  get hasCrashed(): boolean {
    return this.master.hasCrashed || this.replica.hasCrashed || this.sentinel.hasCrashed;
  }

  async start(): Promise<void> {}

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await Promise.all([this.master.end(signal), this.replica.end(signal), this.sentinel.end(signal)]);
  }

  stall(ms: number): Promise<void> {
    return this.master.stall(ms);
  }

  configure(setting: string, value: string): Promise<void> {
    return this.master.configure(setting, value);
  }

  async failOver(ms: number): Promise<void> {
    const { master, replica } = this;
    await killReplicated(master, replica);
    await until('the replica is the master', () => replica.isMaster(), FAILOVER_LIMIT_MS);
    await delay(ms);
    await master.start([...REPLICATION, '--replicaof', '127.0.0.1', String(replica.port)]);
    [this.master, this.replica] = [replica, master];
    await this.#whole();
  }

  /** Resolves when the replica is linked and Sentinel considers it fit to take over. */
  async #whole(): Promise<void> {
    const isWhole = async (): Promise<boolean> => {
      if (!(await this.replica.isLinked())) return false;
      const replicas = await this.#ask('SENTINEL', 'REPLICAS', MASTER_NAME).catch(() => '');
      return replicas.includes(`,${this.replica.port},`) && !/,flags,[^,]*(down|disconnected)/.test(replicas);
    };
    await until('Sentinel knows the replica', isWhole, FAILOVER_LIMIT_MS);
  }

  async #ask(...command: string[]): Promise<string> {
    const client = createClient({
      url: `redis://127.0.0.1:${this.sentinelPort}`,
      // Lists of names and values, where RESP 3 has maps.
      RESP: 2,
      socket: { reconnectStrategy: false },
    });
    client.on('error', () => {});
    try {
      await client.connect();
      return [await client.sendCommand(command)].flat(3).join(',');
    } finally {
      if (client.isOpen) client.destroy();
    }
  }
}
