import { headOf } from './head.js';
import { INITIALIZED_BODY, initializeBody, SESSION_REVISION } from './messages.js';
import { RawClient } from './raw-client.js';
import { headerIn } from './response-reader.js';

/** Sessions that are opened at a time. */
const AT_A_TIME = 32;

/** Opens `count` sessions, each with its handshake, over a few connections. */
export async function openSessions(port: number, count: number, revision = SESSION_REVISION): Promise<string[]> {
  const ids: string[] = [];
  let left = count;
  const opener = async (): Promise<void> => {
    const client = await RawClient.open(port);
    try {
      while (left > 0) {
        left -= 1;
        ids.push(await openSession(client, port, revision));
      }
    } finally {
      client.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, count) }, opener));
  return ids;
}

/** @throws Error unless the server opens a session of the revision that was asked for. */
export async function openSession(client: RawClient, port: number, revision = SESSION_REVISION): Promise<string> {
  const opened = await client.post(headOf('POST', { port }), initializeBody(revision));
  const session = headerIn(opened.head, 'mcp-session-id');
  if (opened.status !== 200 || session === undefined) throw new Error(`no session: ${opened.status} ${opened.text()}`);
  if (!opened.text().includes(`"protocolVersion":"${revision}"`)) {
    throw new Error(`another revision: ${opened.text()}`);
  }
  const head = headOf('POST', { port, session, revision });
  const { status } = await client.post(head, INITIALIZED_BODY);
  if (status !== 202) throw new Error(`notifications/initialized: ${status}`);
  return session;
}
