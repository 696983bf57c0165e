import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Nginx } from './nginx.js';
import { type Life, ServerNode } from './node.js';
import { freePort } from './port.js';
import { Redis } from './redis.js';

export type StoreKind = 'redis' | 'lmdb';

export interface ClusterOptions {
  /** The program each node runs, a file for Node. */
  readonly main: string;
  readonly store: StoreKind;
  readonly nodes: number;
  /** Without it, clients speak to the only node itself. */
  readonly nginx: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** A service: its nodes, what they share, and what stands before them. */
export class Cluster {
  private constructor(
    /** Where everything of it is written. */
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

  /** Where clients call. */
  get url(): string {
    return this.nginx?.url ?? `http://127.0.0.1:${this.nodes[0]?.port}/mcp`;
  }

  get journal(): string {
    return join(this.folder, 'journal');
  }

  get lives(): readonly Life[] {
    return this.nodes.flatMap(({ lives }) => lives);
  }

  /** What ended though nobody asked it to, with what it printed. */
  get fallen(): readonly string[] {
    const nodes = this.nodes.flatMap(({ name, fall }) => (fall === undefined ? [] : [`${name}:\n${fall}`]));
    const others = [...(this.redis?.hasFallen ? ['Redis'] : []), ...(this.nginx?.hasFallen ? ['nginx'] : [])];
    return [...nodes, ...others];
  }

  async stop(): Promise<void> {
    await this.nginx?.stop();
    await Promise.all(this.nodes.map((node) => node.kill()));
    await this.redis?.end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
