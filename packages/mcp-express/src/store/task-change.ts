import type { TaskChange, TaskRecord, TaskStatus } from './task-store.js';

const FINAL: readonly TaskStatus[] = ['completed', 'failed', 'cancelled'];

/** The task as the change leaves it; `undefined` when it has come to its end before. */
export function changedTask(
  task: TaskRecord,
  change: TaskChange & Pick<TaskRecord, 'updatedAt'>,
): TaskRecord | undefined {
  if (FINAL.includes(task.status)) return undefined;
  const { payload: _payload, statusMessage: _message, ...rest } = task;
  return { ...(change.status === undefined ? task : rest), ...change };
}
