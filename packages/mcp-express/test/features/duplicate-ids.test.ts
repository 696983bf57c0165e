import { expect, test } from '@jest/globals';
import { startServer } from '../support/start-server.js';
import { addGate, testServer } from '../support/test-tools.js';
import { answersOn, openWire, textOf } from './wire-session.js';

const COUNT = 20;

test(`${COUNT} calls with one id at once, finished in reverse: each POST has its own result and ends (R28)`, async () => {
  const mcp = testServer();
  const gate = addGate(mcp);
  const { url, router } = await startServer({ mcp });
  const session = await openWire(url);
  const streams: ReturnType<typeof session.callStream>[] = [];
  for (let index = 0; index < COUNT; index += 1) {
    streams.push(
      session.callStream('gate', { index }, 1, { progressToken: 'same', headers: { accept: 'text/event-stream' } }),
    );
    await gate.begun();
  }
  for (const call of [...gate.calls].reverse()) {
    await call.ctx.progress(Number(call.args['index']));
    call.resolve(`of ${call.args['index']}`);
  }
  for (const [index, opening] of streams.entries()) {
    const stream = await opening;
    expect(await stream.untilClosed()).toBe('end');
    expect(answersOn(stream).map(({ result }) => textOf(result))).toEqual([`of ${index}`]);
    expect(stream.messages.flatMap(({ params }) => params?.progress ?? [])).toEqual([index]);
  }
  expect((await router.stats()).calls).toBe(0);
});

test('cancelling an id that two calls have cancels both, and neither has a result (R28, R17)', async () => {
  const mcp = testServer();
  const gate = addGate(mcp);
  const { url, router } = await startServer({ mcp });
  const session = await openWire(url);
  const calling = [session.call('gate', {}, 1), session.call('gate', {}, 1)];
  const calls = [await gate.begun(), await gate.begun()];
  await session.cancel(1);
  await Promise.all(calls.map(({ aborted }) => aborted));
  expect((await Promise.all(calling)).map((answer) => answer.text.includes('result'))).toEqual([false, false]);
  expect((await router.stats()).calls).toBe(0);
});
