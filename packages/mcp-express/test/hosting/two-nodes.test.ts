/** A hosted SDK server on two nodes: strict round-robin, and one node killed in the middle (R51, R1, R6, R12). */
import { expect, test } from '@jest/globals';
import { CAPABLE, openWire, requestOn, textOf } from '../features/wire-session.js';
import { onCleanup } from '../support/cleanup.js';
import { FixtureProcess } from '../support/program.js';
import { RedisServer } from '../support/redis.js';
import { eventually } from '../support/wait.js';

const CALL = { jsonrpc: '2.0', method: 'tools/call' };

test('any node serves any session, and no call is left without an answer', async () => {
  const redis = await RedisServer.start();
  onCleanup(() => redis.remove());
  const env = { STORE: redis.url, LEASE_MS: '1500', HOSTED: 'yes' };
  const [one, two] = await Promise.all([FixtureProcess.start(env), FixtureProcess.start(env)]);
  const sessions = await Promise.all(
    Array.from({ length: 10 }, (_, n) => openWire(n % 2 === 0 ? one.url : two.url, { capabilities: CAPABLE })),
  );
  for (const url of [two.url, one.url, two.url, one.url]) {
    const answers = sessions.map((session, n) => session.via(url).tool('echo', { value: `text ${n}` }));
    expect((await Promise.all(answers)).map(textOf)).toEqual(sessions.map((_session, n) => `text ${n}`));
  }
  const [first, second] = sessions.map((session) => session.via(one.url));
  if (first === undefined || second === undefined) throw new Error('there are no sessions');
  // The server asks on one node, and the client answers on the other.
  const asking = await first.stream({ ...CALL, id: 7, params: { name: 'ask' } });
  const { id } = await requestOn(asking, 'elicitation/create');
  await first.via(two.url).answer(id, { action: 'accept', content: { name: 'Al' } });
  await asking.until('the result', () => asking.messages.some((message) => message.id === 7));
  expect(textOf(asking.messages.find((message) => message.id === 7)?.result)).toBe('Al');
  // The node dies while it runs a call: the client resumes on the other, and gets an answer.
  const running = await second.stream({ ...CALL, id: 8, params: { name: 'wait' } });
  await eventually('it can be resumed', () => running.messages.length > 0 && running.lastId !== undefined);
  await one.end('SIGKILL');
  const resumed = await second.via(two.url).replay(running.lastId ?? '');
  await resumed.until('the answer', () => resumed.messages.some((message) => message.id === 8));
  expect(resumed.messages.filter((message) => message.id === 8)).toMatchObject([
    { error: { data: { reason: 'call-interrupted' } } },
  ]);
  const after = sessions.map((session) => session.via(two.url).tool('echo', { value: 'still there' }));
  expect(new Set((await Promise.all(after)).map(textOf))).toEqual(new Set(['still there']));
});
