import type { Bench } from '../bench.js';
import { ratios } from '../statistics.js';
import { EXPRESS, EXPRESS_SERVE, LISTEN, SERVE, type Subject } from '../subjects.js';
import type { EventStream } from '../wire/event-stream.js';
import { type Growth, growth } from './memory.js';
import { openStreams, sessionsFor } from './open-streams.js';
import type { Figure, Finding, Row, Verdict } from './row.js';

/** More than are opened, so that each stream has a session that was there before the memory is looked at. */
const SPARE = 1.2;

/** Memory of open GET streams against bare SSE responses. */
export const ROW_10: Row = {
  name: '10',
  what: 'memory per open GET stream',
  against: 'the same number of bare Express SSE responses',
  measure: async (bench): Promise<Finding> => {
    const found = new Map<Subject, Growth>();
    for (const subject of [LISTEN, EXPRESS, SERVE, EXPRESS_SERVE])
      found.set(subject, await streamBytes(bench, subject));
    const bytes = (subject: Subject, of: keyof Growth): number[] => found.get(subject)![of];
    const verdict = (what: string, of: keyof Growth, ours: Subject, bare: Subject): Verdict => ({
      what,
      found: ratios(bytes(ours, of), bytes(bare, of)),
      unit: 'times',
      target: { most: 1.2 },
    });
    return {
      verdicts: [
        verdict('`app.listen`, objects and buffers', 'objects', LISTEN, EXPRESS),
        verdict('`app.listen`, resident', 'resident', LISTEN, EXPRESS),
        verdict('`serve`, objects and buffers', 'objects', SERVE, EXPRESS_SERVE),
        verdict('`serve`, resident', 'resident', SERVE, EXPRESS_SERVE),
      ],
      figures: [...found].flatMap(([{ title }, { objects, resident }]): Figure[] => [
        { what: `${title}, objects and buffers`, values: objects, unit: 'bytes' },
        { what: `${title}, resident`, values: resident, unit: 'bytes' },
      ]),
      notes: [`${bench.extent.streams} streams; what the kernel holds for a connection is in neither figure.`],
    };
  },
};

function streamBytes(bench: Bench, subject: Subject): Promise<Growth> {
  const { streams: count } = bench.extent;
  return growth(bench, subject, count, async ({ port }) => {
    const sessions = await sessionsFor(subject, port, Math.ceil(count * SPARE));
    const streams: EventStream[] = [];
    return {
      more: async (more) => void streams.push(...(await openStreams(port, sessions.splice(0, more)))),
      close: () => {
        for (const stream of streams) stream.close();
      },
    };
  });
}
