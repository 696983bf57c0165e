import { describe, expect, test } from '@jest/globals';
import { openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { addGate, testServer } from '../support/test-tools.js';

const SSE_ONLY = { accept: 'text/event-stream' };

describe('keep-alive comments (R9, DESIGN 6)', () => {
  test('an idle GET stream, a silent call and a resumed stream all get them, and none is an event (R9)', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url } = await startServer({ mcp, options: { keepAliveMs: 20 } });
    const session = await openSession(url);
    const idle = await session.listen();
    const silent = await session.callStream('gate', {}, 1, { headers: SSE_ONLY });
    const cut = await session.callStream('gate', {}, 2, { headers: SSE_ONLY });
    await cut.until('an id', () => cut.lastId !== undefined);
    cut.reset();
    const resumed = await session.resume(String(cut.lastId));
    for (const stream of [idle, silent, resumed]) {
      await stream.until(
        'ten comments',
        () => stream.blocks.filter(({ comments }) => comments.length > 0).length >= 10,
      );
      expect(stream.messages).toEqual([]);
    }
    for (const call of gate.calls) call.resolve('on the original stream');
    expect(await silent.untilClosed()).toBe('end');
    expect(silent.messages).toMatchObject([{ id: 1, result: {} }]);
    expect(idle.closed).toBeUndefined();
  });

  test('they come about as often as was asked: not all at once, and no long silence (R9)', async () => {
    const { url } = await startServer({ options: { keepAliveMs: 50 } });
    const session = await openSession(url);
    const stream = await session.listen();
    await stream.until('twenty comments', () => stream.blocks.length >= 20);
    const took = (stream.blocks[19]?.at ?? 0) - (stream.blocks[0]?.at ?? 0);
    expect(took).toBeGreaterThan(18 * 25);
    expect(took).toBeLessThan(19 * 1_000);
  });

  test('a first byte comes at once, also with keep-alives switched off (R9; go-sdk#937)', async () => {
    const { url } = await startServer({ options: { keepAliveMs: 0 } });
    const session = await openSession(url);
    const stream = await session.listen();
    await stream.until('a byte', () => stream.text.length > 0);
    expect(stream.messages).toEqual([]);
    expect(stream.text.startsWith(':')).toBe(true);
  });

  test('a stream that has ended gets none: nothing stands after the answer (R9)', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url } = await startServer({ mcp, options: { keepAliveMs: 1 } });
    const session = await openSession(url);
    for (let round = 0; round < 20; round += 1) {
      const stream = await session.callStream('gate', {}, round, { headers: SSE_ONLY });
      (await gate.begun()).resolve('x');
      expect(await stream.untilClosed()).toBe('end');
      expect(stream.events.at(-1)?.data).toContain('"result"');
    }
  });
});
