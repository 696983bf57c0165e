import { describe, expect, test } from '@jest/globals';
import { memoryStore } from 'mcp-express';
import { openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { say } from '../support/stores.js';
import { startProxy } from '../support/tcp-proxy.js';
import { addGate, testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_each, index) => from + index);

describe('GET take-over (R12)', () => {
  test('under a frozen proxy: 200 at once, 100 messages exactly once in order, the first is closed, calls go on (R12)', async () => {
    const store = memoryStore();
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url, port, router } = await startServer({ mcp, options: { store } });
    const proxy = await startProxy(port);
    const session = await openSession(url);
    const calling = session.callStream('gate', {}, 1, { headers: { accept: 'text/event-stream' } });
    const call = await gate.begun();
    const first = await session.via(proxy.url).listen();
    await say(store, session.id, ...numbers(0, 40));
    await first.untilMessages(40);
    proxy.freeze();
    for (const number of numbers(40, 70)) await say(store, session.id, number);
    const begun = performance.now();
    const second = await session.resume(String(first.lastId));
    expect(performance.now() - begun).toBeLessThan(10_000);
    for (const number of numbers(70, 100)) await say(store, session.id, number);
    await second.untilMessages(60);
    expect([...first.messages, ...second.messages].map(({ params }) => params.data)).toEqual(numbers(0, 100));
    expect((await router.stats()).streams).toBe(2);
    expect(call.ctx.signal.aborted).toBe(false);
    proxy.thaw();
    expect(await first.untilClosed()).toBe('end');
    call.resolve('unharmed');
    const answering = await calling;
    await answering.untilClosed();
    expect(answering.messages.at(-1).result.content[0].text).toBe('unharmed');
    await say(store, session.id, 100);
    await second.untilMessages(61);
  });

  test('without Last-Event-ID the new one goes on with what was not delivered, and nothing comes twice (R12, DESIGN 6)', async () => {
    const store = memoryStore();
    const { url } = await startServer({ options: { store } });
    const session = await openSession(url);
    await say(store, session.id, 0, 1);
    const first = await session.listen();
    await first.untilMessages(2);
    const second = await session.listen();
    expect(await first.untilClosed()).toBe('end');
    await say(store, session.id, 2);
    await second.untilMessages(1);
    second.destroy();
    await eventually('the server has seen it', () => second.closed !== undefined);
    const third = await session.listen();
    await say(store, session.id, 3);
    await third.until('the last message', () => third.messages.at(-1)?.params.data === 3);
    expect([first, second, third].flatMap(({ messages }) => messages.map(({ params }) => params.data))).toEqual([
      0, 1, 2, 3,
    ]);
  });

  test('messages sent without a listener wait for the next GET, in order and once (DESIGN 7)', async () => {
    const store = memoryStore();
    const { url } = await startServer({ options: { store } });
    const session = await openSession(url);
    await say(store, session.id, ...numbers(0, 300));
    const stream = await session.listen();
    await stream.untilMessages(300);
    await say(store, session.id, 300);
    await stream.untilMessages(301);
    expect(stream.messages.map(({ params }) => params.data)).toEqual(numbers(0, 301));
  });

  test('twenty GETs at once: some are refused, one is left, and every message is shown once (R12)', async () => {
    const store = memoryStore();
    const { url, router } = await startServer({ options: { store } });
    const session = await openSession(url);
    const outcomes = await Promise.allSettled(numbers(0, 20).map(() => session.listen()));
    const streams = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []));
    expect(streams.length).toBeGreaterThanOrEqual(5);
    for (const reason of refused) expect(reason).toMatch(/409 .*stream-taken/);
    await eventually('one is left', () => streams.filter(({ closed }) => closed === undefined).length === 1);
    expect((await router.stats()).streams).toBe(1);
    await say(store, session.id, ...numbers(0, 100));
    const left = streams.find(({ closed }) => closed === undefined);
    await left?.untilMessages(100);
    expect(streams.flatMap(({ messages }) => messages)).toHaveLength(100);
    const ended = Array(streams.length - 1).fill('end');
    expect(streams.map(({ closed }) => closed ?? 'open').sort()).toEqual([...ended, 'open']);
  });

  test('a first client that does not read is let go of too: its connection does not stay on the server (R12, R34)', async () => {
    const store = memoryStore({ streams: { bytes: 64 * 1024 * 1024 } });
    const { url, sockets } = await startServer({ options: { store, keepAliveMs: 0 } });
    const session = await openSession(url);
    const first = await session.listen();
    const [stuck] = [...sockets].filter((socket) => !socket.destroyed);
    first.response.pause();
    const text = 'x'.repeat(100_000);
    for (const number of numbers(0, 200)) await say(store, session.id, { number, text });
    await eventually('the server cannot write any more', () => (stuck?.writableLength ?? 0) > 0);
    const second = await session.resume(`${(await store.sessions.read(session.id))?.standalone}.0`);
    await second.untilMessages(200);
    expect(second.messages.map(({ params }) => params.data.number)).toEqual(numbers(0, 200));
    await eventually(
      'the server lets go of the first connection',
      () => stuck !== undefined && !sockets.has(stuck),
      3_000,
    );
  });

  test('one session taking over does not touch another (invariant 3)', async () => {
    const store = memoryStore();
    const { url } = await startServer({ options: { store } });
    const [a, b] = [await openSession(url), await openSession(url)];
    const listenB = await b.listen();
    const listenA = await a.listen();
    await a.listen();
    await listenA.untilClosed();
    await say(store, b.id, 'still here');
    await listenB.untilMessages(1);
    expect(listenB.closed).toBeUndefined();
  });
});
