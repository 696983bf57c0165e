import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../cluster/port.js';
import { until } from '../waiting.js';
import type { Backing } from './backing.js';
import { killReplicated, Redis } from './redis.js';

const SLOTS = 16_384;
const SHARDS = 3;

/** Time limit of a failover on a busy machine. Milliseconds. */
const FAILOVER_LIMIT_MS = 60_000;

interface Shard {
  master: Redis;
  replica: Redis;
}

/** A Redis Cluster of three masters, each with a replica. */
export class RedisCluster implements Backing {
  #next = 0;

  private constructor(private readonly shards: readonly Shard[]) {}

  static async start(folder: string): Promise<RedisCluster> {
    const busPorts = await Promise.all(Array.from({ length: 2 * SHARDS }, freePort));
    const servers = await Promise.all(busPorts.map((busPort) => clustered(folder, busPort)));
    const [first] = servers as [Redis];
    const share = Math.ceil(SLOTS / SHARDS);
    const shards: Shard[] = [];
    for (let shard = 0; shard < SHARDS; shard += 1) {
      const [master, replica] = servers.slice(2 * shard, 2 * shard + 2) as [Redis, Redis];
      const last = Math.min(SLOTS, (shard + 1) * share) - 1;
      await master.send('CLUSTER', 'ADDSLOTSRANGE', String(shard * share), String(last));
      await master.send('CLUSTER', 'SET-CONFIG-EPOCH', String(shard + 1));
      shards.push({ master, replica });
    }
    for (const [index, { port }] of servers.entries()) {
      if (index > 0) await first.send('CLUSTER', 'MEET', '127.0.0.1', String(port), String(busPorts[index]));
    }
    const cluster = new RedisCluster(shards);
    await until('the masters know each other', () => cluster.#agree(), FAILOVER_LIMIT_MS);
    for (const { master, replica } of shards) {
      const id = await master.send('CLUSTER', 'MYID');
      await until('the replica follows', () => replica.send('CLUSTER', 'REPLICATE', id).then(isOk, isNot), 30_000);
    }
    await cluster.#whole();
    return cluster;
  }

  get name(): string {
    return `redis-cluster:${this.shards.map(({ master }) => master.port).join(',')}`;
  }

  get hasCrashed(): boolean {
    return this.#servers.some(({ hasCrashed }) => hasCrashed);
  }

  async start(): Promise<void> {}

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.end(signal)));
  }

  async stall(ms: number): Promise<void> {
    await Promise.all(this.shards.map(({ master }) => master.stall(ms)));
  }

  async configure(setting: string, value: string): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.configure(setting, value)));
  }

  /** Fails over one shard per call, in turn. */
  async failOver(ms: number): Promise<void> {
    const shard = this.shards[this.#next++ % SHARDS] as Shard;
    const { master, replica } = shard;
    await killReplicated(master, replica);
    await until('the replica is the master', () => replica.isMaster(), FAILOVER_LIMIT_MS);
    await delay(ms);
    await master.start();
    [shard.master, shard.replica] = [replica, master];
    await this.#whole();
  }

  get #servers(): Redis[] {
    return this.shards.flatMap(({ master, replica }) => [master, replica]);
  }

  async #agree(): Promise<boolean> {
    const infos = await Promise.all(this.#servers.map((server) => server.send('CLUSTER', 'INFO').catch(() => '')));
    const known = `cluster_known_nodes:${2 * SHARDS}`;
    return infos.every((info) => info.includes('cluster_state:ok') && info.includes(known));
  }

  async #whole(): Promise<void> {
    const isWhole = async (): Promise<boolean> => {
      const linked = await Promise.all(this.shards.map(({ replica }) => replica.isLinked()));
      return linked.every(Boolean) && (await this.#agree());
    };
    await until('each master has a replica', isWhole, FAILOVER_LIMIT_MS);
  }
}

function clustered(folder: string, busPort: number): Promise<Redis> {
  // A failover from a master that is only slow would lose acknowledged writes.
  const patience = ['--cluster-node-timeout', '3000', '--cluster-replica-validity-factor', '0'];
  const settings = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort), ...patience];
  return Redis.start(folder, [...settings, '--repl-diskless-sync-delay', '0']);
}

const isOk = (): true => true;
const isNot = (): false => false;
