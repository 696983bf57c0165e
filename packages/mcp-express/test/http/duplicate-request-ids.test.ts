import { expect, test } from '@jest/globals';
import { openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { addGate, testServer } from '../support/test-tools.js';

test.each([
  ['as streams', 'text/event-stream'],
  ['as JSON', 'application/json'],
])(
  'two calls with the same id at once each get their own result, %s (R28; typescript-sdk#933)',
  async (_how, accept) => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url, router } = await startServer({ mcp });
    const session = await openSession(url);
    const first = session.call('gate', { which: 1 }, 'same', { headers: { accept } });
    const one = await gate.begun();
    const second = session.call('gate', { which: 2 }, 'same', { headers: { accept } });
    const two = await gate.begun();
    two.resolve('second');
    const answer2 = await second;
    expect(answer2.text).toContain('"second"');
    expect(answer2.text).not.toContain('"first"');
    expect((await router.stats()).calls).toBe(1);
    one.resolve('first');
    const answer1 = await first;
    expect(answer1.text).toContain('"first"');
    expect(answer1.text).toContain('"id":"same"');
    expect(answer1.text.match(/"jsonrpc"/g)).toHaveLength(1);
  },
);

test('the ids 1 and "1" are two ids, and each comes back as it was sent (R28)', async () => {
  const { url } = await startServer();
  const session = await openSession(url);
  const ids = [1, '1', 0, -1, '', 'ünï"\\\u2028', 2 ** 53 - 1];
  const answers = await Promise.all(ids.map((id) => session.call('echo', { text: 'x' }, id)));
  expect(answers.map(({ json }) => json.id)).toEqual(ids);
});

test('duplicate ids in two sessions have nothing to do with each other (R28, R4)', async () => {
  const mcp = testServer();
  const gate = addGate(mcp);
  const { url } = await startServer({ mcp });
  const [a, b] = [await openSession(url), await openSession(url)];
  const forA = a.call('gate', {}, 1);
  const callA = await gate.begun();
  const forB = b.call('gate', {}, 1);
  const callB = await gate.begun();
  await a.cancel(1);
  await callA.aborted;
  expect(callB.ctx.signal.aborted).toBe(false);
  callB.resolve('of b');
  expect((await forB).text).toContain('of b');
  await forA;
});
