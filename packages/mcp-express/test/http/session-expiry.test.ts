import { describe, expect } from '@jest/globals';
import { memoryStore } from 'mcp-express';
import { openSession, ping } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { steadyClock } from '../support/steady-clock.js';
import { addGate, testServer } from '../support/test-tools.js';
import { together } from '../support/together.js';
import { eventually } from '../support/wait.js';

const IDLE_MS = 1_000;

const { test } = together();

describe('idle expiry (R3)', () => {
  test('200 sessions whose clients left without a word are gone after the idle time (R3, R18)', async () => {
    const { url, router } = await startServer({
      options: { sessionIdleMs: 2_000, store: memoryStore({ now: steadyClock() }) },
    });
    const sessions = await Promise.all(Array.from({ length: 200 }, () => openSession(url)));
    expect((await router.stats()).sessions).toBeGreaterThan(0);
    await eventually('all are gone', async () => (await router.stats()).sessions === 0);
    const answers = await Promise.all(sessions.slice(0, 20).map((session) => session.post(ping())));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
  });

  for (const [how, accept] of [
    ['as a stream', 'text/event-stream'],
    ['as JSON', 'application/json'],
  ]) {
    test(`a call of three times the idle time, answered ${how}, gives its result, and its session is alive (R3)`, async () => {
      const now = steadyClock();
      const mcp = testServer();
      const gate = addGate(mcp);
      const { url, router } = await startServer({
        mcp,
        options: { sessionIdleMs: IDLE_MS, store: memoryStore({ now }) },
      });
      const session = await openSession(url);
      const calling = session.call('gate', {}, 1, { headers: { accept } });
      const call = await gate.begun();
      const bystander = await openSession(url);
      const begun = now();
      await eventually('three idle times are over', () => now() - begun > 3 * IDLE_MS);
      await eventually('the idle one is gone', async () => (await router.stats()).sessions === 1);
      expect((await bystander.post(ping())).status).toBe(404);
      expect(call.ctx.signal.aborted).toBe(false);
      call.resolve('after all that time');
      expect((await calling).text).toContain('after all that time');
      expect((await session.post(ping())).status).toBe(200);
      await eventually('then it expires like any other', async () => (await router.stats()).sessions === 0);
    });
  }

  test('an open GET stream keeps its session, and when it closes idle time begins (R3)', async () => {
    const now = steadyClock();
    const store = memoryStore({ now });
    const { url, router } = await startServer({ options: { sessionIdleMs: IDLE_MS, store } });
    const session = await openSession(url);
    const stream = await session.listen();
    const begun = now();
    await eventually('three idle times are over', () => now() - begun > 3 * IDLE_MS);
    expect(stream.closed).toBeUndefined();
    expect((await session.post(ping())).status).toBe(200);
    stream.destroy();
    await eventually('the session is gone', async () => (await router.stats()).sessions === 0);
    expect((await session.post(ping())).status).toBe(404);
  });

  test('every use begins idle time anew (R3)', async () => {
    let now = 1_000_000;
    const store = memoryStore({ now: () => now });
    const { url } = await startServer({ options: { store } });
    const realNow = Date.now;
    const session = await openSession(url);
    for (let round = 0; round < 4; round += 1) {
      now = realNow() + round;
      expect((await session.post(ping())).status).toBe(200);
    }
    now = realNow() + 29 * 60_000;
    expect((await session.post(ping())).status).toBe(200);
    now = realNow() + 31 * 60_000;
    expect((await session.post(ping())).status).toBe(404);
  });
});
