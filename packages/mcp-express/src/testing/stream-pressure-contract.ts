import assert from 'node:assert/strict';
import type { StreamKey } from '../store/store.js';
import {
  ANSWERS,
  answer,
  beside,
  brief,
  LIMITS,
  NOTIFICATIONS,
  notes,
  readAll,
  text,
  watched,
} from './pressure-helpers.js';
import { at, opened, page, texts } from './stream-helpers.js';
import { eventually, type StoreSuite, withStore } from './suite.js';

/** Tests of full streams: waiting for attached readers, eviction, and forced appends. */
export function streamPressureContract(suite: StoreSuite): void {
  attached(suite);
  abandoned(suite);
  forced(suite);
}

function attached(suite: StoreSuite): void {
  suite.test('events that an attached reader has not read are kept: appends return `full` until it has read them', () =>
    withStore(
      suite,
      async (store, other = store) => {
        const key = await opened(store);
        const stop = await watched(other, store, key);
        let stored = 0;
        while ((await store.streams.append(key, notes(1, stored))) === 'stored') stored += 1;
        assert.ok(stored >= LIMITS.events, `at least the limit is held, not ${stored}`);
        assert.ok(stored <= NOTIFICATIONS, `at most twice the limit is held, not ${stored}`);
        const whole = await page(other, key);
        assert.deepEqual(texts(whole), ['first', ...notes(stored).map(({ data }) => data)]);
        assert.equal(whole.gap, false);
        await readAll(other, key);
        assert.equal(await store.streams.append(key, notes(1, stored)), 'stored');
        assert.deepEqual(await readAll(other, key), [`n${stored}`]);
        stop();
      },
      LIMITS,
    ),
  );

  suite.test('unread notifications of a slow reader leave room for answers of other streams, up to a limit', () =>
    withStore(
      suite,
      async (store, other = store) => {
        const key = await opened(store);
        const stop = await watched(other, store, key);
        while ((await store.streams.append(key, notes(1))) === 'stored');
        const second = await beside(store, key);
        const stopSecond = await watched(other, store, second);
        let stored = 0;
        while ((await store.streams.append(second, [answer(`a${stored}`)])) === 'stored') stored += 1;
        assert.ok(stored >= LIMITS.events, `answers have room, not only for ${stored}`);
        assert.ok(stored <= ANSWERS, `the room is bounded: ${stored}`);
        assert.equal((await page(other, second)).gap, false);
        stop();
        stopSecond();
      },
      LIMITS,
    ),
  );

  suite.test('an event larger than all limits is stored for a reader that has read all earlier ones', () =>
    withStore(
      suite,
      async (store, other = store) => {
        const key = await opened(store);
        const stop = await watched(other, store, key);
        await readAll(other, key);
        assert.equal(await store.streams.append(key, [answer('a', 50_000)]), 'stored');
        assert.equal(await store.streams.append(key, [answer('b', 50_000)]), 'full');
        assert.deepEqual(brief(await readAll(other, key)), brief([text('a', 50_000)]));
        assert.equal(await store.streams.append(key, [answer('b', 50_000)], true), 'stored');
        assert.deepEqual(brief(await readAll(other, key)), brief([text('b', 50_000)]));
        stop();
      },
      { bytes: 10_000 },
    ),
  );

  suite.test('events of a reader that has left can be dropped', () =>
    withStore(
      suite,
      async (store, other = store) => {
        const key = await opened(store);
        const stop = await watched(other, store, key);
        while ((await store.streams.append(key, notes(1))) === 'stored');
        stop();
        await eventually(
          async () => (await store.streams.append(key, notes(1))) === 'stored',
          'room after a reader left',
        );
        const held = await page(store, key);
        assert.ok(held.events.length <= LIMITS.events, `only the limit is held, not ${held.events.length}`);
        assert.equal(held.gap, true);
      },
      LIMITS,
    ),
  );
}

function abandoned(suite: StoreSuite): void {
  suite.test(
    'answers without a reader that must go are errors in their place, with a gap, and the end is still told',
    () =>
      withStore(
        suite,
        async (store) => {
          const keys: StreamKey[] = [await opened(store)];
          while (keys.length < 30) keys.push(await beside(store, keys[0] as StreamKey));
          for (const [i, key] of keys.entries()) {
            assert.equal(await store.streams.append(key, [answer(`${i} `, 4_000)], true), 'stored');
          }
          let held = 0;
          const replaced: number[] = [];
          for (const [i, key] of keys.entries()) {
            const { events, ended, gap } = await page(store, key);
            assert.equal(ended, true);
            assert.equal(events.length, 1, 'every stream has its answer or what stands for it');
            const { data } = at(events, 0);
            held += Buffer.byteLength(data);
            assert.deepEqual(brief([data]), brief([gap ? `instead of ${i} ` : text(`${i} `, 4_000)]));
            if (gap) replaced.push(i);
            const after = await page(store, key, { after: at(events, 0).id });
            assert.deepEqual({ ...after, atEnd: true }, { events: [], atEnd: true, ended: true, gap: false });
          }
          assert.ok(replaced.length > 0 && replaced.length < 30);
          assert.deepEqual([...replaced.keys()], replaced, 'the oldest go first');
          assert.ok(held <= 40_000, `at most four times the limit is held, not ${held}`);
        },
        { bytes: 10_000 },
      ),
  );

  suite.test('answers without a reader are replaced to make room for an attached one', () =>
    withStore(
      suite,
      async (store, other = store) => {
        const gone = await opened(store);
        await store.streams.append(gone, [answer('a', 36_000)], true);
        const key = await beside(store, gone);
        const stop = await watched(other, store, key);
        assert.equal(await store.streams.append(key, [answer('b', 30_000)], true), 'stored');
        assert.deepEqual(brief(await readAll(other, key)), brief(['first', text('b', 30_000)]));
        const whole = await page(store, gone);
        assert.deepEqual(texts(whole), ['instead of a']);
        assert.deepEqual([whole.gap, whole.ended], [true, true]);
        stop();
      },
      { bytes: 10_000 },
    ),
  );

  suite.test('events around a replaced answer keep their order and ids', () =>
    withStore(
      suite,
      async (store) => {
        const key = await opened(store);
        await store.streams.append(key, [{ data: 'before' }, answer('a', 5_000), { data: 'between' }, answer('b')]);
        const before = await page(store, key);
        const second = await beside(store, key);
        await store.streams.append(second, [answer('c', 37_000)], true);
        const after = await page(store, key);
        assert.deepEqual(texts(after).slice(-3), ['instead of a', 'between', 'b']);
        assert.deepEqual(
          after.events.map(({ id }) => id),
          before.events.map(({ id }) => id).slice(-after.events.length),
        );
        const rest = await page(store, key, { after: at(after.events, -3).id });
        assert.deepEqual([texts(rest), rest.gap], [['between', 'b'], false]);
        assert.deepEqual(
          texts(await page(store, key, { after: at(before.events, 0).id }, { events: 1, characters: 99 })),
          ['instead of a'],
        );
      },
      { bytes: 10_000 },
    ),
  );
}

function forced(suite: StoreSuite): void {
  suite.test('a forced append replaces answers that a reader has not read by their short forms', () =>
    withStore(
      suite,
      async (store, other = store) => {
        const key = await opened(store);
        const stop = await watched(other, store, key);
        await readAll(other, key);
        assert.equal(await store.streams.append(key, [answer('a', 30_000)]), 'stored');
        assert.equal(await store.streams.append(key, [answer('b', 30_000)], true), 'full');
        assert.equal(await store.streams.append(key, [answer('b', 30_000)], true, true), 'stored');
        assert.deepEqual(brief(await readAll(other, key)), brief(['instead of a', text('b', 30_000)]));
        stop();
      },
      { bytes: 10_000 },
    ),
  );

  suite.test('a forced append stores an answer without room in its short form, and a small one in full', () =>
    withStore(
      suite,
      async (store) => {
        const key = await opened(store);
        const events = [{ data: 'n'.repeat(50_000) }, answer('a', 50_000), { data: 'small', answer: true }];
        assert.equal(await store.streams.append(key, events, true, true), 'stored');
        const whole = await page(store, key);
        assert.deepEqual(texts(whole), ['instead of a', 'small']);
        assert.deepEqual([whole.gap, whole.ended], [true, true]);
      },
      { bytes: 10_000 },
    ),
  );

  suite.test('a replaced answer is dropped once it was delivered, like any other', () =>
    withStore(
      suite,
      async (store) => {
        const key = await opened(store);
        await store.streams.append(key, [answer('a', 50_000)], false, true);
        assert.deepEqual(await readAll(store, key), ['instead of a']);
        for (let i = 0; i < 100; i += 1) await store.streams.append(key, notes(1, i));
        const held = await page(store, key);
        assert.ok(!texts(held).includes('instead of a'));
        assert.ok(held.events.length <= LIMITS.events);
      },
      { bytes: 10_000, events: LIMITS.events },
    ),
  );
}
