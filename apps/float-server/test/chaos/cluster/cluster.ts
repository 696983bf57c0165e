import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Nginx } from './nginx.js';
import { type Life, ServerNode } from './node.js';
import { freePort } from './port.js';
import { Redis } from './redis.js';

/** The store of a cluster. */
export type StoreKind = 'redis' | 'lmdb';

/** Options of a cluster. */
export interface ClusterOptions {
  /** Node program that each node runs. */
  readonly main: string;
  readonly store: StoreKind;
  readonly nodes: number;
  /** False connects clients directly to the only node. */
  readonly nginx: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** A service: its nodes, their store, and their load balancer. */
export class Cluster {
  private constructor(
    /** Directory of all files of the cluster. */
    readonly folder: string,
    readonly nodes: readonly ServerNode[],
    readonly redis: Redis | undefined,
    private readonly nginx: Nginx | undefined,
  ) {}

  static async start({ main, store, nodes: count, nginx, env = {} }: ClusterOptions): Promise<Cluster> {
    const folder = mkdtempSync(join(tmpdir(), 'chaos-'));
    const journal = join(folder, 'journal');
    mkdirSync(journal);
    const redis = store === 'redis' ? await Redis.start(folder) : undefined;
    const shared = { STORE: redis?.url ?? `lmdb:${join(folder, 'lmdb')}`, JOURNAL: journal, ...env };
    const ports = await Promise.all(Array.from({ length: count }, freePort));
    const statsPorts = await Promise.all(ports.map(freePort));
    const nodes = ports.map((port, index) => {
      const statsPort = statsPorts[index] ?? 0;
      return new ServerNode({ name: `node${index + 1}`, main, port, statsPort, env: shared });
    });
    await Promise.all(nodes.map((node) => node.start()));
    const balancer = nginx ? await Nginx.start(join(folder, 'nginx'), ports) : undefined;
    return new Cluster(folder, nodes, redis, balancer);
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

  /** Output of the programs that ended unexpectedly. */
  get crashed(): readonly string[] {
    const nodes = this.nodes.flatMap(({ name, crashOutput }) =>
      crashOutput === undefined ? [] : [`${name}:\n${crashOutput}`],
    );
    const others = [...(this.redis?.hasCrashed ? ['Redis'] : []), ...(this.nginx?.hasCrashed ? ['nginx'] : [])];
    return [...nodes, ...others];
  }

  async stop(): Promise<void> {
    await this.nginx?.stop();
    await Promise.all(this.nodes.map((node) => node.kill()));
    await this.redis?.end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
