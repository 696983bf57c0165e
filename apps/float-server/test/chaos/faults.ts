import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from './cluster/cluster.js';
import type { ServerNode } from './cluster/node.js';
import type { Redis } from './cluster/redis.js';
import type { Random } from './random.js';

/** The parts of a fault injection. */
export interface FaultParts {
  readonly cluster: Cluster;
  readonly kinds: FaultKinds;
  readonly random: Random;
  readonly stop: AbortSignal;
  /** Called with each fault as it is injected. */
  readonly tell: (what: string) => void;
}

/** `nodes` excludes faults of the store. */
export type FaultKinds = 'all' | 'nodes';

const FAULTS = ['kill', 'drain', 'kill two', 'restart the store', 'crash the store'] as const;
/** A kind of fault. */
export type Fault = (typeof FAULTS)[number];

/** Number of injected faults by kind. */
export type Done = Map<Fault, number>;

/** Injects one fault after another until stopped. All programs run again afterwards. */
export async function injectFaults({ cluster, kinds, random, stop, tell }: FaultParts): Promise<Done> {
  const done: Done = new Map();
  const possible = FAULTS.filter((fault) => isPossible(fault, cluster, kinds));
  // Each kind occurs before any occurs again, so that a short run includes all of them.
  let bag: Fault[] = [];
  while (!stop.aborted) {
    await delay(random.between(200, 600));
    if (bag.length === 0) bag = [...possible];
    const [fault] = bag.splice(random.between(0, bag.length - 1), 1) as [Fault];
    tell(fault);
    await ACTS[fault](cluster, random);
    done.set(fault, (done.get(fault) ?? 0) + 1);
  }
  return done;
}

function isPossible(fault: Fault, { nodes, redis }: Cluster, kinds: FaultKinds): boolean {
  if (fault === 'kill two') return nodes.length > 2;
  return !/store/.test(fault) || (redis !== undefined && kinds === 'all');
}

const ACTS: Record<Fault, (cluster: Cluster, random: Random) => Promise<void>> = {
  kill: (cluster, random) => kill(one(cluster, random), random),
  'kill two': async (cluster, random) => {
    const spared = one(cluster, random);
    await Promise.all(cluster.nodes.filter((node) => node !== spared).map((node) => kill(node, random)));
  },
  drain: async (cluster, random) => {
    const node = one(cluster, random);
    await node.drain();
    await node.start();
  },
  'restart the store': (cluster, random) => restart(cluster.redis as Redis, 'SIGTERM', random),
  'crash the store': (cluster, random) => restart(cluster.redis as Redis, 'SIGKILL', random),
};

function one({ nodes }: Cluster, random: Random): ServerNode {
  return random.pick(nodes as [ServerNode, ...ServerNode[]]);
}

async function kill(node: ServerNode, random: Random): Promise<void> {
  await node.kill();
  await delay(random.between(0, 800));
  await node.start();
}

async function restart(redis: Redis, signal: 'SIGTERM' | 'SIGKILL', random: Random): Promise<void> {
  await redis.end(signal);
  await delay(random.between(0, 800));
  await redis.start();
}
