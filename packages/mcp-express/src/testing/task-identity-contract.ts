import assert from 'node:assert/strict';
import { type StoreSuite, uniqueName, withStore } from './suite.js';
import { create, created, newTask, ROOMY, read } from './task-helpers.js';

/** Tests of task ids: created once, and deleted only by their owner. */
export function taskIdentityContract(suite: StoreSuite): void {
  suite.test('one of 50 concurrent creates with one id succeeds, and its record is read', () =>
    withStore(suite, async (store, other = store) => {
      const [id, owner] = [uniqueName('task'), uniqueName('owner')];
      const before = await store.tasks.count();
      const tasks = Array.from({ length: 50 }, (_, i) => newTask({ id, owner, payload: String(i) }));
      const made = await Promise.all(tasks.map((task, i) => (i % 2 ? store : other).tasks.create(task, ROOMY)));
      const [winner, ...others] = tasks.filter((_, i) => made[i] === true);
      assert.ok(winner !== undefined);
      assert.deepEqual(others, []);
      assert.deepEqual(await read(other, winner), winner);
      assert.equal(await store.tasks.count(), before + 1, 'it is counted once');
    }),
  );

  suite.test('the id of an ended task is not free', () =>
    withStore(suite, async (store, other = store) => {
      const task = await created(store);
      await store.tasks.update(task.id, { status: 'completed', payload: '1', updatedAt: task.updatedAt });
      assert.equal(await other.tasks.create(task, ROOMY), false);
      assert.equal((await read(store, task))?.payload, '1');
    }),
  );

  suite.test('a deleted task is unknown on every node, makes room, and can be created again', () =>
    withStore(suite, async (store, other = store) => {
      const before = await store.tasks.count();
      const task = await created(store);
      await other.tasks.delete(task.id, task.owner);
      assert.equal(await read(store, task), undefined);
      assert.equal(await store.tasks.update(task.id, { status: 'completed', updatedAt: 1 }), false);
      assert.equal(await store.tasks.count(), before);
      assert.equal(await create(store, { owner: task.owner }, { perOwner: 1 }), true);
      assert.equal(await other.tasks.create(task, ROOMY), true);
      assert.deepEqual(await read(store, task), task);
    }),
  );

  suite.test('deleting an unknown task, or that of another owner, has no effect', () =>
    withStore(suite, async (store) => {
      const task = await created(store);
      const before = await store.tasks.count();
      await store.tasks.delete(task.id, uniqueName('owner'));
      await store.tasks.delete(task.id, '');
      await store.tasks.delete(uniqueName('task'), task.owner);
      assert.deepEqual(await read(store, task), task);
      assert.equal(await store.tasks.count(), before);
    }),
  );
}
