import { setTimeout as delay } from 'node:timers/promises';
import { act } from './actors/actor.js';
import { type ChaosClient, CLIENTS } from './actors/client.js';
import { Cluster, type StoreKind } from './cluster/cluster.js';
import type { FaultTrack, Step } from './faults/fault.js';
import { type InjectedFault, injectFaults } from './faults/inject-faults.js';
import { randomSteps } from './faults/schedule.js';
import { Ledger } from './ledger/ledger.js';
import { readJournal, stallsOf } from './ledger/read-journal.js';
import { type Fault, judge, type Verdict } from './ledger/verdict.js';
import { CHAOS_NODE } from './paths.js';
import { Random } from './random.js';
import { until } from './waiting.js';

/** Options of a chaos run. */
export interface ChaosOptions {
  readonly store: StoreKind;
  /** `nodes` leaves the store alone. */
  readonly faults: 'all' | 'nodes';
  /** How long faults are injected and new calls begin. Calls that are running then take some more seconds to complete. */
  readonly seconds: number;
  readonly clients: number;
  readonly seed: number;
  /** The longest duration of a fault, in milliseconds. @default no limit beyond that of each fault */
  readonly longestMs?: number;
  /** The steps of each track, in place of random ones. */
  readonly schedule?: readonly (readonly Step[])[];
  readonly log?: (what: string) => void;
}

/** The result of a chaos run. */
export interface Outcome {
  readonly ledger: Ledger;
  readonly verdict: Verdict;
  /** The injected faults of each track. */
  readonly injected: readonly (readonly InjectedFault[])[];
  /** The time of the first fault, by `performance.now()`. */
  readonly beganAt: number;
}

interface Shape {
  readonly nodes: number;
  readonly nginx: boolean;
  readonly graceMs: number;
  /** Session idle time of runs with short faults. Milliseconds. */
  readonly idleMs: number;
  /** The tracks of `faults: 'all'`. */
  readonly tracks: readonly FaultTrack[];
}

/**
 * Several nodes drain quickly, because the others receive the messages that their calls wait for. A single node would wait for
 * them until its grace time ends.
 */
const SHAPES: Readonly<Record<StoreKind, Shape>> = {
  redis: { nodes: 3, nginx: true, graceMs: 10_000, idleMs: 15_000, tracks: ['nodes', 'store'] },
  'redis-sentinel': { nodes: 3, nginx: true, graceMs: 10_000, idleMs: 90_000, tracks: ['nodes', 'failover'] },
  'redis-cluster': { nodes: 3, nginx: true, graceMs: 10_000, idleMs: 90_000, tracks: ['nodes', 'failover'] },
  lmdb: { nodes: 1, nginx: false, graceMs: 1_500, idleMs: 25_000, tracks: ['nodes'] },
};

/**
 * Session idle time of runs with long faults. Sessions must outlive the longest time without a ready node on a busy machine.
 * They should not live longer: a session whose `initialize` response was lost stays until it expires. Milliseconds.
 */
const LONG_FAULTS_IDLE_MS = 90_000;

/** The longest duration of a short fault. Milliseconds. */
const SHORT_MS = 2_000;

/** Concurrent activities of each client. */
const LANES = 2;

/** How much longer than a session may be idle until its expiry is noticed, on a busy machine. */
const EXPIRY_MS = 60_000;

/** Runs clients and faults, then judges the results. */
export async function chaos(options: ChaosOptions): Promise<Outcome> {
  const { store, seconds, clients: count, seed } = options;
  const { nodes, nginx, graceMs, tracks, ...shape } = SHAPES[store];
  const isShort = options.longestMs !== undefined && options.longestMs <= SHORT_MS;
  const idleMs = isShort ? shape.idleMs : LONG_FAULTS_IDLE_MS;
  const env = { GRACE_MS: String(graceMs), SESSION_IDLE_MS: String(idleMs) };
  const cluster = await Cluster.start({ main: CHAOS_NODE, store, nodes, nginx, lines: true, env });
  const random = new Random(seed);
  // Derived from the seed only, so that the faults do not depend on the number of clients.
  const steps = options.schedule ?? randomTracks(tracks, options, nodes);
  const ledger = new Ledger();
  const { url } = cluster;
  try {
    const clients = await Promise.all(
      Array.from({ length: count }, (_none, index) => {
        const connect = CLIENTS[index % CLIENTS.length] as (typeof CLIENTS)[0];
        return connect({ url, name: `c${index}`, ledger, random: random.fork() });
      }),
    );
    const beganAt = performance.now();
    const ending = new AbortController();
    const stop = ending.signal;
    const actors = clients.flatMap((client) =>
      Array.from({ length: LANES }, () => act({ client, url, ledger, random: random.fork(), stop })),
    );
    const faults = injectFaults({ cluster, tracks: steps, stop, log: options.log ?? (() => {}) });
    await Promise.race([delay(seconds * 1_000), Promise.all(actors), faults.then(() => delay(seconds * 1_000))]);
    ending.abort();
    const brought = await faults;
    await Promise.all(actors);
    await Promise.all(ledger.pendingRereads);
    await Promise.all(clients.map((client: ChaosClient) => client.leave()));
    const broken: Fault[] = [...cluster.crashed, ...(await leaksOf(cluster, idleMs))].map((text) => ({ text }));
    const entries = readJournal(cluster.journal);
    const disturbances = [...cluster.disturbances.all, ...stallsOf(entries)];
    const circumstances = { lives: cluster.lives, entries, disturbances, alone: nodes === 1 };
    const { faults: found, ...verdict } = judge(ledger, circumstances);
    return { ledger, injected: brought, beganAt, verdict: { ...verdict, faults: [...broken, ...found] } };
  } finally {
    await cluster.stop();
  }
}

function randomTracks(hands: readonly FaultTrack[], options: ChaosOptions, nodes: number): Iterable<Step>[] {
  const { faults, seed, longestMs = Number.POSITIVE_INFINITY } = options;
  const random = new Random(seed);
  return hands
    .map((hand) => ({ hand, own: random.fork() }))
    .filter(({ hand }) => faults === 'all' || hand === 'nodes')
    .map(({ hand, own }) => randomSteps(hand, { nodes, longestMs, random: own }));
}

/** Sessions, calls and streams that remain after all clients have disconnected. */
async function leaksOf(cluster: Cluster, idleMs: number): Promise<string[]> {
  let left: string[] = [];
  const look = async (): Promise<boolean> => {
    const figures = await Promise.all(cluster.nodes.map((node) => node.stats()));
    left = figures.flatMap((stats, index) =>
      ['sessions', 'calls', 'streams', 'listeners', 'tasks']
        .filter((kind) => stats?.[kind] !== 0)
        .map(
          (kind) => `${cluster.nodes[index]?.name} has ${String(stats?.[kind])} ${kind} after all clients have left`,
        ),
    );
    return left.length === 0;
  };
  await until('all sessions, calls and streams have ended', look, idleMs + EXPIRY_MS).catch(() => {});
  return left;
}
