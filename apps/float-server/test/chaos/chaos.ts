import { setTimeout as delay } from 'node:timers/promises';
import { act } from './actors/actor.js';
import { type ChaosClient, CLIENTS } from './actors/client.js';
import { Cluster, type StoreKind } from './cluster/cluster.js';
import { bringFaults, type Done, type FaultKinds } from './faults.js';
import { Ledger } from './ledger/ledger.js';
import { readJournal } from './ledger/read-journal.js';
import { judge, type Verdict } from './ledger/verdict.js';
import { CHAOS_NODE } from './places.js';
import { Random } from './random.js';
import { until } from './waiting.js';

export interface ChaosOptions {
  readonly store: StoreKind;
  readonly faults: FaultKinds;
  /** How long faults are brought and calls begun. What was begun then takes some seconds more to come to its end. */
  readonly seconds: number;
  readonly clients: number;
  readonly seed: number;
  readonly tell?: (what: string) => void;
}

export interface Outcome {
  readonly ledger: Ledger;
  readonly verdict: Verdict;
  readonly done: Done;
}

/**
 * Several nodes stop in order because others take what their calls wait for; one alone would wait for it until its time is
 * up. Sessions must outlive the time that nobody is there, and no longer: those whose opening nobody heard of stay so long.
 */
const SHAPES = {
  redis: { nodes: 3, nginx: true, env: { GRACE_MS: '10000', SESSION_IDLE_MS: '15000' } },
  lmdb: { nodes: 1, nginx: false, env: { GRACE_MS: '1500', SESSION_IDLE_MS: '25000' } },
} as const;

/** How many things each client does at once. */
const LANES = 2;

/** Longer than it takes a session to expire whose opening was answered by nobody. */
const LEAKS_MS = 60_000;

/** Clients call, faults come, and in the end everything must add up. */
export async function chaos(options: ChaosOptions): Promise<Outcome> {
  const { store, seconds, clients: count, seed, faults: kinds, tell = () => {} } = options;
  const cluster = await Cluster.start({ main: CHAOS_NODE, store, ...SHAPES[store] });
  const random = new Random(seed);
  const ledger = new Ledger();
  const { url } = cluster;
  try {
    const clients = await Promise.all(
      Array.from({ length: count }, (_none, index) => {
        const connect = CLIENTS[index % CLIENTS.length] as (typeof CLIENTS)[0];
        return connect({ url, name: `c${index}`, ledger, random: random.fork() });
      }),
    );
    const enough = new AbortController();
    const stop = enough.signal;
    const actors = clients.flatMap((client) =>
      Array.from({ length: LANES }, () => act({ client, url, ledger, random: random.fork(), stop })),
    );
    const faults = bringFaults({ cluster, kinds, random: random.fork(), stop, tell });
    await Promise.race([delay(seconds * 1_000), Promise.all(actors), faults]);
    enough.abort();
    const done = await faults;
    await Promise.all(actors);
    await Promise.all(clients.map((client: ChaosClient) => client.leave()));
    const leaks = await leaksOf(cluster);
    const entries = readJournal(cluster.journal);
    const outages = done.has('restart the store') || done.has('crash the store');
    const alone = cluster.nodes.length === 1;
    const { faults: found, ...verdict } = judge(ledger, { lives: cluster.lives, entries, outages, alone });
    return { ledger, done, verdict: { ...verdict, faults: [...cluster.fallen, ...leaks, ...found] } };
  } finally {
    await cluster.stop();
  }
}

/** What is still there after everybody left: nothing, or a leak. */
async function leaksOf(cluster: Cluster): Promise<string[]> {
  let left: string[] = [];
  const look = async (): Promise<boolean> => {
    const figures = await Promise.all(cluster.nodes.map((node) => node.figures()));
    left = figures.flatMap((stats, index) =>
      ['sessions', 'calls', 'streams', 'listeners', 'tasks']
        .filter((kind) => stats?.[kind] !== 0)
        .map((kind) => `${cluster.nodes[index]?.name} has ${String(stats?.[kind])} ${kind} when everybody has left`),
    );
    return left.length === 0;
  };
  await until('nothing is left', look, LEAKS_MS).catch(() => {});
  return left;
}
