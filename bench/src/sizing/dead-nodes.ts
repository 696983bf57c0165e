import { ServerProcess } from '../server-process.js';
import { EventStream } from '../wire/event-stream.js';
import { headOf } from '../wire/head.js';
import { SESSION_REVISION } from '../wire/messages.js';
import { openSessions } from '../wire/sessions.js';

/** The times until clients of dead nodes are answered. */
export interface DeadNodes {
  readonly leaseMs: number;
  /** Time from the death of a node until each client that resumed elsewhere had its answer, in leases, sorted. */
  readonly leases: readonly number[];
}

/** Options of `deadNodes`. */
export interface Deaths {
  readonly redisUrl: string;
  readonly deaths: number;
  readonly leaseMs: number;
}

/** Pending calls of each node when it dies. */
const CALLS = 50;

const WAIT = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'wait', arguments: {} } };

/** Kills nodes one after the other, at any moment of their lease, and resumes on a node that stays. */
export async function deadNodes({ redisUrl, deaths, leaseMs }: Deaths): Promise<DeadNodes> {
  const env = { OWING_STORE: redisUrl, OWING_LEASE_MS: String(leaseMs) };
  const start = () => ServerProcess.start('sizing/owing', { core: undefined, env });
  const stays = await start();
  const leases: number[] = [];
  try {
    for (let death = 0; death < deaths; death += 1) {
      const dies = await start();
      const sessions = await openSessions(dies.port, CALLS);
      const calling = await Promise.all(sessions.map((session) => call(dies.port, session)));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * leaseMs));
      const diedAt = performance.now();
      process.kill(dies.pid, 'SIGKILL');
      const told = sessions.map(async (session, index) => {
        const back = await comeBack(stays.port, session, calling[index]?.lastId ?? '');
        leases.push((performance.now() - diedAt) / leaseMs);
        back.close();
      });
      await Promise.all(told);
      for (const { stream } of calling) stream.close();
    }
  } finally {
    await stays.stop();
  }
  return { leaseMs, leases: leases.sort((one, other) => one - other) };
}

async function call(port: number, session: string): Promise<{ stream: EventStream; lastId: string }> {
  const stream = await EventStream.open(port);
  const head = headOf('POST', { port, session, accept: 'text/event-stream', revision: SESSION_REVISION });
  stream.request(head, JSON.stringify(WAIT));
  await stream.opened();
  await stream.until(() => /\nid: (\S+)\n/.test(stream.start));
  return { stream, lastId: /\nid: (\S+)\n/.exec(stream.start)?.[1] ?? '' };
}

/** Resumes a stream. @throws Error unless the answer is that the call was interrupted. */
async function comeBack(port: number, session: string, lastEventId: string): Promise<EventStream> {
  const stream = await EventStream.open(port);
  stream.request(
    headOf('GET', { port, session, accept: 'text/event-stream', revision: SESSION_REVISION, lastEventId }),
  );
  await stream.opened();
  await stream.until(() => stream.messages > 0);
  if (!stream.start.includes('call-interrupted')) throw new Error(`another answer: ${stream.start}`);
  return stream;
}
