import { describe, expect, test } from '@jest/globals';
import { McpError, type McpServer, memoryStore, type Store } from 'mcp-express';
import type { JsonBody, RawAnswer } from '../../support/raw-client.js';
import { send } from '../../support/raw-client.js';
import { authenticateByHeader } from '../../support/start-server.js';
import { type Deferred, deferred, eventually } from '../../support/wait.js';
import { join } from '../client.js';
import { specServer } from '../server.js';
import {
  ABLE,
  META,
  type Modern,
  nextRound,
  refusalOf,
  requestAlone,
  type StartGiven,
  start,
  TASKS,
  textOf,
  WITH_TASKS,
} from './client.js';

const FORM = {
  message: 'Who?',
  requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
} as const;
const ACCEPTED = { action: 'accept', content: { name: 'Ada' } };
const ALL = { ...ABLE, ...WITH_TASKS };

interface Jobs {
  readonly mcp: McpServer;
  /** The job that waits ends with this. */
  readonly waiting: Deferred<string>;
  runs: number;
}

/** Tools that run as tasks, in every way they can end. */
function jobs(): Jobs {
  const mcp = specServer();
  const made: Jobs = { mcp, waiting: deferred<string>(), runs: 0 };
  const job = (name: string, handler: (ctx: JsonBody) => Promise<string> | string, task = {}): void => {
    mcp.registerTool(name, { task }, (ctx) => {
      made.runs += 1;
      return handler(ctx);
    });
  };
  job('job', () => 'done');
  job('only', () => 'done', { required: true });
  job('wait', () => made.waiting.promise);
  job('failing', () => Promise.reject(new Error('It failed.')));
  job('break', () => Promise.reject(new McpError('internal-error', 'It broke.')));
  job('ask', async (ctx) => {
    const [first, second] = await Promise.all([ctx.elicit(FORM, { key: 'a' }), ctx.elicit(FORM, { key: 'b' })]);
    const third = await ctx.elicit(FORM, { key: 'a' });
    return JSON.stringify([first, second, third].map(({ content }) => content?.name));
  });
  job(
    'later',
    async (ctx) => {
      const { content } = await ctx.elicit(FORM, { key: 'name' });
      await ctx.startTask();
      await made.waiting.promise;
      return `for ${content?.name}`;
    },
    { start: 'handler' },
  );
  return made;
}

async function serving(given: StartGiven = {}) {
  const made = jobs();
  return { ...(await start({ mcp: made.mcp, capabilities: ALL, ...given })), made };
}

async function create(client: Modern, name: string): Promise<string> {
  const { json } = await client.call(name);
  expect(json.result.resultType).toBe('task');
  return json.result.taskId;
}

/** A store whose tasks are kept otherwise; the rest goes through. */
function withTasks(store: Store, faults: Partial<Store['tasks']>): Store {
  const tasks = new Proxy(store.tasks, {
    get: (target, name) => {
      const own = faults[name as keyof typeof faults] ?? Reflect.get(target, name, target);
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
  return new Proxy(store, { get: (target, name) => (name === 'tasks' ? tasks : Reflect.get(target, name, target)) });
}

const get = (client: Modern, taskId: unknown): Promise<RawAnswer> => client.ask('tasks/get', { taskId });

/** The task, once it is in this state. */
function untilIs(client: Modern, taskId: string, status: string, more: (task: JsonBody) => boolean = () => true) {
  return eventually(`the task is ${status}`, async () => {
    const { result } = (await get(client, taskId)).json;
    return result.status === status && more(result) ? (result as JsonBody) : undefined;
  });
}

describe('making a task', () => {
  test('the answer is of the type "task", and can be looked at at once [tasks.result-type, tasks.durable]', async () => {
    const { client } = await serving();
    for (const name of ['job', 'only', 'wait', 'failing', 'ask']) {
      const { result } = (await client.call(name)).json;
      expect(result).toMatchObject({ resultType: 'task', taskId: expect.any(String), status: 'working' });
      expect((await get(client, result.taskId)).json.result.taskId).toBe(result.taskId);
    }
  });

  test('nothing else is of that type, whoever asks [tasks.result-type-only]', async () => {
    const { client } = await serving();
    const taskId = await create(client, 'job');
    for (const [method, params] of [
      ['tools/call', { name: 'echo', arguments: { text: 'x' } }],
      ['tools/call', { name: 'roots', arguments: {} }],
      ['prompts/get', { name: 'media' }],
      ['resources/read', { uri: 'spec://text' }],
      ['tasks/get', { taskId }],
      ['server/discover', {}],
    ] as const) {
      expect((await client.ask(method, params)).json.result.resultType).not.toBe('task');
    }
  });

  test('a store that takes its time is waited for [tasks.consistent, tasks.durable]', async () => {
    const store = memoryStore();
    const gate = deferred();
    let answered = false;
    const slow = withTasks(store, {
      create: async (...args: Parameters<typeof store.tasks.create>) => {
        await gate.promise;
        return store.tasks.create(...args);
      },
    });
    const { client } = await serving({ options: { store: slow } });
    const creating = client.call('job').finally(() => {
      answered = true;
    });
    await client.call('echo', { text: 'x' });
    expect(answered).toBe(false);
    gate.resolve();
    const { taskId } = (await creating).json.result;
    expect((await get(client, taskId)).json.result.taskId).toBe(taskId);
  });

  test('who does not declare tasks gets none, whatever it declared before [tasks.undeclared-none]', async () => {
    const { client } = await serving();
    await create(client, 'job');
    for (const capabilities of [{}, { extensions: {} }, { extensions: { [TASKS]: null } }, { extensions: [TASKS] }]) {
      const { json } = await client.call('job', {}, { capabilities });
      expect(json.result).toMatchObject({ resultType: 'complete', content: [{ text: 'done' }] });
    }
  });

  test('who cannot be served without one gets -32021, and nothing runs [tasks.required]', async () => {
    const { client, made } = await serving();
    const answer = await client.call('only', {}, { capabilities: ABLE });
    expect(refusalOf(answer)).toEqual([400, -32021]);
    expect(answer.json.error.data.requiredCapabilities).toEqual(WITH_TASKS);
    expect(made.runs).toBe(0);
  });

  test('the tasks of 2025-11-25 are not these [tasks.earlier-capability]', async () => {
    const { client } = await serving();
    const earlier = { tasks: { list: {}, cancel: {}, requests: { elicitation: { create: {} } } } };
    const params = { name: 'job', arguments: {}, task: { ttl: 60_000 } };
    const { json } = await client.ask('tools/call', params, { capabilities: earlier });
    expect(json.result).toMatchObject({ resultType: 'complete', content: [{ text: 'done' }] });
    expect(refusalOf(await client.ask('tasks/get', { taskId: 'x' }, { capabilities: earlier }))).toEqual([400, -32021]);
  });

  test('in sessions the extension means nothing [tasks.no-earlier-revision]', async () => {
    const { client, url } = await serving();
    const session = await join(url, { capabilities: ALL });
    const { json } = await session.call('only');
    expect(json.result).toEqual({ content: [{ type: 'text', text: 'done' }] });
    const taskId = await create(client, 'job');
    const { error } = (await session.post({ jsonrpc: '2.0', id: 1, method: 'tasks/get', params: { taskId } })).json;
    expect(error.code).toBe(-32601);
  });

  test('what is asked before is asked in rounds, and what runs after belongs to the task [tasks.rounds-first]', async () => {
    const { client, made } = await serving();
    const params = { name: 'later', arguments: {} };
    const first = await client.ask('tools/call', params);
    expect(first.json.result).toMatchObject({ resultType: 'input_required', inputRequests: { name: {} } });
    const second = await client.ask('tools/call', nextRound(params, first, { name: ACCEPTED }), { id: 2 });
    expect(second.json.result).toMatchObject({ resultType: 'task', status: 'working' });
    made.waiting.resolve('');
    const { result } = await untilIs(client, second.json.result.taskId, 'completed');
    expect(result.content[0].text).toBe('for Ada');
  });
});

describe('looking at a task', () => {
  test('one that runs is working, and then completed with its result [tasks.get-working, tasks.get-completed, tasks.get-result-type, tasks.result-kept]', async () => {
    const { client, made } = await serving();
    const taskId = await create(client, 'wait');
    const running = (await get(client, taskId)).json.result;
    expect(running).toMatchObject({ resultType: 'complete', taskId, status: 'working' });
    made.waiting.resolve('done');
    const { result, resultType } = await untilIs(client, taskId, 'completed');
    expect([resultType, result.content]).toEqual(['complete', [{ type: 'text', text: 'done' }]]);
    const direct = (await client.call('job', {}, { capabilities: {} })).json.result;
    expect(result.content).toEqual(direct.content);
  });

  test('a tool that failed has completed its task [tasks.tool-errors-completed, tasks.failed-only-protocol]', async () => {
    const { client } = await serving();
    const task = await untilIs(client, await create(client, 'failing'), 'completed');
    expect(task.result).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('It failed.') }] });
    expect(task.error).toBeUndefined();
  });

  test('arguments that are wrong are the tool’s error too [tasks.tool-errors-completed]', async () => {
    const made = jobs();
    const inputSchema = { type: 'object', required: ['text'] } as const;
    made.mcp.registerTool('strict', { inputSchema, task: {} }, () => 'ran');
    const { client } = await start({ mcp: made.mcp, capabilities: ALL });
    const { result } = (await client.call('strict')).json;
    const ended = result.resultType === 'task' ? (await untilIs(client, result.taskId, 'completed')).result : result;
    expect(ended.isError).toBe(true);
  });

  test('one that failed by an error of the protocol is shown with it, and with words [tasks.get-failed, tasks.failed-error, tasks.failed-message, tasks.internal-error]', async () => {
    const { client } = await serving();
    const task = await untilIs(client, await create(client, 'break'), 'failed');
    expect(task).toMatchObject({
      resultType: 'complete',
      error: { code: -32603, message: 'It broke.' },
      statusMessage: expect.stringMatching(/\S/),
    });
    expect(task.result).toBeUndefined();
  });

  test('one that asks shows all it asks, until each is answered [tasks.get-input-required, tasks.get-all-questions]', async () => {
    const { client } = await serving();
    const taskId = await create(client, 'ask');
    const both = await untilIs(
      client,
      taskId,
      'input_required',
      (task) => Object.keys(task.inputRequests).length === 2,
    );
    expect(both.inputRequests).toMatchObject({
      a: { method: 'elicitation/create', params: FORM },
      b: { method: 'elicitation/create', params: FORM },
    });
    await client.ask('tasks/update', { taskId, inputResponses: { b: ACCEPTED } });
    const one = await untilIs(client, taskId, 'input_required', (task) => Object.keys(task.inputRequests).length === 1);
    expect(Object.keys(one.inputRequests)).toEqual(['a']);
  });

  test('one that was cancelled is shown so [tasks.get-cancelled]', async () => {
    const { client } = await serving();
    const taskId = await create(client, 'wait');
    await client.ask('tasks/cancel', { taskId });
    const task = await untilIs(client, taskId, 'cancelled');
    expect(task.result ?? task.error).toBeUndefined();
  });

  test('one that is not there is -32602, and says so [tasks.get-unknown, tasks.informative]', async () => {
    const { client } = await serving();
    for (const taskId of ['none', '', undefined, 5, null, {}, '__proto__']) {
      const answer = await client.ask(
        'tasks/get',
        { taskId },
        typeof taskId === 'string' ? {} : { headers: { 'mcp-name': undefined } },
      );
      expect(answer.json.error?.code).toBe(-32602);
      expect(answer.json.error.message).toMatch(/task/i);
    }
  });

  test('a store that fails is -32603, and nothing of it is told [tasks.internal-error]', async () => {
    const read = () => Promise.reject(new Error('The password of the database is hunter2.'));
    const { client } = await serving({ options: { store: withTasks(memoryStore(), { read }) } });
    const { json, text } = await get(client, 'x');
    expect(json.error.code).toBe(-32603);
    expect(text).not.toContain('hunter2');
  });
});

describe('answering what a task asks', () => {
  test('no key is used twice, whatever the handler says [tasks.keys-unique, tasks.keys-not-reused]', async () => {
    const { client } = await serving();
    const taskId = await create(client, 'ask');
    await untilIs(client, taskId, 'input_required', (task) => Object.keys(task.inputRequests).length === 2);
    const responses = { a: ACCEPTED, b: { action: 'accept', content: { name: 'Bob' } } };
    await client.ask('tasks/update', { taskId, inputResponses: responses });
    const third = await untilIs(client, taskId, 'input_required', (task) => !('b' in task.inputRequests));
    const [key] = Object.keys(third.inputRequests);
    expect(['a', 'b']).not.toContain(key);
    await client.ask('tasks/update', {
      taskId,
      inputResponses: { ...responses, [String(key)]: { action: 'accept', content: { name: 'Eve' } } },
    });
    const { result } = await untilIs(client, taskId, 'completed');
    expect(JSON.parse(result.content[0].text)).toEqual(['Ada', 'Bob', 'Eve']);
  });

  test('nor does a key that is made up meet one that was used [tasks.keys-unique, tasks.keys-not-reused]', async () => {
    const { mcp } = jobs();
    mcp.registerTool('keys', { task: {} }, async (ctx) => {
      await Promise.all([ctx.elicit(FORM, { key: 'a' }), ctx.elicit(FORM, { key: 'a-3' })]);
      await ctx.elicit(FORM, { key: 'a' });
      return 'done';
    });
    const { client } = await start({ mcp, capabilities: ALL });
    const taskId = await create(client, 'keys');
    const both = (task: JsonBody) => Object.keys(task.inputRequests).length === 2;
    await untilIs(client, taskId, 'input_required', both);
    await client.ask('tasks/update', { taskId, inputResponses: { a: ACCEPTED, 'a-3': ACCEPTED } });
    const third = await untilIs(client, taskId, 'input_required', (task) => !both(task));
    expect(['a', 'a-3']).not.toContain(Object.keys(third.inputRequests)[0]);
  });

  test('it is acknowledged by an empty result [tasks.update-acknowledged, tasks.update-result-type]', async () => {
    const { client } = await serving();
    const taskId = await create(client, 'ask');
    await untilIs(client, taskId, 'input_required');
    const { json } = await client.ask('tasks/update', { taskId, inputResponses: { a: ACCEPTED } });
    expect(Object.keys(json.result).sort()).toEqual(['_meta', 'resultType']);
    expect(json.result.resultType).toBe('complete');
  });

  test('what is not asked is ignored, while it asks and afterwards [tasks.update-ignored]', async () => {
    const { client, made } = await serving();
    const [asking, waiting] = [await create(client, 'ask'), await create(client, 'wait')];
    await untilIs(client, asking, 'input_required', (task) => Object.keys(task.inputRequests).length === 2);
    for (const taskId of [asking, waiting]) {
      const inputResponses = { other: ACCEPTED, __proto__x: {}, constructor: {} };
      expect((await client.ask('tasks/update', { taskId, inputResponses })).json.result.resultType).toBe('complete');
    }
    expect(Object.keys((await get(client, asking)).json.result.inputRequests)).toEqual(['a', 'b']);
    expect((await get(client, waiting)).json.result.status).toBe('working');
    made.waiting.resolve('done');
    await untilIs(client, waiting, 'completed');
    const late = await client.ask('tasks/update', { taskId: waiting, inputResponses: { a: ACCEPTED } });
    expect(late.json.result.resultType).toBe('complete');
    expect((await get(client, waiting)).json.result.status).toBe('completed');
  });

  test('to a task that is not there it is -32602, and so is what is malformed [tasks.update-unknown, tasks.informative]', async () => {
    const { client } = await serving();
    const unknown = await client.ask('tasks/update', { taskId: 'none', inputResponses: {} });
    expect(unknown.json.error).toMatchObject({ code: -32602, message: expect.stringMatching(/task/i) });
    const taskId = await create(client, 'ask');
    for (const inputResponses of [undefined, 5, [], { a: 5 }]) {
      expect((await client.ask('tasks/update', { taskId, inputResponses })).json.error.code).toBe(-32602);
    }
  });
});

describe('cancelling a task', () => {
  test('it is acknowledged by an empty result, and the handler is told [tasks.cancel-acknowledged, tasks.cancel-result-type]', async () => {
    const { mcp } = jobs();
    const aborted = deferred();
    mcp.registerTool('stop', { task: {} }, (ctx) => {
      ctx.signal.addEventListener('abort', () => aborted.resolve(), { once: true });
      return new Promise<string>(() => {});
    });
    const { client } = await start({ mcp, capabilities: ALL });
    const taskId = await create(client, 'stop');
    const { result } = (await client.ask('tasks/cancel', { taskId })).json;
    expect([Object.keys(result).sort(), result.resultType]).toEqual([['_meta', 'resultType'], 'complete']);
    await aborted.promise;
    expect((await client.ask('tasks/cancel', { taskId })).json.result.resultType).toBe('complete');
  });

  test('one that is over stays as it is [tasks.cancel-acknowledged]', async () => {
    const { client } = await serving();
    const taskId = await create(client, 'job');
    await untilIs(client, taskId, 'completed');
    expect((await client.ask('tasks/cancel', { taskId })).json.result.resultType).toBe('complete');
    expect((await get(client, taskId)).json.result.status).toBe('completed');
  });

  test('one that is not there is -32602 [tasks.cancel-unknown, tasks.informative]', async () => {
    const { client } = await serving();
    const { error } = (await client.ask('tasks/cancel', { taskId: 'none' })).json;
    expect(error).toMatchObject({ code: -32602, message: expect.stringMatching(/task/i) });
  });

  test('a notification does not cancel it, nor does who leaves [tasks.no-cancelled-notification]', async () => {
    const { client, url, made } = await serving();
    const { json } = await client.call('wait', {}, { id: 'w' });
    const { taskId } = json.result;
    for (const requestId of ['w', taskId]) {
      const { headers, body } = requestAlone('notifications/cancelled', { requestId, taskId });
      const { id: _none, ...notification } = body;
      expect((await send(url, { headers, body: notification })).status).toBe(202);
    }
    expect((await get(client, taskId)).json.result.status).toBe('working');
    made.waiting.resolve('done');
    await untilIs(client, taskId, 'completed');
  });
});

describe('listening to a task', () => {
  test('who does not declare tasks gets -32021 [tasks.listen-undeclared]', async () => {
    const { client } = await serving();
    const taskId = await create(client, 'wait');
    const answer = await client.ask(
      'subscriptions/listen',
      { notifications: { taskIds: [taskId] } },
      { capabilities: ABLE },
    );
    expect(refusalOf(answer)).toEqual([400, -32021]);
    expect(answer.json.error.data.requiredCapabilities).toEqual(WITH_TASKS);
  });

  test('its states are told, each as it would be looked at, but neither progress nor logs [tasks.no-progress, tasks.get-completed]', async () => {
    const { client, made } = await serving();
    const gate = deferred();
    made.mcp.registerTool('noisy', { task: {} }, async (ctx) => {
      await gate.promise;
      await ctx.log('error', 'a log');
      await ctx.progress(1, 2, 'half');
      return made.waiting.promise;
    });
    const { json } = await client.call('noisy', {}, { meta: { progressToken: 't', [META.level]: 'debug' } });
    const { taskId } = json.result;
    const stream = await client.listen({ taskIds: [taskId] }, { meta: { progressToken: 'l', [META.level]: 'debug' } });
    expect(stream.messages[0]?.params.notifications).toEqual({ taskIds: [taskId] });
    gate.resolve();
    await stream.untilMessages(2);
    made.waiting.resolve('done');
    await stream.until('the end', () => stream.messages.at(-1)?.params.status === 'completed');
    const methods = new Set(stream.messages.slice(1).map(({ method }) => method));
    expect([...methods]).toEqual(['notifications/tasks']);
    const { _meta: _own, ...told } = stream.messages.at(-1)?.params ?? {};
    const { _meta: _theirs, resultType: _type, ...got } = (await get(client, taskId)).json.result;
    expect(told).toEqual(got);
  });
});

describe('who may see a task', () => {
  test('each request about one needs the extension [tasks.methods-undeclared]', async () => {
    const { client } = await serving();
    const taskId = await create(client, 'wait');
    for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
      for (const capabilities of [{}, ABLE, { extensions: {} }]) {
        const answer = await client.ask(method, { taskId, inputResponses: {} }, { capabilities });
        expect(refusalOf(answer)).toEqual([400, -32021]);
        expect(answer.json.error.data.requiredCapabilities).toEqual(WITH_TASKS);
      }
    }
    expect((await get(client, taskId)).json.result.status).toBe('working');
  });

  test('somebody else’s is one that is not there [tasks.access-control]', async () => {
    const { client } = await serving({ before: [authenticateByHeader], user: 'alice' });
    const taskId = await create(client, 'wait');
    for (const user of ['bob', '']) {
      for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
        const theirs = await client.ask(method, { taskId, inputResponses: {} }, { user });
        const unknown = await client.ask(method, { taskId: 'none', inputResponses: {} }, { user });
        expect(theirs.json.error).toEqual(unknown.json.error);
      }
      const stream = await client.listen({ taskIds: [taskId] }, { user });
      expect(stream.messages[0]?.params.notifications).toEqual({});
    }
    expect((await get(client, taskId)).json.result.status).toBe('working');
  });

  test('its id cannot be guessed [tasks.ids-unguessable]', async () => {
    const { client } = await serving();
    const ids = await Promise.all(Array.from({ length: 50 }, () => create(client, 'job')));
    expect(new Set(ids).size).toBe(50);
    for (const id of ids) expect(id.length).toBeGreaterThanOrEqual(20);
    for (const at of [0, 1, 5, 10, 15, 20]) expect(new Set(ids.map((id) => id[at])).size).toBeGreaterThan(3);
  });

  test('a call that never becomes a task is answered as any other [tasks.result-type-only]', async () => {
    const { mcp } = jobs();
    mcp.registerTool('maybe', { task: { start: 'handler' } }, () => 'at once');
    const { client } = await start({ mcp, capabilities: ALL });
    expect(textOf(await client.call('maybe'))).toBe('at once');
  });
});
