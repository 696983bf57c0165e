import assert from 'node:assert/strict';
import type { OutgoingEvent, Store, StreamKey } from '../store/store.js';
import { assertEmpty, page, texts } from './stream-helpers.js';
import { newKey, type StoreSuite, uniqueName, withStore } from './suite.js';

/** A stream with two pending responses of a node. */
async function owing(store: Store): Promise<{ key: StreamKey; node: string }> {
  const [key, node] = [newKey(), uniqueName('node')];
  await store.streams.open(key, { node, errors: ['in place of 0', 'in place of 1'] });
  return { key, node };
}

const answer = (pendingIndex: number): OutgoingEvent => ({
  data: `answer ${pendingIndex}`,
  answer: true,
  pendingIndex,
});

/** Tests of pending responses: each is answered once, also when its node dies. */
export function pendingResponseContract(suite: StoreSuite): void {
  suite.test('a page names the node of the pending responses until all are answered', () =>
    withStore(suite, async (store, other = store) => {
      const { key, node } = await owing(store);
      assert.equal((await page(other, key)).pendingOn, node);
      await store.streams.append(key, [{ data: 'a notification' }, answer(0)]);
      assert.equal((await page(other, key)).pendingOn, node);
      await store.streams.append(key, [answer(1)], true);
      assert.equal((await page(other, key)).pendingOn, undefined);
    }),
  );

  suite.test('the append that stores the last pending response ends the stream', () =>
    withStore(suite, async (store, other = store) => {
      const { key } = await owing(store);
      await store.streams.append(key, [answer(1), { data: 'a notification' }]);
      assert.equal((await page(other, key)).ended, false);
      await other.streams.append(key, [answer(0)]);
      // As a node that did not get the reply repeats it.
      for (const index of [0, 1]) await store.streams.append(key, [answer(index)]);
      const whole = await page(other, key);
      assert.deepEqual([texts(whole), whole.ended], [['answer 1', 'a notification', 'answer 0'], true]);
      await assert.rejects(store.streams.append(key, [{ data: 'late' }]), /ended/);
      await store.streams.end(key);
    }),
  );

  suite.test('a page has the trace context that its stream was opened with, until the stream is forgotten', () =>
    withStore(suite, async (store, other = store) => {
      const [key, trace] = [newKey(), '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'];
      await store.streams.open(key, { node: uniqueName('node'), errors: ['instead'], trace });
      assert.equal((await page(other, key)).trace, trace);
      await other.streams.append(key, [answer(0)], true);
      assert.equal((await page(store, key)).trace, trace);
      const { key: untraced } = await owing(store);
      assert.equal((await page(other, untraced)).trace, undefined);
    }),
  );

  suite.test('settling appends the error of each response that is still pending, and ends the stream', () =>
    withStore(suite, async (store, other = store) => {
      const { key } = await owing(store);
      await store.streams.append(key, [answer(0)]);
      await other.streams.settle(key);
      const whole = await page(store, key);
      assert.deepEqual(texts(whole), ['answer 0', 'in place of 1']);
      assert.equal(whole.ended, true);
      assert.equal(whole.pendingOn, undefined);
    }),
  );

  suite.test('many concurrent settlings and answers store one answer for each pending response', () =>
    withStore(suite, async (store, other = store) => {
      const { key } = await owing(store);
      const attempts = Array.from({ length: 20 }, (_, i) => {
        const { streams } = i % 2 ? store : other;
        return i % 5 === 0 ? streams.settle(key) : streams.append(key, [answer(i % 2)]);
      });
      await Promise.allSettled(attempts);
      await store.streams.settle(key);
      const whole = await page(store, key);
      assert.deepEqual(
        texts(whole)
          .map((text) => text.at(-1))
          .sort(),
        ['0', '1'],
      );
      assert.equal(whole.pendingOn, undefined);
    }),
  );

  suite.test('an answer that was stored or settled before can be appended again, and is left out', () =>
    withStore(suite, async (store) => {
      const { key } = await owing(store);
      await store.streams.append(key, [{ data: 'n' }, answer(0)]);
      await store.streams.append(key, [answer(0)]);
      await store.streams.append(key, [answer(1)], true);
      await store.streams.append(key, [answer(1)], true);
      assert.deepEqual(texts(await page(store, key)), ['n', 'answer 0', 'answer 1']);
      const { key: settled } = await owing(store);
      await store.streams.settle(settled);
      await store.streams.append(settled, [answer(0), answer(1)], true);
      assert.deepEqual(texts(await page(store, settled)), ['in place of 0', 'in place of 1']);
      await assert.rejects(store.streams.append(settled, [{ data: 'too late' }]));
    }),
  );

  suite.test('settling a stream that is unknown, has ended or has no pending responses changes nothing', () =>
    withStore(suite, async (store) => {
      await store.streams.settle(newKey());
      const free = newKey();
      await store.streams.open(free);
      await store.streams.settle(free);
      assertEmpty(await page(store, free), { ended: false });
      const { key } = await owing(store);
      await store.streams.end(key);
      await store.streams.settle(key);
      assert.deepEqual(texts(await page(store, key)), []);
    }),
  );

  suite.test('opening a stream again keeps its pending responses and their node', () =>
    withStore(suite, async (store) => {
      const { key, node } = await owing(store);
      await store.streams.open(key);
      await store.streams.open(key, { node: uniqueName('node'), errors: ['other'] });
      assert.equal((await page(store, key)).pendingOn, node);
      await store.streams.settle(key);
      assert.deepEqual(texts(await page(store, key)), ['in place of 0', 'in place of 1']);
    }),
  );
}
