import { expect } from '@jest/globals';
import { memoryStore } from 'mcp-express';
import { begin, headOf, send } from '../../support/raw-client.js';
import { INITIALIZED, initializeRequest, openSession, ping } from '../../support/session.js';
import { startServer } from '../../support/start-server.js';
import { steadyClock } from '../../support/steady-clock.js';
import { addGate, testServer } from '../../support/test-tools.js';
import { together } from '../../support/together.js';
import { eventually } from '../../support/wait.js';
import { mistake } from './mistakes.js';

const IDLE_MS = 1_000;

const { test } = together();

mistake('an idle timer that fires during a call', () => {
  test('a call of three idle times gives its result, and its session is alive (R3)', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const now = steadyClock();
    const { url, router } = await startServer({
      mcp,
      options: { sessionIdleMs: IDLE_MS, store: memoryStore({ now }) },
    });
    const session = await openSession(url);
    const calling = session.call('gate', {}, 1, { headers: { accept: 'application/json' } });
    const call = await gate.begun();
    const idle = await openSession(url);
    const begun = now();
    await eventually('three idle times are over', () => now() - begun > 3 * IDLE_MS);
    await eventually('the idle one is gone', async () => (await router.stats()).sessions === 1);
    expect((await idle.post(ping())).status).toBe(404);
    expect(call.ctx.signal.aborted).toBe(false);
    call.resolve('whole');
    expect((await calling).json.result.content[0].text).toBe('whole');
    expect((await session.post(ping())).status).toBe(200);
  });
});

mistake('sessions that are never removed', () => {
  test('100 that were left without a word are gone after their idle time (R3)', async () => {
    const { url, router } = await startServer({
      options: { sessionIdleMs: 2_000, store: memoryStore({ now: steadyClock() }) },
    });
    const sessions = await Promise.all(Array.from({ length: 100 }, () => openSession(url)));
    const stream = await sessions[0]?.listen();
    stream?.reset();
    await eventually('none is left', async () => (await router.stats()).sessions === 0);
    for (const session of sessions.slice(0, 5)) expect((await session.post(ping())).status).toBe(404);
  });
});

mistake('initialize aborted or sent twice', () => {
  test('after one that was cut off before its answer, the next is 200 (R2)', async () => {
    const { url, router } = await startServer({
      options: { sessionIdleMs: IDLE_MS, store: memoryStore({ now: steadyClock() }) },
    });
    for (let round = 0; round < 10; round += 1) {
      const request = begin(url, { body: initializeRequest() });
      request.once('finish', () => setImmediate(() => request.destroy()));
      await headOf(request).catch(() => undefined);
      request.destroy();
    }
    const session = await openSession(url);
    expect((await session.post(ping())).status).toBe(200);
    await eventually('what the others opened is gone', async () => (await router.stats()).sessions <= 1);
  });

  test('two with one id at once, or one after the other in the session of the first, are a session each (R2)', async () => {
    const { url, router } = await startServer();
    const twice = await Promise.all([1, 2].map(() => send(url, { body: initializeRequest() })));
    const ids = twice.map(({ headers }) => String(headers['mcp-session-id']));
    const again = await send(url, { body: initializeRequest(), headers: { 'mcp-session-id': ids[0] } });
    ids.push(String(again.headers['mcp-session-id']));
    expect([...twice, again].map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) {
      const headers = { 'mcp-session-id': id };
      // Said twice, too, it does no harm.
      for (const body of [INITIALIZED, INITIALIZED]) expect((await send(url, { body, headers })).status).toBe(202);
      expect((await send(url, { body: ping(), headers })).status).toBe(200);
    }
    expect((await router.stats()).sessions).toBe(3);
  });
});
