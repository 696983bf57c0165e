import { describe, expect, test } from '@jest/globals';
import { memoryStore } from 'mcp-express';
import type { JsonBody, SseStream } from '../support/raw-client.js';
import { openSession, REVISIONS } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { altered, say } from '../support/stores.js';
import { startProxy } from '../support/tcp-proxy.js';
import { addGate, testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

const answers = (...streams: SseStream[]): JsonBody[] =>
  streams.flatMap(({ messages }) => messages).filter(({ id }) => id === 5);

async function interrupted(revision: string) {
  const mcp = testServer();
  const gate = addGate(mcp);
  const server = await startServer({ mcp });
  const proxy = await startProxy(server.port);
  const session = await openSession(server.url, revision);
  const calling = session.via(proxy.url).callStream('gate', {}, 5, { progressToken: 't' });
  const call = await gate.begun();
  void call.ctx.progress(1);
  const cut = await calling;
  await cut.untilMessages(1);
  proxy.reset();
  expect(await cut.untilClosed()).toBe('cut');
  return { ...server, session, cut, call };
}

describe.each(REVISIONS)('a POST stream that was reset in the middle, in %s (R7, invariant 1)', (revision) => {
  test('is resumed while the call runs: the rest, with the result exactly once (R7)', async () => {
    const { session, cut, call } = await interrupted(revision);
    void call.ctx.progress(2);
    const resumed = await session.resume(String(cut.lastId));
    await resumed.untilMessages(1);
    void call.ctx.progress(3);
    await resumed.untilMessages(2);
    call.resolve('result');
    expect(await resumed.untilClosed()).toBe('end');
    expect(resumed.messages.map(({ params }) => params?.progress)).toEqual([2, 3, undefined]);
    expect(answers(cut, resumed)).toMatchObject([{ result: { content: [{ text: 'result' }] } }]);
  });

  test('is resumed after the call is over: the rest, with the result exactly once (R7)', async () => {
    const { session, cut, call, router } = await interrupted(revision);
    void call.ctx.progress(2);
    call.resolve('result');
    await eventually('the call is over', async () => (await router.stats()).calls === 0);
    const resumed = await session.replay(String(cut.lastId));
    expect(resumed.messages.map(({ params }) => params?.progress)).toEqual([2, undefined]);
    expect(answers(cut, resumed)).toMatchObject([{ result: { content: [{ text: 'result' }] } }]);
    expect(resumed.closed).toBe('end');
  });

  test('can be resumed repeatedly: events before the given id are not repeated (R7)', async () => {
    const { session, cut, call } = await interrupted(revision);
    const shown: string[] = [...cut.ids];
    let last = String(cut.lastId);
    for (let step = 2; step < 12; step += 1) {
      const resumed = await session.resume(last);
      await call.ctx.progress(step);
      await resumed.untilMessages(1);
      shown.push(...resumed.ids);
      last = String(resumed.lastId);
      resumed.reset();
    }
    call.resolve('result');
    const final = await session.replay(last);
    shown.push(...final.ids);
    expect(answers(final)).toHaveLength(1);
    expect(new Set(shown).size).toBe(shown.length);
  });

  test('is not cancelled by it: the call does not notice the disconnect (MCP, transports)', async () => {
    const { call, router } = await interrupted(revision);
    await eventually('the server has seen it', async () => (await router.stats()).streams === 0);
    expect(call.ctx.signal.aborted).toBe(false);
    expect((await router.stats()).calls).toBe(1);
    call.resolve('done');
  });
});

describe('resume (DESIGN 6)', () => {
  test('two who resume the same stream: the newer has it, the older ends, each event once (R12)', async () => {
    const { session, cut, call } = await interrupted('2025-11-25');
    const older = await session.resume(String(cut.lastId));
    await call.ctx.progress(2);
    await older.untilMessages(1);
    const newer = await session.resume(String(older.lastId));
    expect(await older.untilClosed()).toBe('end');
    await call.ctx.progress(3);
    call.resolve('result');
    await newer.untilClosed();
    expect(older.messages).toHaveLength(1);
    expect(newer.messages).toHaveLength(2);
  });

  test('the standalone stream is resumed from the given id, also from an earlier one (R6)', async () => {
    const store = memoryStore();
    const { url } = await startServer({ options: { store } });
    const session = await openSession(url);
    const first = await session.listen();
    await say(store, session.id, 1, 2, 3);
    await first.untilMessages(3);
    first.destroy();
    const again = await session.resume(String(first.ids[0]));
    await again.untilMessages(2);
    expect(again.messages.map(({ params }) => params.data)).toEqual([2, 3]);
    await say(store, session.id, 4);
    await again.untilMessages(3);
    expect(again.messages.at(-1).params.data).toBe(4);
  });

  test('an empty Last-Event-ID is none at all, as an EventSource sends it', async () => {
    const { url } = await startServer();
    const session = await openSession(url);
    const stream = await session.resume('');
    expect(stream.status).toBe(200);
  });

  test('events dropped by a limit are announced by a comment, and the remaining ones arrive (DESIGN 6)', async () => {
    const store = memoryStore({ streams: { events: 20 } });
    const { url } = await startServer({ options: { store } });
    const session = await openSession(url);
    const first = await session.listen();
    await say(store, session.id, 0);
    await first.untilMessages(1);
    first.destroy();
    for (let index = 1; index < 50; index += 1) await say(store, session.id, index);
    const again = await session.resume(String(first.lastId));
    await again.until('the last message', () => again.messages.at(-1)?.params.data === 49);
    const numbers = again.messages.map(({ params }) => params.data);
    expect(numbers.length).toBeLessThanOrEqual(20);
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_each, index) => 50 - numbers.length + index));
    const comments = again.blocks.flatMap((block) => block.comments).filter((text) => text.trim() !== '');
    expect(comments).toHaveLength(1);
  });

  test('a store that is down when a client resumes is 5xx, not an empty stream (invariant 9)', async () => {
    let down = false;
    const inner = memoryStore();
    const store = altered(inner, {
      streams: {
        read: (...args) => (down ? Promise.reject(new Error('down')) : inner.streams.read(...args)),
      },
    });
    const { url } = await startServer({ options: { store } });
    const session = await openSession(url);
    const stream = await session.listen();
    await say(store, session.id, 1);
    await stream.untilMessages(1);
    stream.destroy();
    down = true;
    const answer = await session.get({ 'last-event-id': String(stream.lastId) });
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(answer.json.error.code).toBeLessThan(-31_999);
    expect(answer.text).not.toContain('down');
  });
});
