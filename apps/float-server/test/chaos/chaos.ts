import { setTimeout as delay } from 'node:timers/promises';
import { act } from './actors/actor.js';
import { type ChaosClient, CLIENTS } from './actors/client.js';
import { Cluster, type StoreKind } from './cluster/cluster.js';
import { type Done, type FaultKinds, injectFaults } from './faults.js';
import { Ledger } from './ledger/ledger.js';
import { readJournal } from './ledger/read-journal.js';
import { judge, type Verdict } from './ledger/verdict.js';
import { CHAOS_NODE } from './paths.js';
import { Random } from './random.js';
import { until } from './waiting.js';

/** Options of a chaos run. */
export interface ChaosOptions {
  readonly store: StoreKind;
  readonly faults: FaultKinds;
  /** Seconds during which faults are injected and calls begun. Calls take some seconds more to end. */
  readonly seconds: number;
  readonly clients: number;
  readonly seed: number;
  readonly tell?: (what: string) => void;
}

/** The result of a chaos run. */
export interface Outcome {
  readonly ledger: Ledger;
  readonly verdict: Verdict;
  readonly done: Done;
}

/**
 * Several nodes drain gracefully, because others deliver the answers and cancellations their calls wait for; a single node
 * would wait until its grace period ends. Sessions must survive an outage but no longer, since those whose opening response
 * was lost stay until they expire.
 */
const SHAPES = {
  redis: { nodes: 3, nginx: true, env: { GRACE_MS: '10000', SESSION_IDLE_MS: '15000' } },
  lmdb: { nodes: 1, nginx: false, env: { GRACE_MS: '1500', SESSION_IDLE_MS: '25000' } },
} as const;

/** Concurrent activities of each client. */
const LANES = 2;

/** Milliseconds to wait for leaks to disappear: longer than the expiry of a session whose opening response was lost. */
const LEAKS_MS = 60_000;

/** Runs clients and faults, then judges the results. */
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
    const faults = injectFaults({ cluster, kinds, random: random.fork(), stop, tell });
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
    return { ledger, done, verdict: { ...verdict, faults: [...cluster.crashed, ...leaks, ...found] } };
  } finally {
    await cluster.stop();
  }
}

/** Resources that remain after all clients have left, which are leaks. */
async function leaksOf(cluster: Cluster): Promise<string[]> {
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
  await until('nothing is left', look, LEAKS_MS).catch(() => {});
  return left;
}
