import { describe, expect, test } from '@jest/globals';
import { memoryStore } from 'mcp-express';
import { send } from '../support/raw-client.js';
import { initializeRequest, openSession, ping } from '../support/session.js';
import { authenticateByHeader, startServer, USER_HEADER } from '../support/start-server.js';
import { say } from '../support/stores.js';
import { addGate, testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

const SSE_ONLY = { accept: 'text/event-stream' };

describe('ceilings of sessions (R3, R18, R19, DESIGN 7)', () => {
  test('beyond the ceiling the one idle longest makes room, and no more than the ceiling are alive (R3)', async () => {
    const { url, router } = await startServer({ options: { maxSessions: 3 } });
    const [a, b, c] = [await openSession(url), await openSession(url), await openSession(url)];
    await a.post(ping());
    const d = await openSession(url);
    expect((await router.stats()).sessions).toBe(3);
    const statuses = await Promise.all([a, b, c, d].map(async (session) => (await session.post(ping())).status));
    expect(statuses).toEqual([200, 404, 200, 200]);
  });

  test('a session with an open stream never makes room; when all are busy, initialize is 503 with Retry-After (R3, DESIGN 6)', async () => {
    const store = memoryStore();
    const { url, router } = await startServer({ options: { maxSessions: 2, store } });
    const [a, b] = [await openSession(url), await openSession(url)];
    const streams = [await a.listen(), await b.listen()];
    const refused = await send(url, { body: initializeRequest() });
    expect([refused.status, refused.headers['content-type']]).toEqual([503, 'application/json']);
    expect(refused.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect(refused.headers['mcp-session-id']).toBeUndefined();
    expect(refused.json).toMatchObject({ id: 'init', error: { data: { reason: 'too-many-sessions' } } });
    expect((await router.stats()).sessions).toBe(2);
    await say(store, a.id, 'unharmed');
    await streams[0]?.untilMessages(1);
    streams[1]?.destroy();

    await eventually('there is room', async () => (await send(url, { body: initializeRequest() })).status === 200);
    expect((await a.post(ping())).status).toBe(200);
  });

  test.each([
    ['as a stream', SSE_ONLY],
    ['as JSON', { accept: 'application/json' }],
  ])(
    'a session with a call that runs, answered %s, never makes room, however short it has been running (R3)',
    async (_how, headers) => {
      const mcp = testServer();
      const gate = addGate(mcp);
      const { url } = await startServer({ mcp, options: { maxSessions: 2 } });
      const busy = await openSession(url);
      const calling = busy.call('gate', {}, 1, { headers });
      const call = await gate.begun();
      for (let round = 0; round < 5; round += 1) await openSession(url);
      expect(call.ctx.signal.aborted).toBe(false);
      call.resolve('unharmed');
      expect((await calling).text).toContain('unharmed');
      expect((await busy.post(ping())).status).toBe(200);
    },
  );

  test("at a principal's limit, only its own sessions are evicted (R18)", async () => {
    const { url, router } = await startServer({
      before: [authenticateByHeader],
      options: { maxSessionsPerPrincipal: 2 },
    });
    const bob = await openSession(url, '2025-11-25', { [USER_HEADER]: 'bob' });
    const anonymous = await openSession(url);
    const alice = [];
    for (let round = 0; round < 10; round += 1)
      alice.push(await openSession(url, '2025-11-25', { [USER_HEADER]: 'alice' }));
    const statuses = await Promise.all(alice.map(async (session) => (await session.post(ping())).status));
    expect(statuses).toEqual([...Array(8).fill(404), 200, 200]);
    expect([(await bob.post(ping())).status, (await anonymous.post(ping())).status]).toEqual([200, 200]);
    expect((await router.stats()).sessions).toBe(4);
  });

  test('calls of one session are bounded: 429 with Retry-After, and the others are unharmed (invariant 5)', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url } = await startServer({ mcp, options: { maxCallsPerSession: 2 } });
    const [session, other] = [await openSession(url), await openSession(url)];
    const running = [session.call('gate', {}, 1), session.call('gate', {}, 2)];
    const calls = [await gate.begun(), await gate.begun()];
    const refused = await session.call('gate', {}, 3);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, expect.stringMatching(/^[1-9]\d*$/)]);
    expect(refused.json).toMatchObject({ id: 3, error: { data: { reason: 'too-many-calls' } } });
    expect((await session.post({ jsonrpc: '2.0', method: 'notifications/x' })).status).toBe(202);
    expect((await other.post(ping())).status).toBe(200);
    for (const call of calls) call.resolve('done');
    for (const answer of await Promise.all(running)) expect(answer.text).toContain('done');
    expect((await session.post(ping())).status).toBe(200);
  });

  test('a cancelled call whose handler does not stop still counts: cancelling is no way around the ceiling (invariant 5)', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url } = await startServer({ mcp, options: { maxCallsPerSession: 2 } });
    const session = await openSession(url);
    let refused = 0;
    for (let id = 0; id < 10; id += 1) {
      const answering = session.call('gate', {}, id, { headers: SSE_ONLY });
      const cancelled = await Promise.race([answering, gate.begun().then(() => session.cancel(id))]);
      if (cancelled.status === 429) refused += 1;
      await answering;
    }
    expect(refused).toBe(8);
    expect(gate.calls).toHaveLength(2);
    for (const call of gate.calls) call.resolve('at last');
  });
});
