import { load, type Target } from '../comparison/load.js';
import { preparedRequests } from '../comparison/workload.js';
import type { ServerProcess } from '../server-process.js';
import { ratios } from '../statistics.js';
import { SERVE } from '../subjects.js';
import { USUAL_TOOLS } from '../tools.js';
import { sessionHead } from '../wire/head.js';
import { openSessions } from '../wire/sessions.js';
import { Backlog } from './backlog.js';
import { Replayer } from './replayer.js';
import type { Finding, Row } from './row.js';

/** A steady load well below the limit of the server: at its limit, any other work delays calls. */
const CONNECTIONS = 20;
const PER_SECOND = 50;
/** A replay takes a part of a second: shorter rounds would not see a whole one. */
const LEAST_SECONDS = 2;

/** Latency of calls beside a stalled and a replaying client. */
export const ROW_16: Row = {
  name: '16',
  what: 'p99 of calls while one client stalls and one replays 100,000 events',
  against: 'p99 without them',
  measure: async (bench): Promise<Finding> => {
    const server = await bench.start(SERVE, { streams: 'kept' });
    const target = await targetAt(server);
    const replayer = await Replayer.start(server.port, bench.extent.backlog);
    const stalled = await Backlog.make(server.port, bench.extent.backlog);
    const ms = Math.max(bench.extent.seconds, bench.extent.name === 'tiny' ? 0 : LEAST_SECONDS) * 1000;
    const [quiet, busy]: [number[], number[]] = [[], []];
    let replays = 0;
    await p99(target, ms);
    for (let round = 0; round < bench.extent.rounds; round += 1) {
      quiet.push(await p99(target, ms));
      if (round === 0) stalled.stall();
      replays += await replayer.during(async () => void busy.push(await p99(target, ms)));
    }
    replayer.stop();
    stalled.close();
    await bench.stop(server);
    return {
      verdicts: [{ what: 'p99', found: ratios(busy, quiet), unit: 'times', target: { most: 1.5 } }],
      figures: [
        { what: 'p99 without them', values: quiet, unit: 'ms' },
        { what: 'p99 with them', values: busy, unit: 'ms' },
      ],
      notes: [
        `${CONNECTIONS * PER_SECOND} calls a second on ${CONNECTIONS} connections; ${bench.extent.backlog.toLocaleString('en-US')} ` +
          `events were replayed ${replays} times meanwhile.`,
      ],
    };
  },
};

async function targetAt({ port }: ServerProcess): Promise<Target> {
  const sessions = await openSessions(port, CONNECTIONS);
  const requests = preparedRequests({ kind: 'calls', era: 'sessions' }, USUAL_TOOLS);
  return { port, requests, heads: sessions.map((session) => sessionHead(port, session)) };
}

async function p99(target: Target, ms: number): Promise<number> {
  const { p99Ms, faults, firstFault } = await load(target, { ms, perSecond: PER_SECOND, sleeps: true });
  if (faults > 0) throw new Error(`${faults} wrong or missing answers; the first: ${firstFault}`);
  return p99Ms;
}
