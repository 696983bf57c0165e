import type { RedisClient } from 'mcp-express/redis';
import { createClient, createCluster } from 'redis';
import { freePort, RedisServer } from './redis.js';
import { eventually } from './wait.js';

const SLOTS = 16_384;

/** Three masters on this machine, which share the slots and have no replicas. */
export class RedisCluster {
  /** The pattern of all clients; creating the first client takes long. */
  readonly #pattern;

  private constructor(readonly servers: readonly RedisServer[]) {
    this.#pattern = createCluster({ rootNodes: servers.map(({ url }) => ({ url })) });
  }

  static async start(masters = 3): Promise<RedisCluster> {
    const busPorts = await Promise.all(Array.from({ length: masters }, freePort));
    const servers = await Promise.all(
      busPorts.map((busPort) =>
        RedisServer.start(['--cluster-enabled', 'yes', '--cluster-port', String(busPort), '--appendonly', 'no']),
      ),
    );
    const operators = await Promise.all(servers.map(({ url }) => createClient({ url }).connect()));
    const share = Math.ceil(SLOTS / masters);
    for (const [i, operator] of operators.entries()) {
      const last = Math.min(SLOTS, (i + 1) * share) - 1;
      await operator.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', String(i * share), String(last)]);
      await operator.sendCommand(['CLUSTER', 'SET-CONFIG-EPOCH', String(i + 1)]);
    }
    for (const [i, { port }] of servers.entries()) {
      if (i > 0) {
        await operators[0]?.sendCommand(['CLUSTER', 'MEET', '127.0.0.1', String(port), String(busPorts[i])]);
      }
    }
    for (const operator of operators) {
      await eventually('the masters know each other', async () => {
        const info = String(await operator.sendCommand(['CLUSTER', 'INFO']));
        return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${masters}`);
      });
      operator.destroy();
    }
    return new RedisCluster(servers);
  }

  /** Creates a client as an application does. */
  createClient(purpose: string): RedisClient {
    const defaults = { disableOfflineQueue: purpose === 'commands' };
    // The client caches the classes that it generates, by the JSON of their options. Equal JSON makes all of them share
    // one.
    Object.defineProperty(defaults, 'toJSON', { value: () => 'alike' });
    return this.#pattern.duplicate({ defaults }) as unknown as RedisClient;
  }

  /** Stops all servers at once. Their data is lost, the assignment of slots is not. */
  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop('SIGKILL')));
  }

  async startAgain(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.start()));
  }

  async remove(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.remove()));
  }
}
