import { Agent, request } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { memoryStore } from 'mcp-express';
import { onCleanup } from '../support/cleanup.js';
import { send } from '../support/raw-client.js';
import { initializeRequest, openSession, ping } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { say } from '../support/stores.js';
import { addGate, testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

const SSE_ONLY = { accept: 'text/event-stream' };
const JSON_ONLY = { accept: 'application/json' };

describe('router.close (R38, DESIGN 7)', () => {
  test('running calls are answered in both forms, idle streams are ended at once, new work is 503 with Retry-After (R38)', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url, router } = await startServer({ mcp, options: { sseAfterMs: Infinity } });
    const idle = await openSession(url);
    const busy = await openSession(url);
    const listening = await idle.listen();
    const stream = await busy.callStream('gate', {}, 1, { headers: SSE_ONLY });
    const json = busy.call('gate', {}, 2, { headers: JSON_ONLY });
    const calls = [await gate.begun(), await gate.begun()];
    let closed = false;
    const closing = router.close({ graceMs: 10_000 }).then(() => {
      closed = true;
    });
    expect(await listening.untilClosed()).toBe('end');
    expect(stream.closed).toBeUndefined();
    const refused = [
      await send(url, { body: initializeRequest() }),
      await busy.post(ping()),
      await busy.get(),
      await busy.delete(),
      await idle.call('echo', { text: 'x' }),
    ];
    for (const answer of refused) {
      expect([answer.status, answer.headers['content-type']]).toEqual([503, 'application/json']);
      expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
      expect(answer.json.error.data.reason).toBe('shutting-down');
    }
    expect(closed).toBe(false);
    for (const call of calls) expect(call.ctx.signal.aborted).toBe(false);
    for (const call of calls) call.resolve('finished');
    await closing;
    expect(await stream.untilClosed()).toBe('end');
    expect(stream.messages).toMatchObject([{ id: 1, result: { content: [{ text: 'finished' }] } }]);
    expect((await json).json).toMatchObject({ id: 2, result: { content: [{ text: 'finished' }] } });
    expect((await send(url, { body: initializeRequest() })).status).toBe(503);
  });

  test.each([
    ['2025-11-25', 1],
    ['2025-06-18', 0],
    ['2025-03-26', 0],
  ])(
    'idle streams of %s are ended with %d retry hint, and no empty data for the older ones (R38, R42)',
    async (revision, hints) => {
      const { url, router } = await startServer({ options: { retryMs: 4321 } });
      const session = await openSession(url, revision);
      const stream = await session.listen();
      await router.close({ graceMs: 0 });
      expect(await stream.untilClosed()).toBe('end');
      const retries = stream.blocks.filter(({ retry }) => retry === 4321);
      expect(retries.length).toBeGreaterThanOrEqual(hints);
      // The last line is a longer retry time, in a form that is no frame for clients of earlier revisions.
      const last = Number(/^retry: (\d+)\n\n?$/m.exec(stream.text.split('retry: 4321').at(-1) ?? '')?.[1]);
      expect(last).toBeGreaterThanOrEqual(10_000);
      expect(stream.blocks.at(-1)?.retry === last).toBe(hints === 1);
      if (hints === 0) expect(stream.events).toEqual([]);
    },
  );

  test('a call beyond the grace time gets an error exactly once, its handler is aborted, and close does not wait on (R38, invariant 1)', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url, router } = await startServer({ mcp, options: { sseAfterMs: Infinity } });
    const session = await openSession(url);
    const stream = await session.callStream('gate', {}, 1, { headers: SSE_ONLY });
    const json = session.call('gate', {}, 2, { headers: JSON_ONLY });
    const calls = [await gate.begun(), await gate.begun()];
    const begun = performance.now();
    await router.close({ graceMs: 200 });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(190);
    expect(performance.now() - begun).toBeLessThan(20_000);
    for (const call of calls) expect(call.ctx.signal.aborted).toBe(true);
    expect(await stream.untilClosed()).toBe('end');
    expect(stream.messages).toMatchObject([{ id: 1, error: { data: { reason: 'shutting-down' } } }]);
    expect((await json).json).toMatchObject({ id: 2, error: { data: { reason: 'shutting-down' } } });
    for (const call of calls) call.resolve('too late');
  });

  test('a call whose client has left is given its grace time too, and its answer is in the store afterwards (R38, R7)', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const store = memoryStore();
    const { url, router } = await startServer({ mcp, options: { store } });
    const session = await openSession(url);
    const stream = await session.callStream('gate', {}, 1, { headers: SSE_ONLY });
    await stream.until('an id', () => stream.lastId !== undefined);
    stream.reset();
    const closing = router.close({ graceMs: 10_000 });
    (await gate.begun()).resolve('for later');
    await closing;
    const other = await startServer({ mcp: testServer(), options: { store } });
    const resumed = await session.via(other.url).replay(String(stream.lastId));
    expect(resumed.messages).toMatchObject([{ id: 1, result: { content: [{ text: 'for later' }] } }]);
  });

  test('twice is once, and with nothing to do it is quick', async () => {
    const { router } = await startServer();
    const begun = performance.now();
    await Promise.all([router.close(), router.close(), router.close({ graceMs: 1 })]);
    await router.close();
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  test('a client that does not read does not hold it up (R38, R34)', async () => {
    const store = memoryStore({ streams: { bytes: 64 * 1024 * 1024 } });
    const { url, router, sockets } = await startServer({ options: { store } });
    const session = await openSession(url);
    const stream = await session.listen();
    stream.response.pause();
    const [socket] = [...sockets].filter(({ destroyed }) => !destroyed);
    for (let number = 0; number < 200; number += 1) await say(store, session.id, 'x'.repeat(100_000));
    await eventually('it is stuck', () => (socket?.writableLength ?? 0) > 0);
    const begun = performance.now();
    await router.close({ graceMs: 100 });
    expect(performance.now() - begun).toBeLessThan(20_000);
  });
});

describe('served.close (R38)', () => {
  test('with idle streams, running calls and idle connections: all results arrive, then connections are refused (R38)', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const server = await startServer({ mcp });
    const { url } = server;
    const agent = new Agent({ keepAlive: true });
    onCleanup(() => agent.destroy());
    await new Promise((resolve) => request(url, { agent }, (response) => response.resume().once('end', resolve)).end());
    const session = await openSession(url);
    const idle = await Promise.all(Array.from({ length: 20 }, async () => (await openSession(url)).listen()));
    const running = Array.from({ length: 20 }, (_each, id) => session.call('gate', {}, id));
    for (let count = 0; count < 20; count += 1) await gate.begun();
    const closing = server.close({ graceMs: 10_000 });
    for (const stream of idle) expect(await stream.untilClosed()).toBe('end');
    for (const call of gate.calls) call.resolve('result');
    for (const answer of await Promise.all(running)) expect(answer.text).toContain('result');
    await closing;
    await expect(send(url, { body: ping() })).rejects.toThrow();
    expect(server.sockets.size).toBe(0);
  });

  test.each([
    ['as JSON', JSON_ONLY],
    ['as a stream', SSE_ONLY],
  ])('a large answer that is on its way %s arrives whole (R38, invariant 1)', async (_how, headers) => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const store = memoryStore({ streams: { bytes: 256 * 1024 * 1024 } });
    const server = await startServer({ mcp, options: { store } });
    const session = await openSession(server.url);
    const answering = session.call('gate', {}, 1, { headers });
    const call = await gate.begun();
    const closing = server.close({ graceMs: 10_000 });
    // More than the buffers of both sockets hold, and little enough for a busy machine to send while the server closes.
    const text = 'x'.repeat(12 * 1024 * 1024);
    call.resolve(text);
    const answer = await answering;
    expect(answer.text.length).toBeGreaterThan(text.length);
    await closing;
  });
});

test('reconnection times differ: all are longer than the grace time, and are spread over the same duration (R13)', async () => {
  const { url, router } = await startServer();
  const sessions = await Promise.all(Array.from({ length: 20 }, () => openSession(url)));
  const streams = await Promise.all(sessions.map((session) => session.listen()));
  await router.close({ graceMs: 30_000 });
  await Promise.all(streams.map((stream) => stream.untilClosed()));
  const retries = streams.map(({ blocks }) => blocks.at(-1)?.retry ?? 0);
  for (const retry of retries) expect(retry >= 35_000 && retry <= 70_000).toBe(true);
  expect(Math.max(...retries) - Math.min(...retries)).toBeGreaterThan(8_000);
  expect(new Set(retries).size).toBeGreaterThan(1);
});
