import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from '../cluster/cluster.js';
import type { ServerNode } from '../cluster/node.js';
import type { FaultName, Step } from './fault.js';

type Injection = (cluster: Cluster, step: Step) => Promise<void>;

/** The longest life of a node in a crash loop: long enough to serve requests and to notice dead nodes. Milliseconds. */
const CRASHING_LIFE_MS = 1_200;

/** Bounds the loop on machines where a process takes long to start. */
const MOST_LIVES = 6;

/** The implementation of each fault. When a promise resolves, the service is complete again. */
export const INJECTIONS: Readonly<Record<FaultName, Injection>> = {
  kill: (cluster, { node, ms }) => kill(cluster.node(node), ms),
  'kill-two': async (cluster, { node, ms }) => {
    const spared = cluster.node(node);
    await Promise.all(cluster.nodes.filter((one) => one !== spared).map((one) => kill(one, ms)));
  },
  drain: async (cluster, { node }) => {
    await cluster.node(node).drain();
    await cluster.node(node).start();
  },
  'crash-loop': async (cluster, { node, ms }) => {
    const crashing = cluster.node(node);
    const endsAt = performance.now() + ms;
    for (let life = 0; life < MOST_LIVES && performance.now() < endsAt; life += 1) {
      await crashing.kill();
      await crashing.begin();
      await delay((life * 311) % CRASHING_LIFE_MS);
    }
    await kill(crashing, 0);
  },
  stall: async (cluster, { node, ms }) => {
    const stalled = cluster.node(node);
    await cluster.disturbances.during({ what: 'node stalled', node: stalled.name }, () => stalled.stall(ms));
  },
  'restart-store': (cluster, { ms }) => restart(cluster, 'SIGTERM', ms),
  'crash-store': (cluster, { ms }) => restart(cluster, 'SIGKILL', ms),
  'stall-store': (cluster, { ms }) => withStoreAway(cluster, () => cluster.store.stall(ms)),
  'fill-store': (cluster, { ms }) => configured(cluster, ['maxmemory', '1', '0'], ms),
  'store-read-only': (cluster, { ms }) => configured(cluster, ['min-replicas-to-write', '1', '0'], ms),
  'cut-all': (cluster, { ms }) =>
    withStoreAway(cluster, async () => {
      for (const line of cluster.nodes.keys()) cluster.lines?.send({ line, act: 'cut' });
      await delay(ms);
      for (const line of cluster.nodes.keys()) cluster.lines?.send({ line, act: 'open' });
    }),
  'cut-off': (cluster, step) => partition(cluster, step, 'cut'),
  silence: (cluster, step) => partition(cluster, step, 'silence'),
  'fail-over': (cluster, { ms }) => withStoreAway(cluster, () => cluster.store.failOver(ms)),
};

async function kill(node: ServerNode, downMs: number): Promise<void> {
  await node.kill();
  await delay(downMs);
  await node.start();
}

function restart(cluster: Cluster, signal: 'SIGTERM' | 'SIGKILL', ms: number): Promise<void> {
  return withStoreAway(cluster, async () => {
    await cluster.store.end(signal);
    await delay(ms);
    await cluster.store.start();
  });
}

function configured(cluster: Cluster, [name, wrong, right]: readonly [string, string, string], ms: number) {
  return withStoreAway(cluster, async () => {
    await cluster.store.configure(name, wrong);
    await delay(ms);
    await cluster.store.configure(name, right);
  });
}

function partition(cluster: Cluster, { node, ms }: Step, how: 'cut' | 'silence'): Promise<void> {
  const line = node - 1;
  return cluster.disturbances.during({ what: 'node cut off', node: cluster.node(node).name }, async () => {
    cluster.lines?.send({ line, act: how });
    await delay(ms);
    cluster.lines?.send({ line, act: 'open' });
  });
}

function withStoreAway(cluster: Cluster, act: () => Promise<void>): Promise<void> {
  return cluster.disturbances.during({ what: 'store away' }, act);
}
