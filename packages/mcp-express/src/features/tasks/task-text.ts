import type { McpError } from '../../protocol/errors.js';
import { errorObjectText, type Params } from '../../protocol/json-rpc.js';
import { storedJson } from '../../request/stored-json.js';
import type { TaskChange, TaskRecord, TaskStatus } from '../../store/store.js';

/** The extension's name (SEP-2663). */
export const TASKS = 'io.modelcontextprotocol/tasks';

/** The member that holds the payload of a task, by its status. */
const PAYLOADS: Readonly<Record<TaskStatus, string | undefined>> = {
  working: undefined,
  input_required: 'inputRequests',
  completed: 'result',
  failed: 'error',
  cancelled: undefined,
};

/** A task without its payload, as in the result that creates it. */
export function taskSummary(task: TaskRecord): Params {
  return {
    taskId: task.id,
    status: task.status,
    ...(task.statusMessage === undefined ? {} : { statusMessage: task.statusMessage }),
    createdAt: new Date(task.createdAt).toISOString(),
    lastUpdatedAt: new Date(task.updatedAt).toISOString(),
    ttlMs: task.ttlMs,
    pollIntervalMs: task.pollIntervalMs,
  };
}

/** A task with its payload: the result, the error or the client requests. */
export function taskDetail(task: TaskRecord): Params {
  const member = PAYLOADS[task.status];
  if (member === undefined || task.payload === undefined) return taskSummary(task);
  return { ...taskSummary(task), [member]: storedJson(task.payload) };
}

/** Whether a status is final. */
export function isFinal(status: TaskStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** The change that fails a task. */
export function failedWith(error: McpError): TaskChange {
  return { status: 'failed', statusMessage: error.message, payload: errorObjectText(error, error.modernRpcCode) };
}
