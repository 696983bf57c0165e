import { describe, expect, test } from '@jest/globals';
import { memoryStore } from 'mcp-express';
import { openSession, REVISIONS } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { slowStore } from '../support/stores.js';
import { addBurst, addGate, testServer } from '../support/test-tools.js';

const COUNT = 50;
const EXPECTED = [...Array.from({ length: COUNT }, (_each, step) => step), 'answer'];

const stepsOf = (messages: readonly { params?: { progress: number }; result?: unknown }[]): unknown[] =>
  messages.map(({ params, result }) => (result === undefined ? params?.progress : 'answer'));

describe.each([
  ['the memory store', () => memoryStore()],
  ['a store whose appends take 0 to 20 ms', () => slowStore(20)],
])('progress that is not awaited, with %s (R33)', (_what, storeOf) => {
  test.each(REVISIONS)(
    '%s: 50 frames in order, then the answer, then the end, with ids that increase (R33)',
    async (revision) => {
      const mcp = testServer();
      addBurst(mcp);
      const { url } = await startServer({ mcp, options: { store: storeOf() } });
      const session = await openSession(url, revision);
      const stream = await session.callStream('burst', { count: COUNT }, 9, { progressToken: 'tok' });
      expect(await stream.untilClosed()).toBe('end');
      expect(stepsOf(stream.messages)).toEqual(EXPECTED);
      expect(stream.messages[0]).toEqual({
        jsonrpc: '2.0',
        method: 'notifications/progress',
        params: { progressToken: 'tok', progress: 0, total: COUNT, message: 'step 0' },
      });
      expect(stream.messages.at(-1).id).toBe(9);
      const places = stream.ids.map((id) => Number(id.slice(id.lastIndexOf('.') + 1)));
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(new Set(stream.ids).size).toBe(stream.ids.length);
      expect(new Set(stream.ids.map((id) => id.slice(0, id.lastIndexOf('.')))).size).toBe(1);
    },
  );

  test('a replay from every id gives the exact rest, and 405 where there is none (R33, R7)', async () => {
    const mcp = testServer();
    addBurst(mcp);
    const { url } = await startServer({ mcp, options: { store: storeOf() } });
    const session = await openSession(url);
    const stream = await session.callStream('burst', { count: COUNT }, 9, { progressToken: 'tok' });
    await stream.untilClosed();
    const shown = stream.events;
    expect(shown).toHaveLength(COUNT + 2);
    const last = shown.at(-1)?.id;
    await expect(session.replay(String(last))).rejects.toThrow('not a stream: 405');
    for (const [index, { id }] of shown.slice(0, -1).entries()) {
      const replay = await session.replay(String(id));
      const rest = shown.slice(index + 1).map((each) => [each.id, each.data]);
      expect(replay.events.map((each) => [each.id, each.data])).toEqual(rest);
      expect(replay.closed).toBe('end');
    }
  });

  test('twenty calls of one session at once each keep their order (R33)', async () => {
    const mcp = testServer();
    addBurst(mcp);
    const { url } = await startServer({ mcp, options: { store: storeOf() } });
    const session = await openSession(url);
    const streams = await Promise.all(
      Array.from({ length: 20 }, (_each, id) =>
        session.callStream('burst', { count: COUNT }, id, { progressToken: id }),
      ),
    );
    for (const [id, stream] of streams.entries()) {
      await stream.untilClosed();
      expect(stepsOf(stream.messages)).toEqual(EXPECTED);
      expect(stream.messages.at(-1).id).toBe(id);
      expect(new Set(stream.messages.slice(0, -1).map(({ params }) => params.progressToken))).toEqual(new Set([id]));
    }
    const all = streams.flatMap(({ ids }) => ids);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('progress notifications (MCP, Progress)', () => {
  test('without a token nothing is sent, and the answer is one JSON body (R25, R47)', async () => {
    const mcp = testServer();
    addBurst(mcp);
    const { url } = await startServer({ mcp });
    const session = await openSession(url);
    const answer = await session.call('burst', { count: 5 });
    expect(answer.headers['content-type']).toBe('application/json');
  });

  test('a value that does not increase is not sent, and each frame leaves when it is made (R43)', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url } = await startServer({ mcp });
    const session = await openSession(url);
    const calling = session.callStream('gate', {}, 1, { progressToken: 0 });
    const call = await gate.begun();
    void call.ctx.progress(1);
    const stream = await calling;
    await stream.untilMessages(1);
    void call.ctx.progress(1);
    void call.ctx.progress(0.5);
    void call.ctx.progress(Number.NaN);
    await call.ctx.progress(1.5);
    await stream.untilMessages(2);
    call.resolve('done');
    await stream.untilClosed();
    expect(stepsOf(stream.messages)).toEqual([1, 1.5, 'answer']);
  });

  test('a value that JSON has no word for is never sent as null', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url } = await startServer({ mcp });
    const session = await openSession(url);
    const calling = session.callStream('gate', {}, 1, { progressToken: 0, headers: { accept: 'text/event-stream' } });
    const call = await gate.begun();
    void call.ctx.progress(1, Number.POSITIVE_INFINITY);
    void call.ctx.progress(2, Number.NaN);
    void call.ctx.progress(Number.POSITIVE_INFINITY);
    call.resolve('done');
    const stream = await calling;
    await stream.untilClosed();
    expect(stream.text).not.toContain('null');
  });

  test('nothing is sent after the answer (MCP: "MUST stop after completion")', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url } = await startServer({ mcp });
    const session = await openSession(url);
    const calling = session.callStream('gate', {}, 1, { progressToken: 't' });
    const call = await gate.begun();
    await call.ctx.progress(1);
    const stream = await calling;
    call.resolve('done');
    await stream.untilClosed();
    await call.ctx.progress(2);
    const replay = await session.replay(String(stream.ids[0]));
    expect(stepsOf(replay.messages)).toEqual([1, 'answer']);
  });
});
