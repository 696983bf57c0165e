import type { Subject } from '../subjects.js';
import { EventStream } from '../wire/event-stream.js';
import { headOf } from '../wire/head.js';
import { SESSION_REVISION } from '../wire/messages.js';
import { openSessions } from '../wire/sessions.js';

/** Connections that are opened at a time: fewer than a server lets wait. */
const AT_A_TIME = 50;

/** Sessions for GET streams, where the server has sessions. */
export async function sessionsFor(subject: Subject, port: number, count: number): Promise<(string | undefined)[]> {
  return subject.sessions ? openSessions(port, count) : Array.from({ length: count }, () => undefined);
}

/** Opens a GET stream for each session. */
export async function openStreams(port: number, sessions: readonly (string | undefined)[]): Promise<EventStream[]> {
  const streams: EventStream[] = [];
  for (let first = 0; first < sessions.length; first += AT_A_TIME) {
    const batch = sessions.slice(first, first + AT_A_TIME).map(async (session) => {
      const stream = await EventStream.open(port);
      stream.request(headOf('GET', { port, session, accept: 'text/event-stream', revision: SESSION_REVISION }));
      await stream.opened();
      return stream;
    });
    streams.push(...(await Promise.all(batch)));
  }
  return streams;
}
