import { describe, expect, test } from '@jest/globals';
import { memoryStore } from 'mcp-express';
import type { SseStream } from '../support/raw-client.js';
import { openSession, REVISIONS, type TestSession, toolCall } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { say } from '../support/stores.js';
import { addGate, testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

const SSE_ONLY = { accept: 'text/event-stream' };

async function gated(revision: string, before?: (mcp: ReturnType<typeof testServer>) => void) {
  const mcp = testServer();
  before?.(mcp);
  const gate = addGate(mcp);
  const server = await startServer({ mcp });
  return { ...server, gate, session: await openSession(server.url, revision) };
}

/** A call whose stream has delivered one event. */
async function begun(revision: string) {
  const server = await gated(revision);
  const stream = await server.session.callStream('gate', {}, 1, { progressToken: 't', headers: SSE_ONLY });
  const call = await server.gate.begun();
  await call.ctx.progress(1);
  await stream.untilMessages(1);
  return { ...server, stream, call, id: String(stream.lastId) };
}

async function expectOver(session: TestSession, lastEventId: string): Promise<void> {
  const answer = await session.get({ ...SSE_ONLY, 'last-event-id': lastEventId });
  expect([answer.status, answer.headers.allow, answer.headers['content-type']]).toEqual([
    405,
    'POST',
    'application/json',
  ]);
  expect(answer.json).toMatchObject({ id: null, error: { code: -32000, data: { reason: 'stream-ended' } } });
}

const primers = ({ events }: SseStream) => events.filter(({ data }) => data === '');

describe.each(REVISIONS)('a stream of %s that has ended and was read to its end is 405 (R7, R13)', (revision) => {
  test('after an answer, from the last event; and the rest from any event before it', async () => {
    const { session, stream, call } = await begun(revision);
    call.resolve('done');
    await stream.untilClosed();
    await expectOver(session, String(stream.lastId));
    const rest = await session.replay(String(stream.ids.at(-2)));
    expect(rest.messages).toMatchObject([{ id: 1, result: {} }]);
    expect(primers(rest)).toEqual([]);
    await expectOver(session, String(stream.lastId));
  });

  test('after an error', async () => {
    const { session, stream, call } = await begun(revision);
    call.reject(new Error('no'));
    await stream.untilClosed();
    await expectOver(session, String(stream.lastId));
  });

  test('after a cancellation, also one that came while it was being resumed', async () => {
    const { session, stream, id } = await begun(revision);
    stream.reset();
    const resumed = await session.resume(id);
    await session.cancel(1);
    await resumed.untilClosed();
    expect(resumed.messages).toEqual([]);
    await expectOver(session, id);
    if (revision === '2025-11-25') await expectOver(session, String(resumed.lastId));
  });
});

test('a batch whose calls were answered and cancelled is 405 too (R13)', async () => {
  const { session, gate } = await gated('2025-03-26');
  const stream = await session.stream([toolCall('gate', {}, 1, 't'), toolCall('gate', {}, 2)], SSE_ONLY);
  const [one] = [await gate.begun(), await gate.begun()];
  await one?.ctx.progress(1);
  await stream.untilMessages(1);
  one?.resolve('done');
  await stream.untilMessages(2);
  const last = String(stream.lastId);
  await session.cancel(2);
  await stream.untilClosed();
  await expectOver(session, last);
});

test("the session's own stream has no end: its last event is always 200 (DESIGN 6)", async () => {
  const store = memoryStore();
  const { url } = await startServer({ options: { store } });
  const session = await openSession(url);
  const first = await session.listen();
  await say(store, session.id, 1);
  await first.untilMessages(1);
  first.destroy();
  const second = await session.resume(String(first.lastId));
  await say(store, session.id, 2);
  await second.untilMessages(1);
});

test('a stream that is no longer kept is 400, as an id that was never given out (R6, R35)', async () => {
  const store = memoryStore({ streams: { ageMs: 1 } });
  const { url } = await startServer({ options: { store } });
  const session = await openSession(url);
  const stream = await session.callStream('echo', { text: 'x' }, 1, { headers: SSE_ONLY });
  await stream.untilClosed();
  const refused = async () => (await session.get({ 'last-event-id': String(stream.lastId) })).status;
  await eventually('it is forgotten', async () => (await refused()) === 400);
});

describe('a resume that has nothing to show yet (R7, R13)', () => {
  test('begins with an id of its own, so that the client comes back for the same stream', async () => {
    const { session, stream, call, id } = await begun('2025-11-25');
    stream.reset();
    const first = await session.resume(id);
    await first.until('the first event', () => first.events.length > 0);
    expect(first.events).toMatchObject([{ data: '', retry: 1000 }]);
    expect(first.lastId).not.toBe(id);
    first.reset();
    const second = await session.resume(String(first.lastId));
    await second.until('the first event', () => second.events.length > 0);
    expect(new Set([...stream.ids, ...first.ids, ...second.ids]).size).toBe(stream.ids.length + 2);
    second.reset();
    call.resolve('done');
    const third = await session.resume(String(second.lastId));
    await third.untilClosed();
    expect(third.messages).toMatchObject([{ id: 1, result: {} }]);
  });

  test.each(['2025-03-26', '2025-06-18'])('has no event without data in %s', async (revision) => {
    const { session, stream, call, id } = await begun(revision);
    stream.reset();
    const resumed = await session.resume(id);
    call.resolve('done');
    await resumed.untilClosed();
    expect(primers(resumed)).toEqual([]);
  });

  test('a made-up second id of an event of another session leads nowhere (R6)', async () => {
    const { session, url, stream } = await begun('2025-11-25');
    const other = await openSession(url);
    for (const id of [`${stream.lastId}~AAAAAAAA`, `${stream.lastId}~`, `~AAAAAAAA`]) {
      expect((await other.get({ 'last-event-id': id })).status).toBe(400);
    }
    expect((await session.get({ 'last-event-id': `${stream.lastId}~short` })).status).toBe(400);
  });
});
