import { randomBytes } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import { expect, test } from '@jest/globals';
import { memoryStore } from 'mcp-express';
import { onCleanup } from '../../support/cleanup.js';
import { openSession, type TestSession } from '../../support/session.js';
import { startServer } from '../../support/start-server.js';
import { say } from '../../support/stores.js';
import { addBurst, testServer } from '../../support/test-tools.js';
import { advisory } from './rows.js';
import { inParallel } from './two-principals.js';

const GUESSES = 1_000;

async function serving() {
  const store = memoryStore();
  const mcp = testServer();
  addBurst(mcp);
  const server = await startServer({ mcp, options: { store } });
  return { ...server, store, a: await openSession(server.url), b: await openSession(server.url) };
}

/** Ids that were given out to somebody else, their neighbours, those of other servers, and noise. */
function guessOf(known: readonly string[], turn: number): string {
  const id = known[turn % known.length] as string;
  const name = id.slice(0, id.lastIndexOf('.'));
  const changed = `${name.slice(0, -1)}${'ABCDEFGH'[turn % 8]}`;
  const others = [`_GET_stream_${turn}`, `${turn}`, `${Date.now()}-${turn}`, randomBytes(16).toString('base64url')];
  return [id, `${name}.${turn % 9}`, `${changed}.${turn % 5}`, others[turn % others.length] as string][
    turn % 4
  ] as string;
}

/** A resume, and all that came of it. */
function resume({ url, headers }: TestSession, agent: Agent, id: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const given = { ...headers, accept: 'text/event-stream', 'last-event-id': id } as Record<string, string>;
    const outgoing = httpRequest(url, { method: 'GET', agent, headers: given }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.once('end', () => resolve(`${response.statusCode} ${text}`));
    });
    outgoing.once('error', reject).end();
  });
}

advisory('GHSA-84j6-jc92-77jm', () => {
  test('who comes back gets what is next on that stream, and nothing of another session (R6)', async () => {
    const { store, a, b } = await serving();
    const [listenA, listenB] = [await a.listen(), await b.listen()];
    await say(store, a.id, 'A-1');
    await say(store, b.id, 'B-1');
    await Promise.all([listenA.untilMessages(1), listenB.untilMessages(1)]);
    listenA.destroy();
    await say(store, b.id, 'B-SECRET');
    await say(store, a.id, 'A-2');
    await listenB.untilMessages(2);
    for (const id of listenB.ids) {
      const refused = await a.get({ accept: 'text/event-stream', 'last-event-id': id });
      expect([refused.status, refused.text.includes('SECRET')]).toEqual([400, false]);
    }
    const resumed = await a.resume(String(listenA.lastId));
    await resumed.untilMessages(1);
    await say(store, a.id, 'A-3');
    await resumed.untilMessages(2);
    expect(resumed.messages.map(({ params }) => params.data)).toEqual(['A-2', 'A-3']);
  });

  test('of two POST streams of one session each is replayed alone (R6)', async () => {
    const { a } = await serving();
    const streams = await Promise.all(
      ['one', 'two'].map((token, id) => a.callStream('burst', { count: 3 }, id, { progressToken: token })),
    );
    await Promise.all(streams.map((stream) => stream.untilClosed()));
    for (const [index, token] of ['one', 'two'].entries()) {
      const { messages } = await a.replay(String(streams[index]?.ids[0]));
      expect(messages.map(({ id, params }) => id ?? params.progressToken)).toEqual([token, token, token, index]);
    }
  });

  test('1,000 guesses give no event of anybody, and one answer (R6)', async () => {
    const { store, a, b } = await serving();
    const listening = await a.listen();
    await say(store, a.id, 'SECRET', 'SECRET');
    await listening.untilMessages(2);
    const called = await a.callStream('burst', { count: 3 }, 1, { progressToken: 'SECRET' });
    await called.untilClosed();
    const known = [...listening.ids, ...called.ids];
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    onCleanup(() => agent.destroy());
    const seen = new Set<string>();
    await inParallel(GUESSES, 16, async (turn) => void seen.add(await resume(b, agent, guessOf(known, turn))));
    expect([...seen]).toEqual([expect.stringMatching(/^400 \{.*"event-not-found"/)]);
    expect(listening.closed).toBeUndefined();
  });
});
