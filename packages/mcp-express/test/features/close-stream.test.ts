import { describe, expect, test } from '@jest/globals';
import { startServer } from '../support/start-server.js';
import { addGate, testServer } from '../support/test-tools.js';
import { openWire } from './wire-session.js';

async function running(revision?: string) {
  const mcp = testServer();
  const gate = addGate(mcp);
  const server = await startServer({ mcp, options: { retryMs: 30 } });
  const session = await openWire(server.url, revision === undefined ? {} : { revision });
  const stream = await session.callStream('gate', {}, 1, { progressToken: 'p' });
  return { ...server, session, stream, call: await gate.begun() };
}

describe('closeStream (SEP-1699)', () => {
  test('ends the connection in order, with a retry time, and not the call', async () => {
    const { session, stream, call, router } = await running();
    await stream.until('the priming event', () => stream.lastId !== undefined);
    expect(call.ctx.closeStream()).toBe(true);
    expect(await stream.untilClosed()).toBe('end');
    expect(stream.blocks.at(-1)?.retry).toBe(30);
    expect([call.ctx.signal.aborted, (await router.stats()).calls]).toEqual([false, 1]);
    const resumed = await session.resume(String(stream.lastId));
    call.resolve('done');
    await resumed.untilClosed();
    expect(resumed.messages).toMatchObject([{ id: 1, result: { content: [{ text: 'done' }] } }]);
  });

  test('what is said while nobody listens comes to who resumes, in order and once', async () => {
    const { session, stream, call } = await running();
    await call.ctx.progress(1);
    await stream.untilMessages(1);
    call.ctx.closeStream();
    await stream.untilClosed();
    await call.ctx.progress(2);
    await call.ctx.progress(3);
    const resumed = await session.resume(String(stream.lastId));
    await resumed.untilMessages(2);
    await call.ctx.progress(4);
    call.resolve('done');
    await resumed.untilClosed();
    const steps = [...stream.messages, ...resumed.messages].map(({ params }) => params?.progress);
    expect(steps).toEqual([1, 2, 3, 4, undefined]);
  });

  test('closes the connection again after the client has come back', async () => {
    const { session, stream, call } = await running();
    await stream.until('the priming event', () => stream.lastId !== undefined);
    call.ctx.closeStream();
    await stream.untilClosed();
    const resumed = await session.resume(String(stream.lastId));
    await call.ctx.progress(1);
    await resumed.untilMessages(1);
    expect(call.ctx.closeStream()).toBe(true);
    expect(await resumed.untilClosed()).toBe('end');
    call.resolve('done');
    const last = await session.replay(String(resumed.lastId));
    expect(last.messages).toMatchObject([{ id: 1, result: {} }]);
  });

  test.each(['2025-03-26', '2025-06-18'])(
    'does nothing for a client of %s, who has no id to come back with',
    async (old) => {
      const { stream, call } = await running(old);
      expect(call.ctx.closeStream()).toBe(false);
      call.resolve('done');
      await stream.untilClosed();
      expect(stream.messages).toMatchObject([{ id: 1, result: {} }]);
    },
  );

  test('after the answer it does nothing', async () => {
    const { stream, call } = await running();
    call.resolve('done');
    await stream.untilClosed();
    expect(call.ctx.closeStream()).toBe(false);
  });
});
