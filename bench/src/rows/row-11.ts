import type { Bench } from '../bench.js';
import { awakeDuring } from '../comparison/awake.js';
import type { ServerProcess } from '../server-process.js';
import { ratios } from '../statistics.js';
import { EXPRESS, EXPRESS_SERVE, LISTEN, SERVE, type Subject } from '../subjects.js';
import type { EventStream } from '../wire/event-stream.js';
import { openStreams, sessionsFor } from './open-streams.js';
import type { Figure, Finding, Row, Verdict } from './row.js';

interface Broadcaster {
  readonly subject: Subject;
  readonly server: ServerProcess;
  readonly streams: readonly EventStream[];
  /** Of one notification, until all have it. */
  readonly milliseconds: number[];
  /** Of the server, for one notification. */
  readonly cpuMicroseconds: number[];
}

/** A notification to many streams against a loop of `res.write`. */
export const ROW_11: Row = {
  name: '11',
  what: 'one notification to 1,000 streams',
  against: 'a loop of `res.write` over as many bare responses',
  measure: async (bench): Promise<Finding> => {
    const all: Broadcaster[] = [];
    for (const subject of [LISTEN, EXPRESS, SERVE, EXPRESS_SERVE]) all.push(await begin(bench, subject));
    for (const broadcaster of all) await tell(broadcaster, bench.extent.notifications);
    for (let round = 0; round < bench.extent.rounds; round += 1) {
      for (const broadcaster of all) await measure(broadcaster, bench.extent.notifications);
    }
    for (const { streams } of all) for (const stream of streams) stream.close();
    await bench.stop(...all.map(({ server }) => server));
    const [listen, express, serve, expressServe] = all as [Broadcaster, Broadcaster, Broadcaster, Broadcaster];
    return {
      verdicts: [...verdicts('`app.listen`', listen, express), ...verdicts('`serve`', serve, expressServe)],
      figures: all.flatMap(({ subject, milliseconds, cpuMicroseconds }): Figure[] => [
        { what: `${subject.title}: until all have it`, values: milliseconds, unit: 'ms' },
        { what: `${subject.title}: processor time of the server`, values: cpuMicroseconds, unit: 'microseconds' },
      ]),
    };
  },
};

/** Verdicts by time, and by processor time of the server, which does not depend on how fast the load reads. */
function verdicts(mounted: string, ours: Broadcaster, bare: Broadcaster): Verdict[] {
  const verdict = (what: string, of: (broadcaster: Broadcaster) => number[]): Verdict => ({
    what: `${mounted}, ${what}`,
    found: ratios(of(bare), of(ours)),
    unit: 'times',
    target: { least: 0.7 },
  });
  return [
    verdict('speed', ({ milliseconds }) => milliseconds),
    verdict('by processor time', ({ cpuMicroseconds }) => cpuMicroseconds),
  ];
}

async function begin(bench: Bench, subject: Subject): Promise<Broadcaster> {
  const server = await bench.start(subject);
  const sessions = await sessionsFor(subject, server.port, bench.extent.listeners);
  const streams = await openStreams(server.port, sessions);
  return { subject, server, streams, milliseconds: [], cpuMicroseconds: [] };
}

async function measure(broadcaster: Broadcaster, times: number): Promise<void> {
  const before = await broadcaster.server.cpuMicroseconds();
  const beganAt = performance.now();
  await awakeDuring(() => tell(broadcaster, times));
  broadcaster.milliseconds.push((performance.now() - beganAt) / times);
  broadcaster.cpuMicroseconds.push(((await broadcaster.server.cpuMicroseconds()) - before) / times);
}

/** Sends notifications one after another: each is on all streams before the next is sent. */
async function tell({ server, streams }: Broadcaster, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const wanted = (streams[0]?.messages ?? 0) + 1;
    await server.emit();
    for (const stream of streams) await stream.until(() => stream.messages >= wanted);
  }
}
