import { assertExtension } from '../../protocol/client-capabilities.js';
import type { InputResponses } from '../../protocol/client-requests.js';
import { McpError } from '../../protocol/errors.js';
import { isObject } from '../../protocol/json-rpc.js';
import type { Call } from '../../request/call.js';
import { textParam } from '../../request/method.js';
import { responsesIn } from '../../request/mrtr.js';
import type { TaskRecord } from '../../store/store.js';
import type { Catalog } from '../catalog.js';
import type { CompiledExtension } from '../extensions/compile-extension.js';
import type { Admission, FeatureDeps } from '../feature.js';
import { isFinal, TASKS } from './task-text.js';

/** The tasks extension: `tasks/get`, `tasks/update` and `tasks/cancel`, for clients that declared it. */
export const tasksFeature: CompiledExtension = {
  extension: { id: TASKS, settings: ({ catalog }) => (usesTasks(catalog) ? {} : undefined) },
  methods: {
    'tasks/get': {
      handle: async (call, deps) => call.writer.write(deps.tasks.paramsOf(await taskOf(call, deps))),
      admit: admitTaskRequest,
      only: 'stateless',
    },
    'tasks/update': { handle: update, admit: admitTaskRequest, only: 'stateless' },
    'tasks/cancel': { handle: cancel, admit: admitTaskRequest, only: 'stateless' },
  },
};

function usesTasks({ tools }: Catalog): boolean {
  return tools.all.some(({ task }) => task !== undefined);
}

function admitTaskRequest({ context }: Admission): void {
  assertExtension(context.client.capabilities, TASKS);
}

async function update(call: Call, deps: FeatureDeps): Promise<string> {
  const responses = call.message.params?.['inputResponses'];
  if (!isObject(responses) || !Object.values(responses).every(isObject)) {
    throw new McpError('invalid-params', '"inputResponses" of tasks/update must be an object of objects');
  }
  const { id, status } = await taskOf(call, deps);
  if (!isFinal(status)) await deps.tasks.send({ id, responses: responsesIn(responses as InputResponses) });
  return call.writer.write({});
}

async function cancel(call: Call, deps: FeatureDeps): Promise<string> {
  const { id, status } = await taskOf(call, deps);
  if (!isFinal(status)) await deps.tasks.send({ id, cancel: true });
  return call.writer.write({});
}

/**
 * @throws McpError `invalid-params`, identical for a task that is unknown, expired or of another principal
 * @throws McpError `insufficient-scope` when the token lacks scopes with which the task was started
 */
async function taskOf(call: Call, { tasks, scopes }: FeatureDeps): Promise<TaskRecord> {
  const task = await tasks.find(textParam(call.message, 'taskId'), call.context.owner);
  if (task === undefined) throw new McpError('invalid-params', 'Task not found');
  scopes.assertCovers(task, call.principal);
  return task;
}
