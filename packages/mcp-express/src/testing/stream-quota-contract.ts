import assert from 'node:assert/strict';
import type { Store, StreamKey } from '../store/store.js';
import { answer, brief, readAll, watched } from './pressure-helpers.js';
import { page, texts } from './stream-helpers.js';
import { newKey, type StoreSuite, uniqueName, withStore } from './suite.js';

const BYTES = 50_000;
const LIMITS = { bytes: BYTES };
const LARGE = 10_000;

/** Bytes that the sessions of one holder may hold together. */
const SHARE = BYTES * 4;

/** Bytes that events and streams may count in addition to their text. */
const OVERHEAD = 2_000;

/** Opens the first stream of a new session of this holder. */
async function openedFor(store: Store, holder: string): Promise<StreamKey> {
  const key = newKey();
  await store.streams.open(key, undefined, holder);
  return key;
}

async function heldIn(store: Store, keys: readonly StreamKey[]): Promise<number> {
  let bytes = 0;
  for (const key of keys) for (const each of texts(await page(store, key))) bytes += Buffer.byteLength(each);
  return bytes;
}

/** Tests of the quota that the sessions of one holder share. */
export function streamShareContract(suite: StoreSuite): void {
  abandoned(suite);
  attached(suite);
}

function abandoned(suite: StoreSuite): void {
  suite.test('over the quota of a holder, its sessions make room, and answers are replaced by short forms', () =>
    withStore(
      suite,
      async (store) => {
        const [other, holder] = [uniqueName('holder'), uniqueName('holder')];
        const kept = await openedFor(store, other);
        assert.equal(await store.streams.append(kept, [answer('kept', LARGE)]), 'stored');
        const keys: StreamKey[] = [];
        for (let i = 0; i < 60; i += 1) {
          const key = await openedFor(store, holder);
          keys.push(key);
          assert.equal(await store.streams.append(key, [answer(`a${i}`, LARGE)], true), 'stored');
        }
        const held = await heldIn(store, keys);
        assert.ok(held <= SHARE + OVERHEAD, `at most ${SHARE} bytes are held, not ${held}`);
        assert.ok(held >= SHARE / 2, `the quota can be used, not only ${held}`);
        for (const [i, key] of keys.entries()) {
          const found = await page(store, key);
          const [only = ''] = texts(found);
          const isReplaced = only === `instead of a${i}`;
          assert.ok(isReplaced || only.startsWith(`a${i}`), 'the answer or its short form');
          assert.deepEqual([found.events.length, found.gap, found.ended], [1, isReplaced, true]);
        }
        assert.deepEqual(brief(texts(await page(store, kept))), brief([answer('kept', LARGE).data]));
      },
      LIMITS,
    ),
  );

  suite.test('delivered events of a holder are dropped before undelivered ones', () =>
    withStore(
      suite,
      async (store) => {
        const holder = uniqueName('holder');
        const unread = await openedFor(store, holder);
        await store.streams.append(unread, [answer('unread', LARGE)], true);
        for (let i = 0; i < 40; i += 1) {
          const key = await openedFor(store, holder);
          await store.streams.append(key, [answer(`a${i}`, LARGE)]);
          await readAll(store, key);
        }
        assert.deepEqual(brief(texts(await page(store, unread))), brief([answer('unread', LARGE).data]));
      },
      LIMITS,
    ),
  );
}

function attached(suite: StoreSuite): void {
  suite.test('appends wait for attached readers of the holder, unless forced', () =>
    withStore(
      suite,
      async (store) => {
        const holder = uniqueName('holder');
        const keys: StreamKey[] = [];
        const stops: (() => void)[] = [];
        for (let appended = 'stored'; appended === 'stored'; ) {
          const key = await openedFor(store, holder);
          stops.push(await watched(store, store, key));
          await readAll(store, key);
          keys.push(key);
          appended = await store.streams.append(key, [answer('a', LARGE)]);
          assert.ok(keys.length < 100, 'appends reach a limit');
        }
        assert.ok(keys.length >= SHARE / LARGE / 2, `the quota can be used, not only by ${keys.length}`);
        const last = keys.at(-1) as StreamKey;
        for (const key of keys.slice(0, -1)) assert.equal(texts(await page(store, key)).at(-1)?.length, LARGE / 2 + 1);
        const foreign = await openedFor(store, uniqueName('holder'));
        assert.equal(await store.streams.append(foreign, [answer('b', LARGE)]), 'stored');
        assert.equal(await store.streams.append(last, [answer('a', LARGE)], true, true), 'stored');
        const held = await heldIn(store, keys);
        assert.ok(held <= SHARE + OVERHEAD, `at most ${SHARE} bytes are held, not ${held}`);
        for (const key of keys) {
          const text = texts(await page(store, key)).at(-1) ?? '';
          assert.ok(text === 'instead of a' || text.length === LARGE / 2 + 1, 'the answer or its short form');
        }
        for (const key of keys) await readAll(store, key);
        assert.equal(await store.streams.append(keys[0] as StreamKey, [answer('c', LARGE)]), 'stored');
        assert.deepEqual(brief(await readAll(store, keys[0] as StreamKey)), brief([answer('c', LARGE).data]));
        for (const stop of stops) stop();
      },
      LIMITS,
    ),
  );
}
