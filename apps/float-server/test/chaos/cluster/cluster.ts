import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Backing, fileAt } from '../stores/backing.js';
import { Redis } from '../stores/redis.js';
import { RedisCluster } from '../stores/redis-cluster.js';
import { RedisSentinel } from '../stores/redis-sentinel.js';
import { Disturbances } from './disturbances.js';
import { Lines } from './lines.js';
import { Nginx } from './nginx.js';
import { type Life, ServerNode } from './node.js';
import { freePort } from './port.js';
import { probe } from './probe.js';

const STORES = {
  redis: (folder: string): Promise<Backing> => Redis.start(folder),
  'redis-sentinel': (folder: string): Promise<Backing> => RedisSentinel.start(folder),
  'redis-cluster': (folder: string): Promise<Backing> => RedisCluster.start(folder),
  lmdb: async (folder: string): Promise<Backing> => fileAt(`lmdb:${join(folder, 'lmdb')}`),
};

/** The name of a store. */
export type StoreKind = keyof typeof STORES;

/** All stores of chaos runs. */
export const STORE_KINDS = Object.keys(STORES) as StoreKind[];

/** Options of a cluster. */
export interface ClusterOptions {
  /** Node program that each node runs. */
  readonly main: string;
  readonly store: StoreKind;
  readonly nodes: number;
  /** False connects clients directly to the only node. */
  readonly nginx: boolean;
  /** Connects nodes to Redis through proxies that can be cut. @default false */
  readonly lines?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** A service: its nodes, their store, and their load balancer. */
export class Cluster {
  readonly disturbances = new Disturbances();
  readonly #stopped = new AbortController();

  private constructor(
    /** Directory of all files of the cluster. */
    readonly folder: string,
    readonly nodes: readonly ServerNode[],
    readonly store: Backing,
    /** The proxies between nodes and Redis in the order of the nodes, and one more for the probe, which is never cut. */
    readonly lines: Lines | undefined,
    private readonly nginx: Nginx | undefined,
  ) {}

  static async start(options: ClusterOptions): Promise<Cluster> {
    const { main, store, nodes: count, nginx, env = {} } = options;
    const folder = mkdtempSync(join(tmpdir(), 'chaos-'));
    const journal = join(folder, 'journal');
    mkdirSync(journal);
    const backing = await STORES[store](folder);
    const hasLines = options.lines === true && backing.port !== undefined;
    const lines = hasLines ? await Lines.start(backing.port, count + 1) : undefined;
    const ports = await Promise.all(Array.from({ length: count }, freePort));
    const statsPorts = await Promise.all(ports.map(freePort));
    const nodes = ports.map((port, index) => {
      const statsPort = statsPorts[index] ?? 0;
      const storeName = lines === undefined ? backing.name : `redis://127.0.0.1:${lines.portOf(index)}`;
      const own = { STORE: storeName, JOURNAL: journal, ...env };
      return new ServerNode({ name: `node${index + 1}`, main, port, statsPort, env: own });
    });
    await Promise.all(nodes.map((node) => node.start()));
    const balancer = nginx ? await Nginx.start(join(folder, 'nginx'), ports) : undefined;
    const cluster = new Cluster(folder, nodes, backing, lines, balancer);
    if (lines !== undefined) void probe(lines.portOf(count), cluster.disturbances, cluster.#stopped.signal);
    return cluster;
  }

  /** @param number from 1 */
  node(number: number): ServerNode {
    const node = this.nodes[number - 1];
    if (node === undefined) throw new Error(`there is no node${number}`);
    return node;
  }

  /** The MCP endpoint for clients. */
  get url(): string {
    return this.nginx?.url ?? `http://127.0.0.1:${this.nodes[0]?.port}/mcp`;
  }

  get journal(): string {
    return join(this.folder, 'journal');
  }

  get lives(): readonly Life[] {
    return this.nodes.flatMap(({ lives }) => lives);
  }

  /** The programs that ended unexpectedly, with their output. */
  get crashed(): readonly string[] {
    const nodes = this.nodes.flatMap(({ name, crash }) => (crash === undefined ? [] : [`${name}:\n${crash}`]));
    const others = [...(this.store.hasCrashed ? ['Redis'] : []), ...(this.nginx?.hasCrashed ? ['nginx'] : [])];
    return [...nodes, ...others];
  }

  async stop(): Promise<void> {
    await this.nginx?.stop();
    await Promise.all(this.nodes.map((node) => node.kill()));
    this.#stopped.abort();
    await this.lines?.stop();
    await this.store.end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
