import assert from 'node:assert/strict';
import type { SessionLimits, SessionRecord, Store } from '../store/store.js';
import { newRecord, type StoreSuite, uniqueName, withStore } from './suite.js';
import { create, created as createdTask, read } from './task-helpers.js';

const ROOMY: SessionLimits = { total: 1_000_000, perOwner: 1_000_000 };
const later = () => Date.now() + 60_000;

/** Creates a session of the anonymous owner that counts for this holder. */
async function created(store: Store, holder: string, limits = ROOMY): Promise<SessionRecord> {
  const record = newRecord({ owner: '', holder });
  const outcome = await store.sessions.create(record, later(), limits);
  assert.equal(outcome.created, true);
  return record;
}

const isThere = async (store: Store, { id }: SessionRecord) => (await store.sessions.read(id)) !== undefined;

/** Tests of quotas: sessions and tasks count for a holder, which for the anonymous owner is an address. */
export function holderContract(suite: StoreSuite): void {
  shares(suite);
  largest(suite);
  tasks(suite);
}

function shares(suite: StoreSuite): void {
  suite.test('a session keeps its holder, which gives no access to it', () =>
    withStore(suite, async (store) => {
      const record = await created(store, uniqueName('address'));
      assert.deepEqual(await store.sessions.read(record.id), record);
      assert.deepEqual(await store.sessions.touch(record.id, '', later()), record);
      assert.equal(await store.sessions.touch(record.id, String(record.holder), later()), undefined);
      assert.equal(await store.sessions.setLogLevel(record.id, 'debug'), true);
      assert.deepEqual(await store.sessions.read(record.id), { ...record, logLevel: 'debug' });
    }),
  );

  suite.test('over the limit of a holder, its own session idle longest is evicted', () =>
    withStore(suite, async (store, other = store) => {
      const holder = uniqueName('address');
      const limits = { ...ROOMY, perOwner: 2 };
      const foreign = await created(store, uniqueName('address'), limits);
      const first = await created(store, holder, limits);
      const second = await created(other, holder, limits);
      await store.sessions.touch(first.id, '', later());
      const record = newRecord({ owner: '', holder });
      assert.deepEqual(await store.sessions.create(record, later(), limits), { created: true, evicted: [second.id] });
      assert.deepEqual([await isThere(store, first), await isThere(store, foreign)], [true, true]);
    }),
  );

  suite.test('held sessions count for their holder, and deleted ones do not', () =>
    withStore(suite, async (store) => {
      const holder = uniqueName('address');
      const limits = { ...ROOMY, perOwner: 2 };
      const held = [await created(store, holder, limits), await created(store, holder, limits)];
      for (const { id } of held) await store.sessions.hold(id, later());
      const refused = newRecord({ owner: '', holder });
      assert.deepEqual(await store.sessions.create(refused, later(), limits), { created: false });
      await created(store, uniqueName('address'), limits);
      await store.sessions.delete(String(held[0]?.id));
      await created(store, holder, limits);
      assert.equal(await isThere(store, held[1] as SessionRecord), true);
    }),
  );
}

function largest(suite: StoreSuite): void {
  suite.test('over the limit of all sessions, the largest holder loses one, even if others are idle longer', () =>
    withStore(suite, async (store, other = store) => {
      const limits = { ...ROOMY, total: 8 };
      const quiet = [
        await created(store, uniqueName('address'), limits),
        await created(store, uniqueName('a'), limits),
      ];
      const holder = uniqueName('address');
      const many = [];
      for (let i = 0; i < 6; i += 1) many.push(await created(i % 2 ? store : other, holder, limits));
      for (let i = 0; i < 4; i += 1) {
        const outcome = await store.sessions.create(newRecord({ owner: '', holder: uniqueName('a') }), later(), limits);
        assert.deepEqual(outcome, { created: true, evicted: [many[i]?.id] });
      }
      assert.deepEqual(await Promise.all(quiet.map((record) => isThere(store, record))), [true, true]);
      assert.equal(await store.sessions.count(), 8);
    }),
  );

  suite.test('if all sessions of the largest holder are held, the session idle longest is evicted', () =>
    withStore(suite, async (store) => {
      const limits = { ...ROOMY, total: 3 };
      const first = await created(store, uniqueName('address'), limits);
      const holder = uniqueName('address');
      for (let i = 0; i < 2; i += 1) await store.sessions.hold((await created(store, holder, limits)).id, later());
      const next = newRecord({ owner: '', holder: uniqueName('address') });
      assert.deepEqual(await store.sessions.create(next, later(), limits), { created: true, evicted: [first.id] });
    }),
  );
}

function tasks(suite: StoreSuite): void {
  suite.test('tasks of the anonymous owner count for their holder', () =>
    withStore(suite, async (store, other = store) => {
      const holder = uniqueName('address');
      const task = await createdTask(store, { owner: '', holder });
      assert.deepEqual(await read(other, task), task);
      assert.equal(await create(other, { owner: '', holder }, { perOwner: 2 }), true);
      assert.equal(await create(store, { owner: '', holder }, { perOwner: 2 }), false);
      assert.equal(await create(store, { owner: '', holder: uniqueName('address') }, { perOwner: 2 }), true);
      await other.tasks.delete(task.id, '');
      assert.equal(await create(store, { owner: '', holder }, { perOwner: 2 }), true);
    }),
  );
}
