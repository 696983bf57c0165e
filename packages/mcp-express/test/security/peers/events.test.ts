import { expect, test } from '@jest/globals';
import { memoryStore } from 'mcp-express';
import { NEWEST, openSession, TestSession } from '../../support/session.js';
import { startServer } from '../../support/start-server.js';
import { say, slowStore } from '../../support/stores.js';
import { addBurst, addGate, testServer } from '../../support/test-tools.js';
import { mistake } from './mistakes.js';

const SSE = { accept: 'text/event-stream' };

mistake('replay keyed by the stream alone', () => {
  test('an id of a POST stream, or of the standalone one, leads nowhere from another session (R6)', async () => {
    const store = memoryStore();
    const mcp = testServer();
    addBurst(mcp);
    const { url } = await startServer({ mcp, options: { store } });
    const [one, other] = [await openSession(url), await openSession(url)];
    const called = await one.callStream('burst', { count: 2 }, 1, { progressToken: 'SECRET' });
    await called.untilClosed();
    const listening = await one.listen();
    await say(store, one.id, 'SECRET');
    await listening.untilMessages(1);
    const record = await store.sessions.read(one.id);
    for (const id of [...called.ids, ...listening.ids, `${record?.standalone}.0`]) {
      const refused = await other.get({ ...SSE, 'last-event-id': id });
      expect([refused.status, refused.text.includes('SECRET')]).toEqual([400, false]);
      // To be in the right session without having it is no way either.
      const wrong = new TestSession(url, `${one.id.slice(0, -1)}_`, NEWEST);
      expect((await wrong.get({ ...SSE, 'last-event-id': id })).status).toBe(404);
    }
    expect((await one.replay(String(called.ids[0]))).messages).toHaveLength(3);
  });
});

mistake('event ids assigned by get-then-increment', () => {
  test('what is said at once by two nodes, into a slow store, has an id each, in the order of the stream (R33)', async () => {
    const store = slowStore(5);
    const [a, b] = [await startServer({ options: { store } }), await startServer({ options: { store } })];
    const session = await openSession(a.url);
    const stream = await session.via(b.url).listen();
    const said = Array.from({ length: 60 }, (_each, number) => number);
    await Promise.all(said.map((number) => say(store, session.id, number)));
    await stream.untilMessages(said.length);
    const ids = stream.events.filter(({ data }) => data !== '').map(({ id }) => Number(id?.split('.').at(-1)));
    expect(new Set(ids).size).toBe(said.length);
    expect(ids).toEqual(ids.toSorted((one, other) => one - other));
    expect(stream.messages.map(({ params }) => params.data).toSorted((one, other) => one - other)).toEqual(said);
  });

  test('so has what one call says without waiting (R33)', async () => {
    const mcp = testServer();
    addBurst(mcp);
    const { url } = await startServer({ mcp, options: { store: slowStore(5) } });
    const session = await openSession(url);
    const stream = await session.callStream('burst', { count: 50 }, 1, { progressToken: 't' });
    await stream.untilClosed();
    const ids = stream.ids.map((id) => Number(id.split('.').at(-1)));
    expect(ids).toEqual(ids.map((_id, index) => index + (ids[0] as number)));
    expect(stream.messages.slice(0, -1).map(({ params }) => params.progress)).toEqual(
      ids.slice(1, -1).map((_id, at) => at),
    );
  });
});

mistake('priming events for everybody', () => {
  test.each([
    ['2025-03-26', '2025-03-26', 0],
    ['2025-06-18', '2025-06-18', 0],
    ['2025-11-25', undefined, 0],
    ['2025-11-25', '2025-06-18', 0],
    ['2025-11-25', '2025-11-25', 1],
  ])(
    'a session of %s that names %p sees an event without data this often: %d (R42)',
    async (revision, named, count) => {
      const mcp = testServer();
      const gate = addGate(mcp);
      const { url } = await startServer({ mcp });
      const session = await openSession(url, revision);
      const headers = { ...SSE, 'mcp-protocol-version': named };
      const stream = await session.callStream('gate', {}, 1, { progressToken: 't', headers });
      const call = await gate.begun();
      await call.ctx.progress(1);
      call.resolve('done');
      await stream.untilClosed();
      expect(stream.events.filter(({ data }) => data === '')).toHaveLength(count);
      expect(stream.messages.map(({ id }) => id)).toEqual([undefined, 1]);
    },
  );
});
