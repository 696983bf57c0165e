import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from './cluster/cluster.js';
import type { ServerNode } from './cluster/node.js';
import type { Redis } from './cluster/redis.js';
import type { Random } from './random.js';

export interface FaultParts {
  readonly cluster: Cluster;
  readonly kinds: FaultKinds;
  readonly random: Random;
  readonly stop: AbortSignal;
  /** Told what is done, as it is done. */
  readonly tell: (what: string) => void;
}

/** `nodes` leaves the store alone. */
export type FaultKinds = 'all' | 'nodes';

const FAULTS = ['kill', 'drain', 'kill two', 'restart the store', 'crash the store'] as const;
export type Fault = (typeof FAULTS)[number];

export type Done = Map<Fault, number>;

/** Brings one fault after the other upon a service until it is told to stop. Leaves it whole. */
export async function bringFaults({ cluster, kinds, random, stop, tell }: FaultParts): Promise<Done> {
  const done: Done = new Map();
  const possible = FAULTS.filter((fault) => isPossible(fault, cluster, kinds));
  // Each kind comes before any comes again, so that a short run has seen them all.
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
