import assert from 'node:assert/strict';
import type { TaskRecord, TaskStatus } from '../store/task-store.js';
import { eventually, type StoreSuite, uniqueName, withStore } from './suite.js';
import { create, created, newTask, ROOMY, read } from './task-helpers.js';
import { taskIdentityContract } from './task-identity-contract.js';

const ENDS: readonly TaskStatus[] = ['completed', 'failed', 'cancelled'];

/** Tests of tasks: expiry, changes of status, and limits. */
export function taskContract(suite: StoreSuite): void {
  lifeAndDeath(suite);
  changes(suite);
  limits(suite);
  taskIdentityContract(suite);
}

function lifeAndDeath(suite: StoreSuite): void {
  suite.test('every node reads a task as created, at once', () =>
    withStore(suite, async (store, other = store) => {
      const task = await created(store, { scopes: 'a b', statusMessage: 'ä\u0000"\n', payload: '{"text":"ä\\u0000"}' });
      assert.deepEqual(await read(other, task), task);
      assert.deepEqual(await read(store, task), task);
      const anonymous = await created(store, { owner: '' });
      assert.deepEqual(await read(other, anonymous), anonymous);
    }),
  );

  suite.test('changes and the end of a task keep the members it was created with', () =>
    withStore(suite, async (store, other = store) => {
      for (const scopes of [{ scopes: 'read write' }, {}]) {
        const task = await created(store, scopes);
        for (const status of ['input_required', 'working', 'completed'] as const) {
          await store.tasks.update(task.id, { status, payload: '{}', updatedAt: Date.now() });
        }
        assert.equal((await read(other, task))?.scopes, scopes.scopes);
      }
    }),
  );

  suite.test('a task of another owner reads like an unknown one', () =>
    withStore(suite, async (store) => {
      const task = await created(store);
      for (const owner of [uniqueName('owner'), '', `${task.owner} `, task.owner.toUpperCase()]) {
        assert.equal(await store.tasks.read(task.id, owner), undefined);
      }
      assert.equal(await store.tasks.read(uniqueName('task'), task.owner), undefined);
      const anonymous = await created(store, { owner: '' });
      assert.equal(await store.tasks.read(anonymous.id, task.owner), undefined);
    }),
  );

  suite.test('an expired task is unknown to every method, and makes room', () =>
    withStore(suite, async (store) => {
      const owner = uniqueName('owner');
      const short = await created(store, { owner, expiresAt: Date.now() + 800 });
      assert.equal(await create(store, { owner }, { perOwner: 1 }), false);
      await eventually(async () => (await read(store, short)) === undefined, 'the task expires');
      assert.equal(await store.tasks.update(short.id, { status: 'completed', updatedAt: Date.now() }), false);
      assert.equal(await read(store, short), undefined, 'an expired task cannot be changed back to life');
      assert.equal(await create(store, { owner }, { perOwner: 1 }), true);
    }),
  );

  suite.test('a task exists to the millisecond of its expiry, for every method', () =>
    withStore(suite, async (store, other = store) => {
      const uses: readonly ((task: TaskRecord) => Promise<boolean>)[] = [
        async (task) => (await read(store, task)) !== undefined,
        async (task) => (await read(other, task)) !== undefined,
        (task) => other.tasks.update(task.id, { statusMessage: 'x', updatedAt: Date.now() }),
      ];
      for (const isThere of uses) {
        const task = await created(store, { expiresAt: Date.now() + 20 });
        await eventually(async () => {
          const asked = Date.now();
          const there = await isThere(task);
          if (there) assert.ok(asked < task.expiresAt, 'it is gone once its time has come');
          else assert.ok(Date.now() >= task.expiresAt, 'it is not gone before its time');
          return !there;
        }, 'the task expires');
      }
    }),
  );

  suite.test('a task with an expiry in the past has expired, and takes no room', () =>
    withStore(suite, async (store) => {
      const owner = uniqueName('owner');
      const before = await store.tasks.count();
      const over = newTask({ owner, expiresAt: Date.now() - 1_000 });
      await store.tasks.create(over, ROOMY);
      assert.equal(await read(store, over), undefined);
      assert.equal(await store.tasks.update(over.id, { status: 'failed', updatedAt: Date.now() }), false);
      assert.equal(await store.tasks.count(), before);
      assert.equal(await create(store, { owner }, { perOwner: 1 }), true);
    }),
  );

  suite.test('a change does not extend the life of a task', () =>
    withStore(suite, async (store) => {
      const task = await created(store, { expiresAt: Date.now() + 100 });
      await store.tasks.update(task.id, { statusMessage: 'on its way', updatedAt: Date.now() });
      await eventually(async () => (await read(store, task)) === undefined, 'the task expires');
    }),
  );

  suite.test('the count includes ended tasks until they expire', () =>
    withStore(suite, async (store, other = store) => {
      const before = await store.tasks.count();
      const ended = await created(store);
      await created(store);
      await created(store, { expiresAt: Date.now() + 50 });
      await store.tasks.update(ended.id, { status: 'completed', payload: '{}', updatedAt: Date.now() });
      await eventually(async () => (await other.tasks.count()) === before + 2, 'the short one is counted no more');
    }),
  );
}

function changes(suite: StoreSuite): void {
  suite.test('a change of status removes the previous message and payload', () =>
    withStore(suite, async (store, other = store) => {
      const task = await created(store, { statusMessage: 'begun' });
      const asked = { status: 'input_required', payload: '{"a":1}', updatedAt: task.updatedAt + 1 } as const;
      assert.equal(await store.tasks.update(task.id, asked), true);
      const { statusMessage: _message, ...rest } = task;
      assert.deepEqual(await read(other, task), { ...rest, ...asked });
      const working = { status: 'working', updatedAt: task.updatedAt + 2 } as const;
      assert.equal(await other.tasks.update(task.id, working), true);
      assert.deepEqual(await read(store, task), { ...rest, ...working });
    }),
  );

  suite.test('a change without a status keeps the status, its message and its payload', () =>
    withStore(suite, async (store) => {
      const task = await created(store, { status: 'input_required', payload: '{"a":1}' });
      const change = { statusMessage: 'half way', updatedAt: task.updatedAt + 1 };
      assert.equal(await store.tasks.update(task.id, change), true);
      assert.deepEqual(await read(store, task), { ...task, ...change });
    }),
  );

  suite.test('a change of an unknown task has no effect', () =>
    withStore(suite, async (store) => {
      const stranger = newTask();
      assert.equal(await store.tasks.update(stranger.id, { status: 'working', updatedAt: Date.now() }), false);
      assert.equal(await read(store, stranger), undefined);
    }),
  );

  suite.test('an ended task does not change', () =>
    withStore(suite, async (store) => {
      for (const status of ENDS) {
        const task = await created(store);
        assert.equal(await store.tasks.update(task.id, { status, payload: '"end"', updatedAt: 1 }), true);
        for (const later of ['working', 'input_required', ...ENDS] as const) {
          assert.equal(await store.tasks.update(task.id, { status: later, payload: '"late"', updatedAt: 2 }), false);
        }
        assert.equal(await store.tasks.update(task.id, { statusMessage: 'late', updatedAt: 2 }), false);
        assert.deepEqual(await read(store, task), { ...task, status, payload: '"end"', updatedAt: 1 });
      }
    }),
  );

  suite.test('one of 50 concurrent ends is stored, as a whole', () =>
    withStore(suite, async (store, other = store) => {
      const task = await created(store);
      const ends = Array.from({ length: 50 }, (_, i) => {
        const status = ENDS[i % ENDS.length] as TaskStatus;
        return { status, payload: String(i), updatedAt: task.updatedAt + i };
      });
      const taken = await Promise.all(ends.map((end, i) => (i % 2 ? store : other).tasks.update(task.id, end)));
      const [winner, ...others] = ends.filter((_, i) => taken[i] === true);
      assert.deepEqual(others, []);
      assert.deepEqual(await read(store, task), { ...task, ...winner });
    }),
  );
}

function limits(suite: StoreSuite): void {
  suite.test('an owner has as many tasks as its limit, including ended ones, and other owners are not affected', () =>
    withStore(suite, async (store, other = store) => {
      const owner = uniqueName('owner');
      const ended = await created(store, { owner });
      await store.tasks.update(ended.id, { status: 'failed', updatedAt: Date.now() });
      const refused = newTask({ owner });
      assert.equal(await create(other, { owner }, { perOwner: 2 }), true);
      assert.equal(await store.tasks.create(refused, { ...ROOMY, perOwner: 2 }), false);
      assert.equal(await read(store, refused), undefined, 'nothing is kept');
      assert.equal(await create(store, {}, { perOwner: 2 }), true);
    }),
  );

  suite.test('50 concurrent creates do not exceed the limit of an owner', () =>
    withStore(suite, async (store, other = store) => {
      const owner = uniqueName('owner');
      const made = await Promise.all(
        Array.from({ length: 50 }, (_, i) => create(i % 2 ? store : other, { owner }, { perOwner: 5 })),
      );
      assert.equal(made.filter(Boolean).length, 5);
    }),
  );

  suite.test('anonymous tasks have no limit of an owner, but the limit of all', () =>
    withStore(suite, async (store) => {
      for (let i = 0; i < 3; i += 1) assert.equal(await create(store, { owner: '' }, { perOwner: 1 }), true);
      const total = (await store.tasks.count()) + 1;
      assert.equal(await create(store, { owner: '' }, { total }), true);
      assert.equal(await create(store, { owner: '' }, { total }), false);
      assert.equal(await create(store, {}, { total }), false);
    }),
  );
}
