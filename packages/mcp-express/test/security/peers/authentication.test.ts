import { expect, test } from '@jest/globals';
import { memoryStore } from 'mcp-express';
import { send } from '../../support/raw-client.js';
import { type Headers, NEWEST, openSession, ping, TestSession } from '../../support/session.js';
import { startServer } from '../../support/start-server.js';
import { say } from '../../support/stores.js';
import { addGate, testServer } from '../../support/test-tools.js';
import { ALICE, ALICE_AGAIN, bearer, startGuarded } from '../advisories/two-principals.js';
import { mistake } from './mistakes.js';

const SSE = { accept: 'text/event-stream' };

/** Alice in a session with a stream that has an event. */
async function serving() {
  const store = memoryStore();
  const mcp = testServer();
  const gate = addGate(mcp);
  const server = await startGuarded(mcp, { store });
  const alice = await openSession(server.url, NEWEST, ALICE);
  const stream = await alice.listen();
  await say(store, alice.id, 'hers');
  await stream.untilMessages(1);
  const as = (who: Headers): TestSession => new TestSession(server.url, alice.id, NEWEST, who);
  return { ...server, store, gate, alice, stream, as };
}

mistake('authentication on POST alone', () => {
  test.each([
    ['none', {}],
    ['one of nobody', bearer('of-nobody')],
    ['an empty one', { authorization: '' }],
  ])('with %s every method is 401, whatever session is named (R5)', async (_which, who) => {
    const { url, alice, stream, as } = await serving();
    const session = as(who);
    const answers = [
      await session.post(ping()),
      await session.get(SSE),
      await session.get({ ...SSE, 'last-event-id': String(stream.lastId) }),
      await session.delete(),
      await send(url, { method: 'GET', headers: { ...SSE, ...who } }),
      await send(url, { method: 'DELETE', headers: who }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 401]);
    for (const { headers } of answers) expect(headers['www-authenticate']).toMatch(/^Bearer/);
    expect(stream.closed).toBeUndefined();
    expect((await alice.post(ping())).status).toBe(200);
  });
});

mistake('a session bound to the bytes of a token', () => {
  test('the next token of its principal goes on with everything: calls, streams, replay, cancel, DELETE (R5, R21)', async () => {
    const { alice, stream, as, gate, store } = await serving();
    const refreshed = as(ALICE_AGAIN);
    expect((await refreshed.call('echo', { text: 'on' })).json.result.content[0].text).toBe('on');
    const calling = alice.callStream('gate', {}, 'c', { headers: SSE });
    const call = await gate.begun();
    expect((await refreshed.cancel('c')).status).toBe(202);
    await call.aborted;
    call.resolve('late');
    await (await calling).untilClosed();
    const resumed = await refreshed.resume(String(stream.lastId));
    await say(store, alice.id, 'after');
    await resumed.untilMessages(1);
    expect(resumed.messages[0].params.data).toBe('after');
    expect((await refreshed.delete()).status).toBe(204);
    expect((await alice.post(ping())).status).toBe(404);
  });
});

const UNKNOWN = ['A'.repeat(32), 'a8098c1a-f86e-11da-bd1a-00112444be1e', 'x', '0'];

mistake('an unknown session made a new one', () => {
  test.each(UNKNOWN)('%s is nobody, and nothing is opened for it (R15)', async (id) => {
    const { url, router } = await startServer();
    const session = new TestSession(url, id, NEWEST);
    const answers = [
      await session.post(ping()),
      await session.call('echo', { text: 'x' }),
      await session.get(SSE),
      await session.delete(),
    ];
    for (const { status, headers } of answers) {
      expect([status, headers['mcp-session-id']]).toEqual([404, undefined]);
    }
    expect((await router.stats()).sessions).toBe(0);
  });
});

mistake('an unknown session answered 401 or 400', () => {
  test('it is 404 on every method, with authentication and without, unknown or ended (R15)', async () => {
    for (const [server, who] of [
      [await startServer(), {}],
      [await startGuarded(testServer()), ALICE],
    ] as const) {
      const ended = await openSession(server.url, NEWEST, who);
      await ended.delete();
      for (const id of [...UNKNOWN, ended.id]) {
        const session = new TestSession(server.url, id, NEWEST, who);
        const resume = { ...SSE, 'last-event-id': `${'A'.repeat(22)}.1` };
        const answers = [
          await session.post(ping()),
          await session.get(SSE),
          await session.get(resume),
          await session.delete(),
        ];
        for (const { status, headers, json } of answers) {
          expect([id, status, headers['www-authenticate']]).toEqual([id, 404, undefined]);
          expect(json.error.data.reason).toBe('session-not-found');
        }
      }
    }
  });
});
