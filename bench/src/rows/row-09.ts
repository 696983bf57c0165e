import type { Bench } from '../bench.js';
import { SDK_V1, SDK_V2, SERVE, type Subject } from '../subjects.js';
import { openSessions } from '../wire/sessions.js';
import { growth } from './memory.js';
import type { Figure, Finding, Row } from './row.js';

const TARGET = 5 * 1024;
/** The official SDK gets fewer sessions by this factor: each is a server of its own, so its cost shows with fewer. */
const FEWER = 10;

/** Memory of idle sessions. */
export const ROW_9: Row = {
  name: '9',
  what: 'heap per idle session',
  against: '',
  measure: async (bench): Promise<Finding> => {
    const { sessions } = bench.extent;
    const ours = await sessionBytes(bench, SERVE, sessions);
    const figures: Figure[] = [
      { what: SERVE.title, values: ours.objects, unit: 'bytes' },
      { what: `${SERVE.title}, resident`, values: ours.resident, unit: 'bytes' },
    ];
    for (const subject of [SDK_V1, SDK_V2]) {
      const { objects } = await sessionBytes(bench, subject, Math.ceil(sessions / FEWER));
      figures.push({ what: subject.title, values: objects, unit: 'bytes' });
    }
    return {
      verdicts: [{ what: 'per session', found: ours.objects, unit: 'bytes', target: { most: TARGET } }],
      figures,
    };
  },
};

function sessionBytes(bench: Bench, subject: Subject, count: number) {
  return growth(bench, subject, count, ({ port }) => ({
    more: async (more) => void (await openSessions(port, more)),
    close: () => {},
  }));
}
