import type { Bench } from '../bench.js';
import { load, type Round, type Target } from '../comparison/load.js';
import { preparedRequests } from '../comparison/workload.js';
import { RedisProcess } from '../redis-process.js';
import type { ServerProcess } from '../server-process.js';
import { ratios } from '../statistics.js';
import { SERVE } from '../subjects.js';
import { USUAL_TOOLS } from '../tools.js';
import { sessionHead } from '../wire/head.js';
import { openSessions } from '../wire/sessions.js';
import { callLatency, pingLatency } from './latency.js';
import type { Finding, Row } from './row.js';

/** One node, or two that share a core, and their measurements. */
interface Side {
  readonly targets: readonly Target[];
  readonly rates: number[];
  /** Milliseconds of one call alone, median of a round. */
  readonly latencies: number[];
}

/** Calls with the Redis store on two nodes against the memory store on one. */
export const ROW_14: Row = {
  name: '14',
  what: '`tools/call` with the Redis store, two nodes',
  against: 'memory store, one node',
  measure: async (bench): Promise<Finding> => {
    const redis = await RedisProcess.start();
    try {
      return await compare(bench, redis);
    } finally {
      await bench.stopAll();
      await redis.stop();
    }
  },
};

async function compare(bench: Bench, redis: RedisProcess): Promise<Finding> {
  const redisUrl = redis.url;
  const alone = sideOf(await targets(bench, [await bench.start(SERVE)]));
  const nodes = [await bench.start(SERVE, { redisUrl }), await bench.start(SERVE, { redisUrl })];
  const two = sideOf(await targets(bench, nodes));
  const [pings, commands]: [number[], number[]] = [[], []];
  for (const side of [alone, two]) await run(side, bench.extent.warmUpSeconds);
  for (let round = 0; round < bench.extent.rounds; round += 1) {
    for (const side of [alone, two]) {
      side.rates.push(await run(side, bench.extent.seconds));
      const before = await redis.commandCount();
      side.latencies.push(await callLatency(side.targets[0]!, bench.extent.singleCalls));
      if (side === two) commands.push(((await redis.commandCount()) - before) / bench.extent.singleCalls);
    }
    pings.push(await pingLatency(redisUrl, bench.extent.singleCalls, bench.cores?.server));
  }
  const added = two.latencies.map((latency, round) => latency - alone.latencies[round]!);
  return {
    verdicts: [
      { what: 'per node and core', found: ratios(two.rates, alone.rates), unit: 'times', target: { least: 0.5 } },
      { what: 'latency added, in Redis round trips', found: ratios(added, pings), unit: 'times', target: { most: 1 } },
    ],
    figures: [
      { what: 'memory store, one node', values: alone.rates, unit: 'per second' },
      { what: 'Redis store, two nodes on one core', values: two.rates, unit: 'per second' },
      { what: 'memory store, one call', values: alone.latencies, unit: 'ms' },
      { what: 'Redis store, one call', values: two.latencies, unit: 'ms' },
      { what: 'Redis round trip (`PING`)', values: pings, unit: 'ms' },
      { what: 'commands that one call sends, awaited or not', values: commands, unit: 'count' },
    ],
    notes: [
      'The two nodes share the core that the one node has alone, so what they do together is what one does on a core of ' +
        'its own. Every session is used on both nodes. Redis runs on the core of the load.',
    ],
  };
}

function sideOf(targets: readonly Target[]): Side {
  return { targets, rates: [], latencies: [] };
}

/** The connections are spread over the nodes, and every session is used on each of them. */
async function targets(bench: Bench, nodes: readonly ServerProcess[]): Promise<Target[]> {
  const requests = preparedRequests({ kind: 'calls', era: 'sessions' }, USUAL_TOOLS);
  const sessions = await openSessions(nodes[0]!.port, Math.ceil(bench.extent.connections / nodes.length));
  return nodes.map(({ port }) => ({ port, requests, heads: sessions.map((session) => sessionHead(port, session)) }));
}

/** @returns calls a second on all nodes together. */
async function run({ targets }: Side, seconds: number): Promise<number> {
  const rounds = await Promise.all(targets.map((target) => load(target, { ms: seconds * 1000, sleeps: true })));
  return rounds.reduce((sum, round) => sum + rate(round), 0);
}

function rate({ calls, seconds, faults, firstFault }: Round): number {
  if (faults > 0) throw new Error(`${faults} wrong or missing answers; the first: ${firstFault}`);
  return calls / seconds;
}
