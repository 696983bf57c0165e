import type { Bench } from '../bench.js';
import { awakeDuring } from '../comparison/awake.js';
import type { ServerProcess } from '../server-process.js';
import { ratios } from '../statistics.js';
import { EXPRESS, EXPRESS_SERVE, LISTEN, NODE_HTTP, SERVE, type Subject } from '../subjects.js';
import { EventStream } from '../wire/event-stream.js';
import { sessionHead } from '../wire/head.js';
import { emitBody } from '../wire/messages.js';
import { sessionsFor } from './open-streams.js';
import type { Finding, Row, Verdict } from './row.js';

/** Events of one call, and calls at a time. */
const EVENTS = 100;
const CONNECTIONS = 10;

interface Emitter {
  readonly subject: Subject;
  readonly server: ServerProcess;
  readonly heads: readonly string[];
  /** Events a second. */
  readonly rates: number[];
}

/** Progress notifications of calls against `res.write`. */
export const ROW_12: Row = {
  name: '12',
  what: 'progress events on a POST stream, memory store',
  against: 'bare `res.write` of the same frames',
  measure: async (bench): Promise<Finding> => {
    const all: Emitter[] = [];
    for (const subject of [LISTEN, EXPRESS, SERVE, EXPRESS_SERVE, NODE_HTTP]) all.push(await begin(bench, subject));
    for (const emitter of all) await run(emitter, bench.extent.warmUpSeconds);
    for (let round = 0; round < bench.extent.rounds; round += 1) {
      for (const emitter of all) emitter.rates.push(await run(emitter, bench.extent.seconds));
    }
    await bench.stop(...all.map(({ server }) => server));
    const [listen, express, serve, expressServe] = all as [Emitter, Emitter, Emitter, Emitter, Emitter];
    return {
      verdicts: [verdict('`app.listen`', listen, express), verdict('`serve`', serve, expressServe)],
      figures: all.map(({ subject, rates }) => ({
        what: `${subject.title}, events`,
        values: rates,
        unit: 'per second',
      })),
      notes: [`Calls of ${EVENTS} events each, ${CONNECTIONS} at a time.`],
    };
  },
};

function verdict(what: string, ours: Emitter, bare: Emitter): Verdict {
  return { what, found: ratios(ours.rates, bare.rates), unit: 'times', target: { least: 0.6 } };
}

async function begin(bench: Bench, subject: Subject): Promise<Emitter> {
  const server = await bench.start(subject, subject.kind === 'bare' ? {} : { streams: 'shown' });
  const sessions = await sessionsFor(subject, server.port, CONNECTIONS);
  const heads = sessions.map((session) => sessionHead(server.port, session));
  return { subject, server, heads, rates: [] };
}

/** Makes calls for `seconds`, on new connections: a server may close those that were idle. @returns events a second. */
async function run({ heads, server }: Emitter, seconds: number): Promise<number> {
  const streams = await Promise.all(heads.map(() => EventStream.open(server.port)));
  const beganAt = performance.now();
  const endsAt = beganAt + seconds * 1000;
  const counts = streams.map(async (stream, index) => {
    let events = 0;
    for (let id = 1; performance.now() < endsAt; id += 1) {
      stream.request(heads[index]!, emitBody(id, EVENTS));
      await stream.until(() => stream.ended);
      if (stream.messages !== EVENTS + 1) throw new Error(`${stream.messages} messages, not ${EVENTS + 1}`);
      events += EVENTS;
    }
    return events;
  });
  const total = (await awakeDuring(() => Promise.all(counts))).reduce((sum, count) => sum + count, 0);
  const elapsed = performance.now() - beganAt;
  for (const stream of streams) stream.close();
  return (total / elapsed) * 1000;
}
