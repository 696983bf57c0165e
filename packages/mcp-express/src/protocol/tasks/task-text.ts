import type { McpError } from '../../ground/errors.js';
import { errorObjectText, type Params } from '../../ground/json-rpc.js';
import type { TaskChange, TaskRecord, TaskStatus } from '../../store/store.js';
import { storedJson } from '../stored-json.js';

/** The extension's name (SEP-2663). */
export const TASKS = 'io.modelcontextprotocol/tasks';

/** What a status brings with it. */
const PAYLOADS: Readonly<Record<TaskStatus, string | undefined>> = {
  working: undefined,
  input_required: 'inputRequests',
  completed: 'result',
  failed: 'error',
  cancelled: undefined,
};

/** A task without what its status brings: how it is told of when it is created. */
export function taskHead(task: TaskRecord): Params {
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

/** The whole of a task: its result, its error or what it asks stands in it. */
export function taskDetail(task: TaskRecord): Params {
  const member = PAYLOADS[task.status];
  if (member === undefined || task.payload === undefined) return taskHead(task);
  return { ...taskHead(task), [member]: storedJson(task.payload) };
}

/** True for a task that nothing will happen to any more. */
export function isOver(status: TaskStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** The end of a task whose call could not be carried out. */
export function failedWith(error: McpError): TaskChange {
  return { status: 'failed', statusMessage: error.message, payload: errorObjectText(error, error.modernRpcCode) };
}
