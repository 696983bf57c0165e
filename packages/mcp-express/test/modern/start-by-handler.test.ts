import { describe, expect, test } from '@jest/globals';
import { type HandlerContext, inputRequired, memoryStore, type RouterOptions } from 'mcp-express';
import { begin } from '../support/raw-client.js';
import { authenticateByHeader } from '../support/start-server.js';
import { testServer } from '../support/test-tools.js';
import { type Deferred, deferred, eventually } from '../support/wait.js';
import { ABLE, ASK_NAME, accepted, codeOf, request, start, WITH_TASKS } from './alone.js';

const CAPABLE = { capabilities: { ...ABLE, ...WITH_TASKS } };

type Work = (ctx: HandlerContext, gate: Deferred<void>) => Promise<string> | string;

/** A server whose tool decides itself when it becomes a task. */
async function handled(work: Work, options: RouterOptions = {}, timeoutMs = 0) {
  const mcp = testServer();
  const gate = deferred();
  const count = { entered: 0 };
  mcp.registerTool('job', { task: { start: 'handler' }, timeoutMs }, (ctx) => {
    count.entered += 1;
    return work(ctx, gate);
  });
  const store = memoryStore();
  const server = await start({ mcp, options: { store, ...options }, before: [authenticateByHeader] }, CAPABLE);
  const ended = (taskId: string) =>
    eventually('the task is over', async () => {
      const { result } = (await server.client.ask('tasks/get', { taskId })).json;
      return result.status === 'working' || result.status === 'input_required' ? undefined : result;
    });
  /** Tasks that were made and have not expired, whether or not they run. */
  const made = () => store.tasks.count();
  return { ...server, gate, count, ended, made };
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
};

describe("a handler that becomes a task (task.start: 'handler')", () => {
  test('asks in a round before, runs once after, and its client may go (R17)', async () => {
    const server = await handled(async (ctx, gate) => {
      const { content } = await ctx.elicit(ASK_NAME);
      expect(await ctx.startTask()).toBe(true);
      await gate.promise;
      return `for ${content?.['name']}, ${ctx.signal.aborted}`;
    });
    const first = await server.client.call('job');
    expect(first.json.result.resultType).toBe('input_required');
    const params = { name: 'job', arguments: {} };
    const second = await server.client.again(params, first, { 'elicitation-1': accepted({ name: 'Anna' }) });
    expect(second.json.result).toMatchObject({ resultType: 'task', status: 'working' });
    expect(await server.router.stats()).toMatchObject({ calls: 0, tasks: 1 });
    server.gate.resolve();
    const { status, result } = await server.ended(second.json.result.taskId);
    expect([status, result.content[0].text]).toEqual(['completed', 'for Anna, false']);
    expect(server.count.entered).toBe(2);
  });

  test('twice is one task, and is none for a client that knows none (R20)', async () => {
    const server = await handled(async (ctx) => String(await Promise.all([ctx.startTask(), ctx.startTask()])));
    const { result } = (await server.client.call('job')).json;
    expect((await server.ended(result.taskId)).result.content[0].text).toBe('true,true');
    const without = await server.client.call('job', {}, { capabilities: ABLE });
    expect(without.json.result.content[0].text).toBe('false,false');
  });

  test('asks as a task afterwards: in its status, without being run again (R20)', async () => {
    const server = await handled(async (ctx) => {
      await ctx.startTask();
      return String((await ctx.elicit(ASK_NAME, { key: 'who' })).content?.['name']);
    });
    const { taskId } = (await server.client.call('job')).json.result;
    const asking = await eventually('it asks', async () => {
      const { result } = (await server.client.ask('tasks/get', { taskId })).json;
      return result.status === 'input_required' && result;
    });
    expect(Object.keys(asking.inputRequests)).toEqual(['who']);
    await server.client.ask('tasks/update', { taskId, inputResponses: { who: accepted({ name: 'Anna' }) } });
    expect((await server.ended(taskId)).result.content[0].text).toBe('Anna');
    expect(server.count.entered).toBe(1);
  });

  test('what it throws before is the answer of the call, after it the end of the task (R20)', async () => {
    const before = await handled(() => Promise.reject(new Error('too early')));
    expect((await before.client.call('job')).json.result).toMatchObject({ resultType: 'complete', isError: true });
    const after = await handled(async (ctx) => {
      await ctx.startTask();
      throw new Error('too late');
    });
    const { taskId } = (await after.client.call('job')).json.result;
    expect(await after.ended(taskId)).toMatchObject({ status: 'completed', result: { isError: true } });
    expect((await before.router.stats()).tasks + (await after.router.stats()).tasks).toBe(0);
  });

  test('counts as a task from then on, and no more as a call (R17)', async () => {
    const server = await handled(
      async (ctx, gate) => {
        await ctx.startTask();
        await gate.promise;
        return 'done';
      },
      { maxCallsPerPrincipal: 1 },
    );
    const anna = server.client.as({ user: 'anna' });
    const { taskId } = (await anna.call('job')).json.result;
    expect(codeOf(await anna.ask('tasks/get', { taskId }))).toEqual([200, undefined]);
    server.gate.resolve();
  });
});

describe("a handler whose call is over (task.start: 'handler')", () => {
  test('because its client went, makes no task that nobody knows of (R17)', async () => {
    const server = await handled(async (ctx, gate) => {
      await gate.promise;
      return String(await ctx.startTask());
    });
    const gone = begin(server.url, request('tools/call', { name: 'job' }, CAPABLE));
    await eventually('the handler runs', () => server.count.entered === 1);
    gone.destroy();
    await eventually('the call is over', async () => (await server.router.stats()).calls === 0);
    server.gate.resolve();
    await turns();
    expect(await server.made()).toBe(0);
  });

  test('because its time is over, makes none either (R17)', async () => {
    const server = await handled(
      async (ctx, gate) => {
        await gate.promise;
        return String(await ctx.startTask());
      },
      {},
      5,
    );
    expect((await server.client.call('job')).json.error.data.reason).toBe('deadline-exceeded');
    server.gate.resolve();
    await turns();
    expect(await server.made()).toBe(0);
  });

  test('because its round ended with a question, makes none either (R20)', async () => {
    const server = await handled(async (ctx, gate) => {
      void ctx.elicit(ASK_NAME);
      await gate.promise;
      return String(await ctx.startTask());
    });
    expect((await server.client.call('job')).json.result.resultType).toBe('input_required');
    server.gate.resolve();
    await turns();
    expect(await server.made()).toBe(0);
  });
});

test('a handler that returns its questions as a task is asked as one (R20)', async () => {
  const mcp = testServer();
  let entered = 0;
  mcp.registerTool('job', { task: {} }, (ctx) => {
    entered += 1;
    if (ctx.inputResponses['who'] === undefined) {
      return inputRequired({ inputRequests: { who: inputRequired.elicit(ASK_NAME) }, requestState: { seen: 1 } });
    }
    return JSON.stringify([ctx.inputResponses['who'], ctx.requestState]);
  });
  const { client } = await start({ mcp }, CAPABLE);
  const { taskId } = (await client.call('job')).json.result;
  const get = async () => (await client.ask('tasks/get', { taskId })).json.result;
  await eventually('it asks', async () => (await get()).status === 'input_required');
  await client.ask('tasks/update', { taskId, inputResponses: { who: accepted({ name: 'Anna' }) } });
  const { result } = await eventually('it is over', async () => (await get()).result && get());
  expect(JSON.parse(result.content[0].text)).toEqual([accepted({ name: 'Anna' }), { seen: 1 }]);
  expect(entered).toBe(2);
});
