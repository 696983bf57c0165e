import type { InputResponses } from '../../protocol/client-requests.js';
import { McpError } from '../../protocol/errors.js';
import { isObject } from '../../protocol/json-rpc.js';
import type { Call } from '../../request/call.js';
import { type Method, type MethodParts, textParam } from '../../request/method.js';
import { answersIn } from '../../request/rounds.js';
import type { TaskRecord } from '../../store/store.js';
import { isOver } from './task-text.js';

/** The methods of the tasks extension. The caller has checked that the client declared it. */
export const TASK_METHODS: readonly (readonly [string, Method])[] = [
  ['tasks/get', async (call, parts) => call.writer.write(parts.tasks.paramsOf(await taskOf(call, parts)))],
  ['tasks/update', update],
  ['tasks/cancel', cancel],
];

async function update(call: Call, parts: MethodParts): Promise<string> {
  const responses = call.message.params?.['inputResponses'];
  if (!isObject(responses) || !Object.values(responses).every(isObject)) {
    throw new McpError('invalid-params', '"inputResponses" of tasks/update must be an object of objects');
  }
  const { id, status } = await taskOf(call, parts);
  if (!isOver(status)) await parts.tasks.order({ id, responses: answersIn(responses as InputResponses) });
  return call.writer.write({});
}

async function cancel(call: Call, parts: MethodParts): Promise<string> {
  const { id, status } = await taskOf(call, parts);
  if (!isOver(status)) await parts.tasks.order({ id, cancel: true });
  return call.writer.write({});
}

/**
 * @throws McpError `invalid-params`, identical for a task that is unknown, expired or of another principal
 * @throws McpError `insufficient-scope` when the token lacks scopes with which the task was started
 */
async function taskOf(call: Call, { tasks, scopes }: MethodParts): Promise<TaskRecord> {
  const task = await tasks.find(textParam(call.message, 'taskId'), call.caller.owner);
  if (task === undefined) throw new McpError('invalid-params', 'Task not found');
  scopes.assertCovers(task, call.principal);
  return task;
}
