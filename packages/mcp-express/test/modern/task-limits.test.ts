import { describe, expect, test } from '@jest/globals';
import { memoryStore, type RouterOptions } from 'mcp-express';
import { type Modern, start, WITH_TASKS } from '../spec/modern/client.js';
import type { JsonBody, RawAnswer } from '../support/raw-client.js';
import { authenticateByHeader } from '../support/start-server.js';
import { testServer } from '../support/test-tools.js';
import { type Deferred, deferred, eventually } from '../support/wait.js';

/** A tool that waits for the test, and one whose tasks do not live long. */
async function serving(options: RouterOptions = {}) {
  const mcp = testServer();
  const runs: (Deferred<string> & { readonly signal: AbortSignal })[] = [];
  for (const [name, task] of [
    ['wait', {}],
    ['short', { ttlMs: 150 }],
  ] as const) {
    mcp.registerTool(name, { task }, ({ signal }) => {
      const run = { ...deferred<string>(), signal };
      runs.push(run);
      return run.promise;
    });
  }
  return { ...(await start({ mcp, options, before: [authenticateByHeader], capabilities: WITH_TASKS })), runs };
}

async function created(client: Modern, tool = 'wait'): Promise<string> {
  const { json, text } = await client.call(tool);
  if (json.result?.resultType !== 'task') throw new Error(`no task: ${text}`);
  return json.result.taskId;
}

const get = (client: Modern, taskId: string): Promise<RawAnswer> => client.ask('tasks/get', { taskId });

function untilIs(client: Modern, taskId: string, status: string): Promise<JsonBody> {
  return eventually(`the task is ${status}`, async () => {
    const { result } = (await get(client, taskId)).json;
    return result?.status === status ? result : undefined;
  });
}

const untilGone = (client: Modern, taskId: string): Promise<true> =>
  eventually('the task is gone', async () => (await get(client, taskId)).json.error?.code === -32602 || undefined);

function expectTooMany({ status, headers, json }: RawAnswer): void {
  expect([status, json.error?.code, json.error?.data?.reason]).toEqual([429, -32603, 'too-many-tasks']);
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
}

describe('how many tasks there may be', () => {
  test('of one principal: beyond, 429 with Retry-After, while others make theirs', async () => {
    const { client, runs } = await serving({ maxTasksPerPrincipal: 3 });
    const [alice, bob] = [client.as({ user: 'alice' }), client.as({ user: 'bob' })];
    for (let count = 0; count < 3; count += 1) await created(alice);
    expectTooMany(await alice.call('wait'));
    expect(runs).toHaveLength(3);
    await created(bob);
    expect((await alice.call('echo', { text: 'still served' })).json.result.content[0].text).toBe('still served');
  });

  test('however many ask at once', async () => {
    const { client, runs, router } = await serving({ maxTasksPerPrincipal: 5 });
    const alice = client.as({ user: 'alice' });
    const answers = await Promise.all(Array.from({ length: 40 }, () => alice.call('wait')));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(35);
    for (const answer of refused) expectTooMany(answer);
    expect(runs).toHaveLength(5);
    expect((await router.stats()).tasks).toBe(5);
  });

  test('one that has come to its end is kept, and counts until it expires', async () => {
    const { client, runs, router } = await serving({ maxTasksPerPrincipal: 1 });
    const alice = client.as({ user: 'alice' });
    const taskId = await created(alice, 'short');
    runs[0]?.resolve('done');
    await eventually('it runs no more', async () => (await router.stats()).tasks === 0);
    const next = await eventually('there is room again', async () => {
      const answer = await alice.call('wait');
      if (answer.status === 200) return answer;
      expectTooMany(answer);
      return undefined;
    });
    expect(next.json.result.resultType).toBe('task');
    expect((await get(alice, taskId)).json.error.code).toBe(-32602);
  });

  test('the anonymous callers of one address are limited as a principal is, and the limit of all holds for everyone', async () => {
    const { client } = await serving({ maxTasksPerPrincipal: 2, maxTasks: 3 });
    for (let count = 0; count < 2; count += 1) await created(client);
    expectTooMany(await client.call('wait'));
    await created(client.as({ user: 'alice' }));
    expectTooMany(await client.as({ user: 'bob' }).call('wait'));
  });
});

describe('how long a task is kept', () => {
  test('a running one is gone after its time, and its handler is told to stop', async () => {
    const { client, runs, router } = await serving();
    const taskId = await created(client, 'short');
    const createdAt = performance.now();
    expect((await get(client, taskId)).json.result).toMatchObject({ status: 'working', ttlMs: 150 });
    await untilGone(client, taskId);
    // The clock of the store is another than that of the test, by a millisecond or two.
    expect(performance.now() - createdAt).toBeGreaterThan(100);
    await eventually('its signal fires', () => runs[0]?.signal.aborted);
    await eventually('nothing runs', async () => (await router.stats()).tasks === 0);
    runs[0]?.resolve('too late');
    expect((await get(client, taskId)).json.error.code).toBe(-32602);
  });

  test('one that has ended is gone too: its result is not kept longer than it was said', async () => {
    const { client, runs } = await serving({ taskTtlMs: 200 });
    const taskId = await created(client);
    runs[0]?.resolve('done');
    await untilIs(client, taskId, 'completed');
    expect(runs[0]?.signal.aborted).toBe(false);
    await untilGone(client, taskId);
  });

  test('each has its own time', async () => {
    const { client } = await serving();
    const [long, short] = [await created(client), await created(client, 'short')];
    await untilGone(client, short);
    expect((await get(client, long)).json.result.status).toBe('working');
  });
});

describe('a router that closes', () => {
  async function twoNodes() {
    const store = memoryStore();
    const [first, second] = [await serving({ store }), await serving({ store })];
    const [here, there] = [first.client.as({ user: 'alice' }), second.client.as({ user: 'alice' })];
    return { store, first, here, there, taskId: await created(here) };
  }

  test('ends its running tasks as failed, which other nodes of the store show and tell', async () => {
    const { first, there, taskId, store } = await twoNodes();
    const listening = await there.listen({ taskIds: [taskId] });
    expect((await get(there, taskId)).json.result.status).toBe('working');
    await first.router.close({ graceMs: 0 });
    expect(first.runs[0]?.signal.aborted).toBe(true);
    const { result } = (await get(there, taskId)).json;
    expect(result).toMatchObject({ taskId, status: 'failed', error: { code: -32603 } });
    expect(result.error.data.reason).toBe('shutting-down');
    expect((await listening.untilMessages(2))[1]).toMatchObject({
      method: 'notifications/tasks',
      params: { taskId, status: 'failed' },
    });
    expect(await store.tasks.count()).toBe(1);
    expect((await first.router.stats()).tasks).toBe(0);
  });

  test('an end is final: what the handler says afterwards changes nothing', async () => {
    const { first, there, taskId } = await twoNodes();
    await first.router.close({ graceMs: 0 });
    const { text } = await get(there, taskId);
    first.runs[0]?.resolve('too late');
    await new Promise(setImmediate);
    expect((await get(there, taskId)).text).toBe(text);
    expect((await there.ask('tasks/cancel', { taskId })).json.result.resultType).toBe('complete');
    expect((await get(there, taskId)).text).toBe(text);
  });

  test('lets those finish that can within its time', async () => {
    const { first, there, taskId } = await twoNodes();
    const closing = first.router.close({ graceMs: 10_000 });
    first.runs[0]?.resolve('done in time');
    await closing;
    expect((await get(there, taskId)).json.result).toMatchObject({
      status: 'completed',
      result: { content: [{ text: 'done in time' }] },
    });
  });
});
