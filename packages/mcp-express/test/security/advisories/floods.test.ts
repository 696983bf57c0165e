import { expect, test } from '@jest/globals';
import { send } from '../../support/raw-client.js';
import { initializeRequest, openSession, ping } from '../../support/session.js';
import { startServer } from '../../support/start-server.js';
import { addGate, testServer } from '../../support/test-tools.js';
import { eventually } from '../../support/wait.js';
import { advisory } from './rows.js';
import { ALICE, BOB, inParallel, startGuarded } from './two-principals.js';

/** Longer than a busy machine may keep the process waiting. */
const IDLE_MS = 1_000;

advisory('CVE-2026-67430', () => {
  test('of 400 sessions that are opened and left, no more than the ceiling are alive, and then none (R3)', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url, router } = await startServer({ mcp, options: { maxSessions: 50, sessionIdleMs: IDLE_MS } });
    const busy = await openSession(url);
    const calling = busy.call('gate', {}, 1, { headers: { accept: 'application/json' } });
    const call = await gate.begun();
    const left: string[] = [];
    let most = 0;
    await inParallel(400, 32, async () => {
      const { status, headers } = await send(url, { body: initializeRequest() });
      expect(status).toBe(200);
      left.push(String(headers['mcp-session-id']));
      most = Math.max(most, (await router.stats()).sessions);
    });
    expect(most).toBeLessThanOrEqual(50);
    await eventually('the one that is busy is left', async () => (await router.stats()).sessions === 1);
    for (const id of [left[0], left.at(-1)]) {
      expect((await send(url, { body: ping(), headers: { 'mcp-session-id': id } })).status).toBe(404);
    }
    call.resolve('unharmed');
    expect((await calling).text).toContain('unharmed');
  });

  test('what floods is told to wait, and others are not (R19)', async () => {
    const { url, router } = await startGuarded(testServer(), { rateLimits: { initialize: 40 } });
    const alice = await openSession(url, undefined, ALICE);
    const statuses = new Map<number, number>();
    await inParallel(300, 32, async () => {
      const { status, headers, json } = await send(url, { body: initializeRequest(), headers: BOB });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status === 200) return;
      expect([headers['retry-after'], json.error.data.reason]).toEqual([
        expect.stringMatching(/^[1-9]\d*$/),
        'rate-limited',
      ]);
    });
    expect(Object.fromEntries(statuses)).toEqual({ 200: 40, 429: 260 });
    expect((await router.stats()).sessions).toBe(41);
    expect((await alice.post(ping())).status).toBe(200);
    expect((await openSession(url, undefined, ALICE)).id).toMatch(/./);
  });

  test('who has no token opens nothing at all (R19)', async () => {
    const { url, router } = await startGuarded(testServer());
    await inParallel(200, 32, async () => {
      expect((await send(url, { body: initializeRequest() })).status).toBe(401);
    });
    expect((await router.stats()).sessions).toBe(0);
  });

  test('30 clients of one user at once are no flood (R19)', async () => {
    const { url } = await startGuarded(testServer());
    await inParallel(30, 30, async () => {
      const session = await openSession(url, undefined, ALICE);
      for (let call = 1; call <= 5; call += 1)
        expect((await session.call('echo', { text: 'x' }, call)).status).toBe(200);
    });
  });
});
