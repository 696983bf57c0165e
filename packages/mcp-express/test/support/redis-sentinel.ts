import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RedisClient } from 'mcp-express/redis';
import { createClient, createSentinel } from 'redis';
import { freePort, RedisServer } from './redis.js';
import { eventually } from './wait.js';

const NAME = 'store';

/** One master, one replica, and a Sentinel that promotes the replica shortly after the master is gone. */
export class WatchedRedis {
  private constructor(
    readonly master: RedisServer,
    readonly replica: RedisServer,
    private readonly sentinel: ChildProcess,
    private readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(): Promise<WatchedRedis> {
    const master = await RedisServer.start(['--repl-diskless-sync-delay', '0']);
    const replica = await RedisServer.start(['--replicaof', '127.0.0.1', String(master.port)]);
    const [port, folder] = [await freePort(), mkdtempSync(join(tmpdir(), 'sentinel-'))];
    const settings = [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor ${NAME} 127.0.0.1 ${master.port} 1`,
      `sentinel down-after-milliseconds ${NAME} 500`,
      `sentinel failover-timeout ${NAME} 5000`,
    ];
    writeFileSync(join(folder, 'sentinel.conf'), `${settings.join('\n')}\n`);
    const sentinel = spawn('redis-server', [join(folder, 'sentinel.conf'), '--sentinel'], { stdio: 'ignore' });
    const watched = new WatchedRedis(master, replica, sentinel, port, folder);
    await eventually('the replica has all, and Sentinel knows it', () => watched.#isComplete());
    return watched;
  }

  /** Creates a client as an application does. */
  createClient(): RedisClient {
    const client = createSentinel({
      name: NAME,
      sentinelRootNodes: [{ host: '127.0.0.1', port: this.port }],
      nodeClientOptions: { disableOfflineQueue: true },
    });
    return client as unknown as RedisClient;
  }

  /** Waits until the replica has all data that the master has accepted so far. */
  async replicated(): Promise<void> {
    const [master, replica] = await Promise.all(
      [this.master, this.replica].map(({ url }) => createClient({ url }).connect()),
    );
    const offset = Number(/master_repl_offset:(\d+)/.exec(String(await master?.info('replication')))?.[1]);
    await eventually('the replica has it', async () => {
      const info = String(await replica?.info('replication'));
      return Number(/slave_repl_offset:(\d+)/.exec(info)?.[1]) >= offset;
    });
    master?.destroy();
    replica?.destroy();
  }

  async remove(): Promise<void> {
    const ended = once(this.sentinel, 'exit');
    this.sentinel.kill('SIGKILL');
    await ended;
    await Promise.all([this.master.remove(), this.replica.remove()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #isComplete(): Promise<boolean> {
    const client = createClient({ url: `redis://127.0.0.1:${this.port}`, socket: { reconnectStrategy: false } });
    client.on('error', () => {});
    try {
      await client.connect();
      const known = String(await client.info('sentinel'));
      const replica = createClient({ url: this.replica.url });
      await replica.connect();
      const isLinked = String(await replica.info('replication')).includes('master_link_status:up');
      replica.destroy();
      return isLinked && known.includes('slaves=1');
    } catch {
      return false;
    } finally {
      if (client.isOpen) client.destroy();
    }
  }
}
