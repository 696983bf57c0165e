import assert from 'node:assert/strict';
import { ALL, at, opened, page, texts } from './stream-helpers.js';
import { type StoreSuite, uniqueName, withStore } from './suite.js';

/** Tests of the limits of the streams of one session. */
export function streamBoundsContract(suite: StoreSuite): void {
  suite.test('over the limit of events, the oldest notifications are dropped, and pages report a gap', () =>
    withStore(
      suite,
      async (store) => {
        const key = await opened(
          store,
          Array.from({ length: 60 }, (_, i) => `n${i}`),
        );
        const held = await page(store, key);
        assert.ok(held.events.length <= 20, `at most 20 events are held, not ${held.events.length}`);
        assert.ok(held.events.length > 0);
        assert.equal(held.gap, true);
        assert.equal(texts(held).at(-1), 'n59');
        assert.equal((await page(store, key, { after: at(held.events, 0).id })).gap, false);
      },
      { events: 20 },
    ),
  );

  suite.test('the limit of events applies to many streams of one event each', () =>
    withStore(
      suite,
      async (store) => {
        const session = uniqueName('session');
        const keys = Array.from({ length: 60 }, () => ({ session, stream: uniqueName('stream') }));
        for (const key of keys) {
          await store.streams.open(key);
          await store.streams.append(key, [{ data: 'n' }]);
        }
        let held = 0;
        for (const key of keys) held += (await store.streams.read(key, 'start', ALL))?.events.length ?? 0;
        assert.ok(held <= 20, `at most 20 events are held, not ${held}`);
      },
      { events: 20 },
    ),
  );

  suite.test('over the limit of bytes, the oldest notifications are dropped', () =>
    withStore(
      suite,
      async (store) => {
        const key = await opened(store);
        for (let i = 0; i < 40; i += 1) await store.streams.append(key, [{ data: String(i).padStart(10_000, '.') }]);
        const held = texts(await page(store, key)).reduce((sum, data) => sum + data.length, 0);
        assert.ok(held <= 100_000, `at most 100,000 bytes are held, not ${held}`);
      },
      { bytes: 100_000 },
    ),
  );

  suite.test('notifications never displace an undelivered answer', () =>
    withStore(
      suite,
      async (store) => {
        const answered = await opened(store);
        await store.streams.append(answered, [{ data: 'answer', answer: true }], true);
        const noisy = { session: answered.session, stream: uniqueName('stream') };
        await store.streams.open(noisy);
        for (let i = 0; i < 100; i += 1) await store.streams.append(noisy, [{ data: `n${i}` }]);
        assert.deepEqual(texts(await page(store, answered)), ['answer']);
      },
      { events: 20 },
    ),
  );

  suite.test('at the limit of streams, a stream that ended without events makes room for a new one', () =>
    withStore(
      suite,
      async (store) => {
        const session = uniqueName('session');
        for (let i = 0; i < 80; i += 1) {
          const key = { session, stream: uniqueName('stream') };
          await store.streams.open(key);
          await store.streams.end(key);
        }
        const key = { session, stream: uniqueName('stream') };
        await store.streams.open(key);
        await store.streams.append(key, [{ data: 'last' }]);
        assert.deepEqual(texts(await page(store, key)), ['last']);
      },
      { streams: 40 },
    ),
  );

  suite.test('at the limit of streams, none that is open is removed', () =>
    withStore(
      suite,
      async (store) => {
        const session = uniqueName('session');
        const keys = Array.from({ length: 40 }, () => ({ session, stream: uniqueName('stream') }));
        for (const key of keys) await store.streams.open(key);
        const beyond = { session, stream: uniqueName('stream') };
        await assert.rejects(store.streams.open(beyond), /too many open streams/);
        for (const key of keys) assert.ok(await store.streams.read(key, 'start', ALL));
      },
      { streams: 40 },
    ),
  );
}
