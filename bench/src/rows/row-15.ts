import type { Bench } from '../bench.js';
import { bestOf, leastOf, ratios } from '../statistics.js';
import { EXPRESS, LISTEN, SDK_V1, SDK_V2, SDK_V2_HANDLER, SERVE, type Subject } from '../subjects.js';
import { toolsOf } from '../tools.js';
import { sessionHead } from '../wire/head.js';
import { callRequest } from '../wire/messages.js';
import { RawClient } from '../wire/raw-client.js';
import { openSession } from '../wire/sessions.js';
import type { Finding, Row } from './row.js';

const OFFICIAL_2 = [SDK_V2, SDK_V2_HANDLER];
const STARTED = [SERVE, LISTEN, ...OFFICIAL_2, SDK_V1, EXPRESS];

/** Time from the start of a process to its first answer. */
export const ROW_15: Row = {
  name: '15',
  what: 'cold start: import, register 20 tools, first answer',
  against: 'official SDK 2.x',
  measure: async (bench): Promise<Finding> => {
    const times = new Map(STARTED.map((subject): [Subject, number[]] => [subject, []]));
    // The first start of each reads its files from the disk.
    for (const subject of STARTED) await start(bench, subject);
    for (let round = 0; round < bench.extent.starts; round += 1) {
      for (const [subject, found] of times) found.push(await start(bench, subject));
    }
    const ours = bestOf([times.get(SERVE)!, times.get(LISTEN)!]);
    const theirs = leastOf(OFFICIAL_2.map((subject) => times.get(subject)!));
    return {
      verdicts: [{ what: 'the slower of ours', found: ratios(ours, theirs), unit: 'times', target: { most: 1 } }],
      figures: [...times].map(([{ title }, values]) => ({ what: title, values, unit: 'ms' })),
      notes: ['From the start of the process to the answer to `tools/call`, in a session where there are sessions.'],
    };
  },
};

async function start(bench: Bench, subject: Subject): Promise<number> {
  const beganAt = performance.now();
  const server = await bench.start(subject);
  const client = await RawClient.open(server.port);
  const session = subject.sessions ? await openSession(client, server.port) : undefined;
  const { body, expected } = callRequest(1, toolsOf(1)[0]!, 'sessions');
  const answer = await client.post(sessionHead(server.port, session), body);
  const took = performance.now() - beganAt;
  client.close();
  await bench.stop(server);
  if (!answer.text().includes(expected)) throw new Error(`${subject.name}: ${answer.text()}`);
  return took;
}
