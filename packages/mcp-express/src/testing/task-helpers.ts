import assert from 'node:assert/strict';
import type { Store } from '../store/store.js';
import type { TaskLimits, TaskRecord } from '../store/task-store.js';
import { uniqueName } from './suite.js';

/** Limits that no test reaches. */
export const ROOMY: TaskLimits = { total: 1_000_000, perOwner: 1_000_000 };
const LIFE_MS = 60_000;

/** The record of a new, working task of a new owner. */
export function newTask(changes: Partial<TaskRecord> = {}): TaskRecord {
  const now = Date.now();
  return {
    id: uniqueName('task'),
    owner: uniqueName('owner'),
    node: uniqueName('node'),
    status: 'working',
    createdAt: now,
    updatedAt: now,
    expiresAt: now + LIFE_MS,
    ttlMs: LIFE_MS,
    pollIntervalMs: 1_000,
    ...changes,
  };
}

/** Creates a task that must be accepted. */
export async function created(store: Store, changes: Partial<TaskRecord> = {}): Promise<TaskRecord> {
  const task = newTask(changes);
  assert.equal(await store.tasks.create(task, ROOMY), true);
  return task;
}

/** Reads a task as its owner. */
export const read = (store: Store, { id, owner }: TaskRecord) => store.tasks.read(id, owner);
/** Creates a task with limits. @returns whether it was created. */
export const create = (store: Store, changes: Partial<TaskRecord>, limits: Partial<TaskLimits>) =>
  store.tasks.create(newTask(changes), { ...ROOMY, ...limits });
