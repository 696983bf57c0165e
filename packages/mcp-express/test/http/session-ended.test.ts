import { describe, expect, test } from '@jest/globals';
import { openSession, ping } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { addGate, testServer } from '../support/test-tools.js';
import { eventually, within } from '../support/wait.js';

const SSE_ONLY = { accept: 'text/event-stream' };
const JSON_ONLY = { accept: 'application/json' };

describe('DELETE of a session with something going on (invariant 1, DESIGN 7)', () => {
  test('its calls are aborted and answered with an error, once, in both forms; its streams end', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url, router } = await startServer({ mcp, options: { sseAfterMs: Infinity } });
    const session = await openSession(url);
    const bystander = await openSession(url);
    const theirs = await bystander.listen();
    const listening = await session.listen();
    const stream = await session.callStream('gate', {}, 1, { progressToken: 't', headers: SSE_ONLY });
    const first = await gate.begun();
    await first.ctx.progress(1);
    await stream.untilMessages(1);
    const json = session.call('gate', {}, 2, { headers: JSON_ONLY });
    const second = await gate.begun();
    expect((await session.delete()).status).toBe(204);
    await within('the aborts', Promise.all([first.aborted, second.aborted]));
    expect(await stream.untilClosed()).toBe('end');
    expect(await listening.untilClosed()).toBe('end');
    expect(stream.messages.slice(1)).toMatchObject([{ id: 1, error: { data: { reason: 'session-ended' } } }]);
    expect((await json).json).toMatchObject({ id: 2, error: { data: { reason: 'session-ended' } } });
    first.resolve('late');
    second.resolve('late');
    await eventually('all is at rest', async () => (await router.stats()).calls === 0);
    expect(await router.stats()).toMatchObject({ sessions: 1, calls: 0, streams: 1, droppedNotifications: 0 });
    expect(theirs.closed).toBeUndefined();
    expect((await bystander.post(ping())).status).toBe(200);
  });

  test('two DELETEs at once: one is 204, and the other 204 or 404', async () => {
    const { url } = await startServer();
    const session = await openSession(url);
    const answers = await Promise.all([session.delete(), session.delete(), session.delete()]);
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses[0]).toBe(204);
    for (const status of statuses) expect([204, 404]).toContain(status);
  });

  test('messages of a handler after the end of its session are harmless (R23)', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url } = await startServer({ mcp });
    const session = await openSession(url);
    const calling = session.callStream('gate', {}, 1, { progressToken: 't', headers: SSE_ONLY });
    const call = await gate.begun();
    await calling;
    await session.delete();
    await call.aborted;
    void call.ctx.progress(1);
    await call.ctx.progress(2).catch(() => {});
    call.reject(new Error('late'));
    expect((await (await openSession(url)).post(ping())).status).toBe(200);
  });
});
