import type { TaskChange, TaskRecord, TaskStatus } from './task-store.js';

const FINAL: readonly TaskStatus[] = ['completed', 'failed', 'cancelled'];

/**
 * Applies a change to a task, as `TaskStore.update` has to.
 *
 * @returns the changed task; `undefined` when its status is final.
 */
export function changedTask(
  task: TaskRecord,
  change: TaskChange & Pick<TaskRecord, 'updatedAt'>,
): TaskRecord | undefined {
  if (FINAL.includes(task.status)) return undefined;
  const { payload: _payload, statusMessage: _message, ...rest } = task;
  return { ...(change.status === undefined ? task : rest), ...change };
}
