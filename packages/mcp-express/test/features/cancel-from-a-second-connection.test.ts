import { describe, expect, test } from '@jest/globals';
import { startServer } from '../support/start-server.js';
import { addGate, testServer } from '../support/test-tools.js';
import { within } from '../support/wait.js';
import { openWire } from './wire-session.js';

async function running() {
  const mcp = testServer();
  const gate = addGate(mcp);
  const server = await startServer({ mcp });
  const session = await openWire(server.url);
  const stream = await session.callStream('gate', {}, 'c-1', {
    progressToken: 'p',
    headers: { accept: 'text/event-stream' },
  });
  const call = await gate.begun();
  let aborts = 0;
  call.ctx.signal.addEventListener('abort', () => {
    aborts += 1;
  });
  return { ...server, session, stream, call, aborts: () => aborts };
}

describe('notifications/cancelled from a second connection (R17)', () => {
  test('fires the signal once at once, ends the stream, and no result is sent (R17)', async () => {
    const { session, stream, call, aborts, router } = await running();
    expect((await session.cancel('c-1')).status).toBe(202);
    await within('the abort', call.aborted);
    expect(await stream.untilClosed()).toBe('end');
    call.resolve('too late');
    await call.promise;
    await session.tool('echo', { text: 'after' });
    expect(aborts()).toBe(1);
    expect(stream.messages).toEqual([]);
    expect((await router.stats()).calls).toBe(0);
  });

  test('sent three times, at once and again, it is one cancellation (R17)', async () => {
    const { session, stream, call, aborts } = await running();
    await Promise.all([session.cancel('c-1'), session.cancel('c-1')]);
    await call.aborted;
    await session.cancel('c-1');
    await stream.untilClosed();
    expect(aborts()).toBe(1);
    expect(stream.messages).toEqual([]);
  });

  test('a handler that rejects because of it says nothing more and is no unhandled rejection (R17)', async () => {
    const { session, stream, call } = await running();
    call.ctx.signal.addEventListener('abort', () => call.reject(call.ctx.signal.reason));
    await session.cancel('c-1');
    await stream.untilClosed();
    await session.tool('echo', { text: 'after' });
    expect(stream.messages).toEqual([]);
  });

  test('progress and logs of a cancelled call are not sent, and are not errors to it (MCP, Progress)', async () => {
    const { session, stream, call } = await running();
    await session.cancel('c-1');
    await call.aborted;
    await call.ctx.progress(1);
    await call.ctx.log('error', 'x');
    await stream.untilClosed();
    expect(stream.messages).toEqual([]);
  });

  test('another call of the session goes on (R17)', async () => {
    const { session, stream, call, aborts } = await running();
    await session.cancel('c-2');
    await session.cancel('');
    expect(aborts()).toBe(0);
    call.resolve('done');
    await stream.untilClosed();
    expect(stream.messages).toMatchObject([{ id: 'c-1', result: { content: [{ text: 'done' }] } }]);
  });

  test('the id may be used again after it (R28)', async () => {
    const { session, stream } = await running();
    await session.cancel('c-1');
    await stream.untilClosed();
    const again = await session.call('echo', { text: 'again' }, 'c-1');
    expect(again.json.result.content[0].text).toBe('again');
  });
});
