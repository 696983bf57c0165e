import assert from 'node:assert/strict';
import { ALL, assertEmpty, at, ids, opened, page, texts } from './stream-helpers.js';
import { eventually, newKey, newRecord, type StoreSuite, uniqueName, withStore } from './suite.js';

/** Tests of streams: reading, appending, isolation of sessions, and watching. */
export function streamContract(suite: StoreSuite): void {
  reading(suite);
  appending(suite);
  privacy(suite);
  watching(suite);
}

function reading(suite: StoreSuite): void {
  suite.test('an opened stream is known and empty; opening it again changes nothing', () =>
    withStore(suite, async (store) => {
      const key = await opened(store, ['a']);
      await store.streams.open(key);
      assert.deepEqual(texts(await page(store, key)), ['a']);
      assertEmpty(await page(store, await opened(store)), { ended: false });
    }),
  );

  suite.test('reading after an event returns all later events', () =>
    withStore(suite, async (store) => {
      const messages = Array.from({ length: 12 }, (_, i) => `message ${i}`);
      const key = await opened(store, messages);
      const { events } = await page(store, key);
      assert.deepEqual(texts({ events, ended: false, gap: false }), messages);
      for (const [index, { id }] of events.entries()) {
        assert.deepEqual(texts(await page(store, key, { after: id })), messages.slice(index + 1));
      }
    }),
  );

  suite.test('a page holds as many events as its limit allows, and the next page continues', () =>
    withStore(suite, async (store) => {
      const key = await opened(store, ['aaaa', 'bbbb', 'cccc']);
      const byCount = await page(store, key, 'start', { ...ALL, events: 2 });
      assert.deepEqual(texts(byCount), ['aaaa', 'bbbb']);
      assert.deepEqual(texts(await page(store, key, { after: at(byCount.events, -1).id })), ['cccc']);
      assert.deepEqual(texts(await page(store, key, 'start', { ...ALL, characters: 5 })), ['aaaa', 'bbbb']);
      assert.deepEqual(texts(await page(store, key, 'start', { ...ALL, characters: 1 })), ['aaaa']);
    }),
  );

  suite.test('a page with `atEnd` has all events; later ones are on the next page', () =>
    withStore(suite, async (store) => {
      const key = await opened(store, ['a', 'b']);
      assert.notEqual((await page(store, key, 'start', { ...ALL, events: 1 })).atEnd, true);
      const { events } = await page(store, key);
      await store.streams.append(key, [{ data: 'c' }]);
      assert.notEqual((await page(store, key, 'start', { ...ALL, events: 2 })).atEnd, true);
      assert.deepEqual(texts(await page(store, key, { after: at(events, -1).id })), ['c']);
    }),
  );

  suite.test('the page with the last event reports the end, and no earlier page does', () =>
    withStore(suite, async (store) => {
      const key = await opened(store, ['a']);
      await store.streams.append(key, [{ data: 'b', answer: true }], true);
      assert.equal((await page(store, key, 'start', { ...ALL, events: 1 })).ended, false);
      const whole = await page(store, key);
      assert.equal(whole.ended, true);
      assertEmpty(await page(store, key, { after: at(whole.events, -1).id }), { ended: true });
    }),
  );

  suite.test('`undelivered` is the position after the last delivered event, and never moves back', () =>
    withStore(suite, async (store) => {
      const key = await opened(store, ['a', 'b', 'c']);
      const { events } = await page(store, key);
      assert.deepEqual(texts(await page(store, key, 'undelivered')), ['a', 'b', 'c']);
      await store.streams.delivered(key, at(events, 1).id);
      await store.streams.delivered(key, at(events, 0).id);
      assert.deepEqual(texts(await page(store, key, 'undelivered')), ['c']);
    }),
  );
}

function appending(suite: StoreSuite): void {
  suite.test('the events of 50 concurrent appends get distinct ids, and each batch stays together and in order', () =>
    withStore(suite, async (store, other = store) => {
      const key = await opened(store);
      const appends = Array.from({ length: 50 }, (_, i) =>
        (i % 2 ? store : other).streams.append(key, [{ data: `${i}a` }, { data: `${i}b` }]),
      );
      await Promise.all(appends);
      const all = await page(store, key);
      assert.equal(new Set(ids(all)).size, 100);
      const order = texts(all);
      for (let i = 0; i < 50; i += 1) assert.equal(order.indexOf(`${i}b`), order.indexOf(`${i}a`) + 1);
    }),
  );

  suite.test('an append to an unknown or ended stream rejects and stores nothing', () =>
    withStore(suite, async (store) => {
      const unknown = newKey();
      await assert.rejects(store.streams.append(unknown, [{ data: 'x' }]));
      assert.equal(await store.streams.read(unknown, 'start', ALL), undefined);
      const key = await opened(store, ['a']);
      await store.streams.end(key);
      await assert.rejects(store.streams.append(key, [{ data: 'x' }]));
      assert.deepEqual(texts(await page(store, key)), ['a']);
    }),
  );

  suite.test('one of many concurrent appends that end the stream succeeds', () =>
    withStore(suite, async (store, other = store) => {
      const key = await opened(store);
      const endings = Array.from({ length: 10 }, (_, i) =>
        (i % 2 ? store : other).streams.append(key, [{ data: `answer ${i}`, answer: true }], true),
      );
      const settled = await Promise.allSettled(endings);
      assert.equal(settled.filter(({ status }) => status === 'fulfilled').length, 1);
      const { events, ended } = await page(store, key);
      assert.equal(events.length, 1);
      assert.equal(ended, true);
    }),
  );

  suite.test('ending a stream twice, or an unknown one, has no effect', () =>
    withStore(suite, async (store) => {
      const key = await opened(store, ['a']);
      await store.streams.end(key);
      await store.streams.end(key);
      await store.streams.end(newKey());
      assert.equal((await page(store, key)).ended, true);
    }),
  );

  suite.test('texts of every kind are read back unchanged', () =>
    withStore(suite, async (store) => {
      const odd = ['', '"\\\n\r\t', 'ä€😀', '\u0000', '{"jsonrpc":"2.0"}', 'x'.repeat(300_000)];
      assert.deepEqual(texts(await page(store, await opened(store, odd))), odd);
    }),
  );
}

function privacy(suite: StoreSuite): void {
  suite.test('the stream of another session is unknown, even with one of its event ids', () =>
    withStore(suite, async (store) => {
      const key = await opened(store, ['secret']);
      const thief = { session: uniqueName('session'), stream: key.stream };
      const { events } = await page(store, key);
      assert.equal(await store.streams.read(thief, 'start', ALL), undefined);
      assert.equal(await store.streams.read(thief, { after: at(events, 0).id }, ALL), undefined);
    }),
  );

  suite.test('an event id that the stream never had is no position', () =>
    withStore(suite, async (store) => {
      const key = await opened(store, ['a']);
      const foreign = await page(store, await opened(store, ['b']));
      const { events } = await page(store, key);
      const { id } = at(events, 0);
      const never = [at(foreign.events, 0).id, '', 'x', `${key.stream}.999999`, `${key.stream}.-1`, `${id}0`, `${id} `];
      for (const after of never) assert.equal(await store.streams.read(key, { after }, ALL), undefined, after);
    }),
  );

  suite.test('deleting a session keeps its streams, so that last events can be appended', () =>
    withStore(suite, async (store) => {
      const record = newRecord();
      await store.sessions.create(record, Date.now() + 60_000, { total: 1_000_000, perOwner: 1_000_000 });
      const key = { session: record.id, stream: uniqueName('stream') };
      await store.streams.open(key);
      assert.equal(await store.sessions.delete(record.id), true);
      await store.streams.append(key, [{ data: 'the session has ended', answer: true }], true);
      assert.deepEqual(texts(await page(store, key)), ['the session has ended']);
    }),
  );

  suite.test('dropping a session deletes all its streams and no other', () =>
    withStore(suite, async (store) => {
      const key = await opened(store, ['a']);
      const sibling = { session: key.session, stream: uniqueName('stream') };
      await store.streams.open(sibling);
      const foreign = await opened(store, ['b']);
      await store.streams.drop(key.session);
      assert.equal(await store.streams.read(key, 'start', ALL), undefined);
      assert.equal(await store.streams.read(sibling, 'start', ALL), undefined);
      assert.deepEqual(texts(await page(store, foreign)), ['b']);
    }),
  );
}

function watching(suite: StoreSuite): void {
  suite.test('a watcher is woken by appends and by the end, from any node, until it stops', () =>
    withStore(suite, async (store, other = store) => {
      const key = await opened(store);
      let wakes = 0;
      const stop = store.streams.watch(key, () => {
        wakes += 1;
      });
      await other.streams.append(key, [{ data: 'a' }]);
      await eventually(() => wakes >= 1, 'woken by an append');
      const before = wakes;
      await other.streams.end(key);
      await eventually(() => wakes > before, 'woken by the end');
      stop();
      stop();
    }),
  );
}
