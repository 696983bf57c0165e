import assert from 'node:assert/strict';
import type { NamedResource, Store, SubscriptionLimits } from '../store/store.js';
import { newRecord, type StoreSuite, uniqueName, withStore } from './suite.js';

const FEW: SubscriptionLimits = { count: 10, bytes: 100_000 };

/** A resource whose URI equals its key. */
const plain = (uri: string): NamedResource => ({ uri, key: uri });

async function newSession(store: Store): Promise<string> {
  const record = newRecord();
  await store.sessions.create(record, Date.now() + 60_000, { total: 1_000_000, perOwner: 1_000_000 });
  return record.id;
}

/** Tests of subscriptions to resources, and of version numbers. */
export function subscriptionContract(suite: StoreSuite): void {
  suite.test('repeated updates leave one mark for each subscriber, which is taken once', () =>
    withStore(suite, async (store, other = store) => {
      const [uri, session, stranger] = [uniqueName('test://r'), await newSession(store), await newSession(store)];
      assert.equal(await store.subscriptions.add(session, plain(uri), FEW), 'subscribed');
      assert.deepEqual(await other.subscriptions.mark(uri), [session]);
      await store.subscriptions.mark(uri);
      assert.deepEqual(await store.subscriptions.take(stranger), []);
      const takes = await Promise.all(
        Array.from({ length: 10 }, (_, i) => (i % 2 ? store : other).subscriptions.take(session)),
      );
      assert.deepEqual(takes.flat(), [uri]);
      assert.deepEqual(await store.subscriptions.take(session), []);
    }),
  );

  suite.test('unsubscribing removes the mark, and later updates leave none', () =>
    withStore(suite, async (store) => {
      const [uri, session] = [uniqueName('test://r'), await newSession(store)];
      await store.subscriptions.add(session, plain(uri), FEW);
      await store.subscriptions.mark(uri);
      await store.subscriptions.remove(session, uri);
      assert.deepEqual(await store.subscriptions.mark(uri), []);
      assert.deepEqual(await store.subscriptions.take(session), []);
    }),
  );

  suite.test('a session has as many subscriptions as its limit, and a repeated one counts once', () =>
    withStore(suite, async (store) => {
      const [a, b, session] = [uniqueName('test://r'), uniqueName('test://r'), await newSession(store)];
      const one = { ...FEW, count: 1 };
      assert.equal(await store.subscriptions.add(session, plain(a), one), 'subscribed');
      assert.equal(await store.subscriptions.add(session, plain(b), one), 'too-many');
      assert.equal(await store.subscriptions.add(session, plain(a), one), 'subscribed');
      assert.deepEqual(await store.subscriptions.mark(b), []);
    }),
  );

  suite.test('the URIs of a session have a limit of UTF-8 bytes together, and removed ones make room', () =>
    withStore(suite, async (store, other = store) => {
      const [session, stranger] = [await newSession(store), await newSession(store)];
      const [a, b, short] = ['a', 'b', 's'].map((name) => uniqueName(`test://${name}`)) as [string, string, string];
      const long = (uri: string): string => `${uri}/${'é'.repeat(2_000)}`;
      const limits = { ...FEW, bytes: 6_000 };
      const add = (at: Store, id: string, uri: string) => at.subscriptions.add(id, plain(uri), limits);
      assert.equal(await add(store, session, long(a)), 'subscribed');
      assert.equal(await add(other, session, long(b)), 'too-long');
      assert.deepEqual(await store.subscriptions.mark(long(b)), []);
      assert.equal(await add(other, session, long(a)), 'subscribed');
      assert.equal(await add(store, session, short), 'subscribed');
      assert.equal(await add(store, stranger, long(b)), 'subscribed');
      await other.subscriptions.remove(session, long(b));
      assert.equal(await add(store, session, long(b)), 'too-long');
      await other.subscriptions.remove(session, long(a));
      await store.subscriptions.remove(session, long(a));
      assert.equal(await add(store, session, long(b)), 'subscribed');
      assert.equal(await add(other, session, long(a)), 'too-long');
    }),
  );

  suite.test('each subscription counts 128 bytes in addition to its URI', () =>
    withStore(suite, async (store) => {
      const session = await newSession(store);
      const add = (uri: string) =>
        store.subscriptions.add(session, plain(uri), { count: 100, bytes: 3 * (128 + 3) + 10 });
      assert.deepEqual(
        [await add('a:1'), await add('a:2'), await add('a:3'), await add('a:4')],
        ['subscribed', 'subscribed', 'subscribed', 'too-long'],
      );
    }),
  );

  suite.test('all spellings of a URI are one resource, and each session gets its own spelling', () =>
    withStore(suite, async (store, other = store) => {
      const key = uniqueName('test://r');
      const spelled = (n: number): NamedResource => ({ uri: `${key}#${n}`, key });
      const sessions = [await newSession(store), await newSession(store), await newSession(store)];
      const [first, second, third] = sessions as [string, string, string];
      assert.equal(await store.subscriptions.add(first, spelled(1), FEW), 'subscribed');
      assert.equal(await store.subscriptions.add(first, spelled(2), { ...FEW, count: 1 }), 'subscribed');
      assert.equal(await store.subscriptions.add(second, spelled(3), FEW), 'subscribed');
      assert.equal(await store.subscriptions.add(third, plain(key), FEW), 'subscribed');
      assert.deepEqual([...(await other.subscriptions.mark(key))].sort(), [...sessions].sort());
      assert.deepEqual(await store.subscriptions.take(first), [`${key}#1`]);
      assert.deepEqual(await store.subscriptions.take(second), [`${key}#3`]);
      assert.deepEqual(await store.subscriptions.take(third), [key]);
      assert.deepEqual(await store.subscriptions.mark(`${key}#1`), []);
      await store.subscriptions.mark(key);
      assert.deepEqual(await store.subscriptions.take(first), [`${key}#1`]);
      await other.subscriptions.remove(first, key);
      await other.subscriptions.remove(second, key);
      assert.deepEqual(await store.subscriptions.mark(key), [third]);
      assert.deepEqual(await store.subscriptions.take(first), []);
    }),
  );

  suite.test('a key that differs from its URI counts in addition, and removed ones make room', () =>
    withStore(suite, async (store) => {
      const session = await newSession(store);
      const add = (n: number) =>
        store.subscriptions.add(session, { uri: `a:${n}`, key: `key:${n}` }, { count: 100, bytes: 2 * (128 + 3 + 5) });
      assert.deepEqual([await add(1), await add(2), await add(3)], ['subscribed', 'subscribed', 'too-long']);
      await store.subscriptions.remove(session, 'key:1');
      assert.deepEqual([await add(3), await add(4)], ['subscribed', 'too-long']);
    }),
  );

  suite.test('a deleted session has no subscriptions', () =>
    withStore(suite, async (store) => {
      const [uri, session] = [uniqueName('test://r'), await newSession(store)];
      await store.subscriptions.add(session, plain(uri), FEW);
      await store.sessions.delete(session);
      assert.deepEqual(await store.subscriptions.mark(uri), []);
      assert.equal(await store.subscriptions.add(session, plain(uri), FEW), 'no-session');
    }),
  );

  suite.test('versions start at 0 and count every bump of every node', () =>
    withStore(suite, async (store, other = store) => {
      const [a, b] = [uniqueName('version'), uniqueName('version')];
      assert.deepEqual(await store.versions.read([a, b]), [0, 0]);
      await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? store : other).versions.bump(a)));
      assert.deepEqual(await other.versions.read([a, b]), [20, 0]);
    }),
  );
}
