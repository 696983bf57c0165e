import { describe, expect, test } from '@jest/globals';
import { memoryStore, type Store, type TaskStore } from 'mcp-express';
import { Client, WITH_TASKS } from '../modern/alone.js';
import { openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { addGate, testServer } from '../support/test-tools.js';
import { eventually, within } from '../support/wait.js';

const AS_JSON = { accept: 'application/json' };
const KEY = { 'idempotency-key': 'a-key', ...AS_JSON };

/** A store whose tasks fail in one method while it is `down`, before or after it was done. */
function failing(method: keyof TaskStore, when: 'before' | 'after') {
  const inner = memoryStore();
  const state = { down: false, failures: 0 };
  const tasks = new Proxy(inner.tasks, {
    get: (target, name) => {
      const plain = Reflect.get(target, name, target).bind(target);
      if (name !== method) return plain;
      return async (...args: unknown[]) => {
        if (!state.down) return plain(...args);
        state.failures += 1;
        if (when === 'after') await plain(...args);
        throw new Error('the line was cut');
      };
    },
  });
  const store: Store = { ...inner, tasks, close: () => inner.close() };
  return { store, inner, state };
}

async function serving(method: keyof TaskStore, when: 'before' | 'after') {
  const { store, inner, state } = failing(method, when);
  const mcp = testServer();
  const gate = addGate(mcp);
  const jobs: ((text: string) => void)[] = [];
  mcp.registerTool('job', { task: {} }, () => new Promise<string>((resolve) => jobs.push(resolve)));
  mcp.registerTool('asks', { task: {} }, async (ctx) => {
    const { action } = await ctx.elicit({ message: 'Go on?', requestedSchema: { type: 'object', properties: {} } });
    return action;
  });
  const server = await startServer({ mcp, options: { store } });
  const client = new Client(server.url, { capabilities: { ...WITH_TASKS, elicitation: { form: {} } } });
  return { ...server, inner, state, gate, jobs, client, session: await openSession(server.url) };
}

describe('a call that the store was asked to note, without saying what came of it (R36)', () => {
  test.each(['before', 'after'] as const)('%s it was noted: 503 and no run; sent again, it runs', async (when) => {
    const { session, state, gate, inner } = await serving('create', when);
    state.down = true;
    const refused = await session.call('gate', {}, 1, { headers: KEY });
    expect(refused.json.error.data.reason).toBe('store-unavailable');
    state.down = false;
    const again = session.call('gate', {}, 2, { headers: KEY });
    (await within('it runs', gate.begun())).resolve('ran');
    expect((await again).json.result.content[0].text).toBe('ran');
    expect([gate.calls.length, await inner.tasks.count()]).toEqual([1, 1]);
  });

  test('nothing is left of a task that its client was never told of', async () => {
    const { client, state, inner, jobs } = await serving('create', 'after');
    state.down = true;
    expect((await client.call('job')).json.error.data.reason).toBe('store-unavailable');
    state.down = false;
    await eventually('the store has no task', async () => (await inner.tasks.count()) === 0);
    expect(jobs).toEqual([]);
  });
});

describe('what the store does not take when a call ends', () => {
  test('is taken when it is back, after more failures than a second has (R36)', async () => {
    const { session, state, gate } = await serving('update', 'before');
    const first = session.call('gate', {}, 1, { headers: KEY });
    state.down = true;
    (await gate.begun()).resolve('result');
    expect((await first).json.result.content[0].text).toBe('result');
    await eventually('it was tried again and again', () => state.failures >= 6);
    state.down = false;
    const again = await within('the kept answer', session.call('gate', {}, 2, { headers: KEY }));
    expect([again.json.result.content[0].text, gate.calls.length]).toEqual(['result', 1]);
  });

  test('a key is free again when the store could not take that its call was cancelled', async () => {
    const { session, state, gate } = await serving('delete', 'before');
    void session.call('gate', {}, 1, { headers: KEY });
    const call = await gate.begun();
    state.down = true;
    await session.cancel(1);
    call.reject(new Error('stopped'));
    await eventually('it was tried again and again', () => state.failures >= 6);
    state.down = false;
    const again = session.call('gate', {}, 2, { headers: KEY });
    (await within('it runs', gate.begun())).resolve('second');
    expect((await again).json.result.content[0].text).toBe('second');
  });

  test('a question that a task asked meanwhile is shown when the store is back (R46)', async () => {
    const { client, state } = await serving('update', 'before');
    state.down = true;
    const { taskId } = (await client.call('asks')).json.result;
    await eventually('it was tried again and again', () => state.failures >= 6);
    state.down = false;
    const get = async () => (await client.ask('tasks/get', { taskId })).json.result;
    const { inputRequests } = await eventually('it asks', async () => {
      const task = await get();
      return task.status === 'input_required' && task;
    });
    const [key] = Object.keys(inputRequests);
    await client.ask('tasks/update', { taskId, inputResponses: { [String(key)]: { action: 'decline' } } });
    await eventually('it ends', async () => (await get()).status === 'completed');
  });

  test('closing does not wait for a store that stays away (R35)', async () => {
    const { client, session, state, gate, jobs, router } = await serving('update', 'before');
    await client.call('job');
    const keyed = session.call('gate', {}, 1, { headers: KEY });
    const call = await gate.begun();
    state.down = true;
    jobs[0]?.('result');
    call.resolve('result');
    await keyed;
    await eventually('both were tried again and again', () => state.failures >= 12);
    await within('the router is closed', router.close({ graceMs: 100 }), 10_000);
  });
});
