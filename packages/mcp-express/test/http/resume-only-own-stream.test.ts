import { randomBytes } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { memoryStore } from 'mcp-express';
import { onCleanup } from '../support/cleanup.js';
import { openSession, type TestSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { say } from '../support/stores.js';
import { addBurst, testServer } from '../support/test-tools.js';

async function refusedResume(session: TestSession, lastEventId: string): Promise<string> {
  const answer = await session.get({ accept: 'text/event-stream', 'last-event-id': lastEventId });
  expect([lastEventId, answer.status, answer.headers['content-type']]).toEqual([lastEventId, 400, 'application/json']);
  expect(answer.json).toMatchObject({ id: null, error: { data: { reason: 'event-not-found' } } });
  return answer.text;
}

describe('a resume gives events of that one stream of that one session (R6, invariant 2)', () => {
  test("another session's events are never replayed, for any event id (R6; typescript-sdk#1004)", async () => {
    const store = memoryStore();
    const { url } = await startServer({ options: { store } });
    const [a, b] = [await openSession(url), await openSession(url)];
    const [listenA, listenB] = [await a.listen(), await b.listen()];
    await say(store, a.id, 'A-1');
    await say(store, b.id, 'B-1');
    await listenA.untilMessages(1);
    await listenB.untilMessages(1);
    listenA.destroy();
    await say(store, b.id, 'B-SECRET');
    await say(store, a.id, 'A-2');
    await listenB.untilMessages(2);
    const foreign = await refusedResume(a, String(listenB.ids[0]));
    expect(foreign).toBe(await refusedResume(a, `${'Z'.repeat(22)}.1`));
    expect(foreign).not.toContain('SECRET');
    const resumed = await a.resume(String(listenA.lastId));
    await resumed.untilMessages(1);
    await say(store, a.id, 'A-3');
    await resumed.untilMessages(2);
    expect(resumed.messages.map(({ params }) => params.data)).toEqual(['A-2', 'A-3']);
    expect(listenB.closed).toBeUndefined();
  });

  test('two POST streams of one session: a resume of one has nothing of the other, nor of the GET stream (R6)', async () => {
    const store = memoryStore();
    const mcp = testServer();
    addBurst(mcp);
    const { url } = await startServer({ mcp, options: { store } });
    const session = await openSession(url);
    await say(store, session.id, 'own');
    const one = await session.callStream('burst', { count: 3 }, 1, { progressToken: 'one' });
    const two = await session.callStream('burst', { count: 3 }, 2, { progressToken: 'two' });
    await one.untilClosed();
    await two.untilClosed();
    const replay = await session.replay(String(one.ids[0]));
    expect(replay.messages.map(({ id, params }) => id ?? params.progressToken)).toEqual(['one', 'one', 'one', 1]);
    const own = await session.listen();
    await own.untilMessages(1);
    await say(store, session.id, 'more');
    await own.untilMessages(2);
    expect(own.messages.map(({ params }) => params.data)).toEqual(['own', 'more']);
  });

  test('ids that were never given out are 400, without information, and without a 500 (R6)', async () => {
    const store = memoryStore();
    const { url } = await startServer({ options: { store } });
    const session = await openSession(url);
    const stream = await session.listen();
    await say(store, session.id, 1, 2);
    await stream.untilMessages(2);
    const last = String(stream.lastId);
    const name = last.slice(0, last.lastIndexOf('.'));
    const body = await refusedResume(session, 'never');
    const wrong = [
      `${name}.3`,
      `${name}.-1`,
      `${name}.01`,
      `${name}.1e0`,
      `${name}.0x1`,
      `${name}.1.5`,
      `${name}.99999999999999999999`,
      `${name}.NaN`,
      `${name}.`,
      `${name}`,
      `.1`,
      '_GET_stream',
      '__proto__.1',
      'constructor.0',
      `${last}, ${last}`,
      `${session.id}.1`,
      'x'.repeat(8_000),
      '..',
      '../..',
      'caf\u00e9.1',
    ];
    for (const id of wrong) expect(await refusedResume(session, id)).toBe(body);
    expect(stream.closed).toBeUndefined();
  });

  test('an event id of an ended session leads nowhere (R6)', async () => {
    const store = memoryStore();
    const { url } = await startServer({ options: { store } });
    const session = await openSession(url);
    const stream = await session.listen();
    await say(store, session.id, 1);
    await stream.untilMessages(1);
    await session.delete();
    const other = await openSession(url);
    await refusedResume(other, String(stream.lastId));
  });

  test('3,000 guessed ids yield no event (GHSA-84j6-jc92-77jm)', async () => {
    const store = memoryStore();
    const mcp = testServer();
    addBurst(mcp);
    const { url } = await startServer({ mcp, options: { store } });
    const [victim, thief] = [await openSession(url), await openSession(url)];
    await say(store, victim.id, 'SECRET');
    const stream = await victim.callStream('burst', { count: 3 }, 1, { progressToken: 'SECRET' });
    await stream.untilClosed();
    const known = String(stream.lastId);
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    onCleanup(() => agent.destroy());
    const seen = new Set<string>();
    let count = 0;
    const guess = async (): Promise<void> => {
      while (count < 3_000) {
        count += 1;
        seen.add(await tryId(url, agent, thief, guessOf(known, count)));
      }
    };
    await Promise.all(Array.from({ length: 16 }, guess));
    expect([...seen]).toHaveLength(1);
    expect([...seen][0]).toMatch(/^400 \{.*event-not-found/);
  });
});

/** Real ids, near misses and noise. */
function guessOf(known: string, turn: number): string {
  const name = known.slice(0, known.lastIndexOf('.'));
  switch (turn % 4) {
    case 0:
      return `${name}.${turn % 7}`;
    case 1:
      return `${name.slice(0, -1)}${'ABCDEFGH'[turn % 8]}.${turn % 5}`;
    case 2:
      return `${randomBytes(16).toString('base64url')}.${turn % 5}`;
    default:
      return randomBytes(1 + (turn % 40)).toString('base64url');
  }
}

function tryId(url: string, agent: Agent, session: TestSession, id: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'mcp-session-id': session.id, accept: 'text/event-stream', 'last-event-id': id };
    const outgoing = httpRequest(url, { method: 'GET', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.once('end', () => resolve(`${response.statusCode} ${text}`));
    });
    outgoing.once('error', reject).end();
  });
}
