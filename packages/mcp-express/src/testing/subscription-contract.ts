import assert from 'node:assert/strict';
import type { Store } from '../store/store.js';
import { newRecord, type StoreSuite, uniqueName, withStore } from './suite.js';

async function newSession(store: Store): Promise<string> {
  const record = newRecord();
  await store.sessions.create(record, Date.now() + 60_000, { total: 1_000_000, perOwner: 1_000_000 });
  return record.id;
}

export function subscriptionContract(suite: StoreSuite): void {
  suite.test('an update is marked for the subscribed, once however often it happens, and taken once', () =>
    withStore(suite, async (store, other = store) => {
      const [uri, session, stranger] = [uniqueName('test://r'), await newSession(store), await newSession(store)];
      assert.equal(await store.subscriptions.add(session, uri, 10), true);
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

  suite.test('who has unsubscribed is not marked, and what was marked is forgotten', () =>
    withStore(suite, async (store) => {
      const [uri, session] = [uniqueName('test://r'), await newSession(store)];
      await store.subscriptions.add(session, uri, 10);
      await store.subscriptions.mark(uri);
      await store.subscriptions.remove(session, uri);
      assert.deepEqual(await store.subscriptions.mark(uri), []);
      assert.deepEqual(await store.subscriptions.take(session), []);
    }),
  );

  suite.test('a session has as many subscriptions as its limit; one it has already is no more', () =>
    withStore(suite, async (store) => {
      const [a, b, session] = [uniqueName('test://r'), uniqueName('test://r'), await newSession(store)];
      assert.equal(await store.subscriptions.add(session, a, 1), true);
      assert.equal(await store.subscriptions.add(session, b, 1), false);
      assert.equal(await store.subscriptions.add(session, a, 1), true);
      assert.deepEqual(await store.subscriptions.mark(b), []);
    }),
  );

  suite.test('a session that is gone has no subscriptions', () =>
    withStore(suite, async (store) => {
      const [uri, session] = [uniqueName('test://r'), await newSession(store)];
      await store.subscriptions.add(session, uri, 10);
      await store.sessions.delete(session);
      assert.deepEqual(await store.subscriptions.mark(uri), []);
      assert.equal(await store.subscriptions.add(session, uri, 10), false);
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
