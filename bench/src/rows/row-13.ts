import type { Bench } from '../bench.js';
import type { ServerProcess } from '../server-process.js';
import { bestOf, median, ratios } from '../statistics.js';
import { SDK_V1_SSE, SDK_V2_SSE, SERVE, type Subject } from '../subjects.js';
import { Backlog } from './backlog.js';
import type { Finding, Row } from './row.js';

interface Replayer {
  readonly subject: Subject;
  readonly server: ServerProcess;
  readonly backlog: Backlog;
  /** Events a second. */
  readonly rates: number[];
}

/** Replay of a long stream against the official SDK. */
export const ROW_13: Row = {
  name: '13',
  what: 'replay of 10,000 events',
  against: 'the official SDK with its example event store',
  measure: async (bench): Promise<Finding> => {
    const all: Replayer[] = [];
    for (const subject of [SERVE, SDK_V1_SSE, SDK_V2_SSE]) all.push(await begin(bench, subject));
    for (const { backlog } of all) await backlog.replay();
    for (let round = 0; round < bench.extent.rounds; round += 1) {
      for (const replayer of all) replayer.rates.push(await rate(replayer, bench.extent.replays));
    }
    for (const { backlog } of all) backlog.close();
    await bench.stop(...all.map(({ server }) => server));
    const [ours, ...theirs] = all as [Replayer, ...Replayer[]];
    return {
      verdicts: [
        {
          what: 'by `serve`',
          found: ratios(ours.rates, bestOf(theirs.map(({ rates }) => rates))),
          unit: 'times',
          target: { least: 5 },
        },
      ],
      figures: all.map(({ subject, rates }) => ({
        what: `${subject.title}, events`,
        values: rates,
        unit: 'per second',
      })),
    };
  },
};

async function begin(bench: Bench, subject: Subject): Promise<Replayer> {
  const server = await bench.start(subject, { streams: 'kept' });
  const backlog = await Backlog.make(server.port, bench.extent.replayedEvents);
  return { subject, server, backlog, rates: [] };
}

async function rate({ backlog }: Replayer, replays: number): Promise<number> {
  const rates: number[] = [];
  for (let replay = 0; replay < replays; replay += 1) {
    const beganAt = performance.now();
    const events = await backlog.replay();
    rates.push((events / (performance.now() - beganAt)) * 1000);
  }
  return median(rates);
}
