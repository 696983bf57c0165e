import assert from 'node:assert/strict';
import type { SessionLimits, SessionRecord, Store } from '../store/store.js';
import { eventually, newRecord, type StoreSuite, uniqueName, withStore } from './suite.js';

const ROOMY: SessionLimits = { total: 1_000_000, perOwner: 1_000_000 };
const later = () => Date.now() + 60_000;

async function created(store: Store, changes: Partial<SessionRecord> = {}, limits = ROOMY): Promise<SessionRecord> {
  const record = newRecord(changes);
  const outcome = await store.sessions.create(record, later(), limits);
  assert.equal(outcome.created, true);
  return record;
}

const touch = (store: Store, { id, owner }: SessionRecord) => store.sessions.touch(id, owner, later());

/** Tests of sessions: expiry, ownership and limits. */
export function sessionContract(suite: StoreSuite): void {
  lifeAndDeath(suite);
  ownership(suite);
  ceilings(suite);
}

function lifeAndDeath(suite: StoreSuite): void {
  suite.test('reading a session returns the record as created', () =>
    withStore(suite, async (store) => {
      const record = await created(store, { capabilities: { sampling: { tools: {} }, text: 'ä\u0000"\n' } });
      assert.deepEqual(await touch(store, record), record);
      assert.deepEqual(await store.sessions.read(record.id), record);
    }),
  );

  suite.test('an unknown session is undefined, and changing it changes nothing', () =>
    withStore(suite, async (store) => {
      const stranger = newRecord();
      assert.equal(await touch(store, stranger), undefined);
      assert.equal(await store.sessions.read(stranger.id), undefined);
      assert.equal(await store.sessions.setLogLevel(stranger.id, 'debug'), false);
      assert.equal(await store.sessions.swapLists(stranger.id, {}), undefined);
      await store.sessions.hold(stranger.id, later());
      await store.sessions.release(stranger.id, later());
      assert.equal(await store.sessions.read(stranger.id), undefined);
    }),
  );

  suite.test('the ids of all sessions are listed, where the store has them', () =>
    withStore(suite, async (store, other = store) => {
      if (store.sessions.ids === undefined) return;
      const records = [await created(store), await created(other), await created(store)];
      await store.sessions.delete((records[1] as SessionRecord).id);
      const ids = await other.sessions.ids?.();
      assert.deepEqual(
        records.map(({ id }) => ids?.includes(id)),
        [true, false, true],
      );
    }),
  );

  suite.test('a session expires in time, and a touch extends its life', () =>
    withStore(suite, async (store) => {
      const short = newRecord();
      const touched = newRecord();
      await store.sessions.create(short, Date.now() + 800, ROOMY);
      await store.sessions.create(touched, Date.now() + 800, ROOMY);
      assert.notEqual(await touch(store, touched), undefined);
      await eventually(async () => (await store.sessions.read(short.id)) === undefined, 'the session expires');
      assert.equal(await touch(store, short), undefined, 'an expired session cannot be touched back to life');
      assert.notEqual(await store.sessions.read(touched.id), undefined);
    }),
  );

  suite.test('a session with an expiry in the past has expired', () =>
    withStore(suite, async (store) => {
      const record = newRecord();
      await store.sessions.create(record, Date.now() - 1_000, ROOMY);
      assert.equal(await touch(store, record), undefined);
    }),
  );

  suite.test('a held session outlives its expiry, and expires once it is released', () =>
    withStore(suite, async (store) => {
      const held = newRecord();
      const free = newRecord();
      await store.sessions.create(held, Date.now() + 800, ROOMY);
      await store.sessions.create(free, Date.now() + 800, ROOMY);
      await store.sessions.hold(held.id, later());
      await eventually(async () => (await store.sessions.read(free.id)) === undefined, 'the free session expires');
      assert.notEqual(await store.sessions.read(held.id), undefined);
      await store.sessions.release(held.id, Date.now() - 1);
      assert.equal(await store.sessions.read(held.id), undefined);
    }),
  );

  suite.test('each expired session is reported once, to one of the callers; no other is reported', () =>
    withStore(suite, async (store, other = store) => {
      if (store.sessions.takeExpired === undefined) return;
      const lasting = await created(store);
      const deleted = await created(store);
      await store.sessions.delete(deleted.id);
      const expected = Array.from({ length: 20 }, () => newRecord());
      for (const record of expected) await store.sessions.create(record, Date.now() + 300, ROOMY);
      const named: string[] = [];
      const ask = async () => {
        const taken = await Promise.all([store, other, store].map(({ sessions }) => sessions.takeExpired?.() ?? []));
        named.push(...taken.flat());
        return named.length >= expected.length;
      };
      await eventually(ask, 'all expired sessions are reported');
      await ask();
      assert.deepEqual(named.sort(), expected.map(({ id }) => id).sort());
      assert.notEqual(await store.sessions.read(lasting.id), undefined);
    }),
  );

  suite.test('setting the log level changes nothing else', () =>
    withStore(suite, async (store) => {
      const record = await created(store);
      assert.equal(await store.sessions.setLogLevel(record.id, 'warning'), true);
      assert.deepEqual(await store.sessions.read(record.id), { ...record, logLevel: 'warning' });
    }),
  );

  suite.test('exactly one of many concurrent swaps of the lists returns the old ones', () =>
    withStore(suite, async (store, other = store) => {
      const record = await created(store);
      const lists = { tools: 'v2', resources: 'v1', prompts: 'v1' };
      const swaps = Array.from({ length: 20 }, (_, i) => (i % 2 ? store : other).sessions.swapLists(record.id, lists));
      const before = await Promise.all(swaps);
      assert.equal(before.filter((seen) => seen?.['tools'] === 'v1').length, 1);
      assert.deepEqual((await store.sessions.read(record.id))?.lists, lists);
    }),
  );

  suite.test('exactly one of many concurrent deletes returns true', () =>
    withStore(suite, async (store, other = store) => {
      const record = await created(store);
      const deletes = Array.from({ length: 20 }, (_, i) => (i % 2 ? store : other).sessions.delete(record.id));
      assert.equal((await Promise.all(deletes)).filter(Boolean).length, 1);
      assert.equal(await store.sessions.read(record.id), undefined);
    }),
  );
}

function ownership(suite: StoreSuite): void {
  suite.test('another owner can neither touch a session nor extend its life', () =>
    withStore(suite, async (store) => {
      const record = newRecord();
      await store.sessions.create(record, Date.now() + 80, ROOMY);
      assert.equal(await store.sessions.touch(record.id, uniqueName('thief'), later()), undefined);
      assert.equal(await store.sessions.touch(record.id, '', later()), undefined);
      await eventually(async () => (await store.sessions.read(record.id)) === undefined, 'the session expires in time');
    }),
  );
}

function ceilings(suite: StoreSuite): void {
  suite.test('over the limit of an owner, its own session idle longest is evicted', () =>
    withStore(suite, async (store) => {
      const owner = uniqueName('owner');
      const limits = { ...ROOMY, perOwner: 2 };
      const first = await created(store, { owner }, limits);
      const second = await created(store, { owner }, limits);
      const foreign = await created(store, {}, limits);
      await touch(store, first);
      const outcome = await store.sessions.create(newRecord({ owner }), later(), limits);
      assert.deepEqual(outcome, { created: true, evicted: [second.id] });
      assert.notEqual(await store.sessions.read(first.id), undefined);
      assert.notEqual(await store.sessions.read(foreign.id), undefined);
    }),
  );

  suite.test('over the limit of all sessions, the session idle longest is evicted, of any owner', () =>
    withStore(suite, async (store) => {
      const limits = { ...ROOMY, total: 2 };
      const first = await created(store, {}, limits);
      await created(store, {}, limits);
      const outcome = await store.sessions.create(newRecord(), later(), limits);
      assert.deepEqual(outcome, { created: true, evicted: [first.id] });
      assert.equal(await store.sessions.count(), 2);
    }),
  );

  suite.test('sessions that were never used are evicted before used ones, even if those are idle longer', () =>
    withStore(suite, async (store, other = store) => {
      const limits = { ...ROOMY, total: 200, perOwner: 3 };
      const owner = uniqueName('owner');
      const used = [await created(store, {}, limits), await created(store, { owner }, limits)];
      for (const record of used) assert.notEqual(await touch(store, record), undefined);
      const held = await created(store, {}, limits);
      await store.sessions.hold(held.id, later());
      await store.sessions.release(held.id, later());
      const unused = await created(store, { owner }, limits);
      const next = await created(store, { owner }, limits);
      const more = await other.sessions.create(newRecord({ owner }), later(), limits);
      assert.deepEqual(more, { created: true, evicted: [unused.id] });
      // Each from another owner, and more of them than the limit.
      for (let i = 0; i < 300; i += 1) await created(i % 2 ? store : other, {}, limits);
      assert.equal(await store.sessions.read(next.id), undefined);
      for (const { id } of [...used, held]) assert.notEqual(await store.sessions.read(id), undefined);
    }),
  );

  suite.test('held sessions are never evicted: when all are held, no session is created', () =>
    withStore(suite, async (store) => {
      const limits = { ...ROOMY, total: 2 };
      const held = [await created(store, {}, limits), await created(store, {}, limits)];
      for (const { id } of held) await store.sessions.hold(id, later());
      const refused = newRecord();
      assert.deepEqual(await store.sessions.create(refused, later(), limits), { created: false });
      assert.equal(await store.sessions.read(refused.id), undefined);
      assert.equal(await store.sessions.count(), 2);
    }),
  );

  suite.test('anonymous sessions share no limit of an owner', () =>
    withStore(suite, async (store) => {
      const limits = { ...ROOMY, perOwner: 1 };
      const first = await created(store, { owner: '' }, limits);
      await created(store, { owner: '' }, limits);
      assert.notEqual(await store.sessions.read(first.id), undefined);
    }),
  );

  suite.test('concurrent creates never exceed the limit', () =>
    withStore(suite, async (store, other = store) => {
      const limits = { ...ROOMY, total: 10 };
      const creates = Array.from({ length: 50 }, (_, i) =>
        (i % 2 ? store : other).sessions.create(newRecord(), later(), limits),
      );
      await Promise.all(creates);
      assert.equal(await store.sessions.count(), 10);
    }),
  );
}
