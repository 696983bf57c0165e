import { describe, expect, test } from '@jest/globals';
import { memoryStore, type Store } from 'mcp-express';
import { begin } from '../support/raw-client.js';
import { authenticateByHeader } from '../support/start-server.js';
import { testServer } from '../support/test-tools.js';
import { type Deferred, deferred, eventually } from '../support/wait.js';
import { ASK_NAME, accepted, askingServer, codeOf, META, request, start, WITH_TASKS } from './alone.js';

/** A store, one method of whose tasks waits until the test lets it. */
function gatedStore(name: 'read' | 'create'): { store: Store; asked: Deferred<void>[]; open(): void } {
  const inner = memoryStore();
  const asked: Deferred<void>[] = [];
  let isOpen = false;
  const tasks = new Proxy(inner.tasks, {
    get: (target, key) => {
      const method = Reflect.get(target, key, target).bind(target);
      if (key !== name) return method;
      return async (...args: unknown[]) => {
        const gate = deferred();
        asked.push(gate);
        if (!isOpen) await gate.promise;
        return method(...args);
      };
    },
  });
  const open = (): void => {
    isOpen = true;
    for (const gate of asked) gate.resolve();
  };
  return { store: { ...inner, tasks, close: () => inner.close() }, asked, open };
}

const turns = async (count = 5): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
};

function taskServer() {
  const mcp = testServer();
  const count = { entered: 0 };
  mcp.registerTool('job', { task: {} }, async (ctx) => {
    count.entered += 1;
    await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve, { once: true }));
    return 'ended';
  });
  return { mcp, count };
}

describe('a listener whose store takes its time (R45)', () => {
  test('that goes before it is acknowledged leaves nothing and gives its place back (R45, R23)', async () => {
    const { store, asked, open } = gatedStore('read');
    const { mcp } = taskServer();
    const options = { store, maxListenersPerPrincipal: 2 };
    const { client, router } = await start({ mcp, options, before: [authenticateByHeader] }, { user: 'anna' });
    const params = { notifications: { toolsListChanged: true, taskIds: ['some'] } };
    const manner = { ...client.usual, capabilities: WITH_TASKS };
    const leaving = [1, 2].map(() => begin(client.url, request('subscriptions/listen', params, manner)));
    await eventually('both are at the store', () => asked.length === 2);
    for (const gone of leaving) gone.destroy();
    await eventually('their calls are over', async () => (await router.stats()).calls === 0);
    open();
    await turns();
    expect(await router.stats()).toMatchObject({ calls: 0, listeners: 0, streams: 0 });
    const next = await client.listen({ toolsListChanged: true });
    expect(next.messages[0].method).toBe('notifications/subscriptions/acknowledged');
  });

  test('is ended in an orderly way by a router that closes meanwhile, not held for its grace (R45)', async () => {
    const { store, asked, open } = gatedStore('read');
    const { mcp } = taskServer();
    const { client, router } = await start({ mcp, options: { store } });
    const params = { notifications: { toolsListChanged: true, taskIds: ['some'] } };
    const opening = client.stream('subscriptions/listen', params, { id: 'l', capabilities: WITH_TASKS });
    await eventually('it is at the store', () => asked.length === 1);
    const closing = router.close({ graceMs: 60_000 });
    const begunAt = performance.now();
    open();
    const stream = await opening;
    await stream.untilClosed();
    await closing;
    expect(performance.now() - begunAt).toBeLessThan(20_000);
    expect(stream.messages.at(-1)).toMatchObject({ id: 'l', result: { _meta: { [META.subscription]: 'l' } } });
  });
});

describe('a task whose store takes its time (R17)', () => {
  test('is not begun for a client that goes before it is made: nobody would know of it (R17)', async () => {
    const { store, asked, open } = gatedStore('create');
    const { mcp, count } = taskServer();
    const { client, router } = await start({ mcp, options: { store } }, { capabilities: WITH_TASKS });
    const gone = begin(client.url, request('tools/call', { name: 'job' }, client.usual));
    await eventually('it is at the store', () => asked.length === 1);
    gone.destroy();
    await eventually('its call is over', async () => (await router.stats()).calls === 0);
    open();
    await turns();
    expect({ ...(await router.stats()), ...count }).toMatchObject({ calls: 0, tasks: 0, entered: 0 });
  });
});

describe('a store that fails (R31)', () => {
  test('does not let a state be used that may have been used: refused, nothing is told, nothing runs (R31)', async () => {
    const inner = memoryStore();
    const claims = { claim: () => Promise.reject(new Error('secret of the store')) };
    const count = { entered: 0 };
    const options = { store: { ...inner, claims, close: () => inner.close() }, stateOnce: true };
    const { client } = await start({ mcp: askingServer(count), options });
    const first = await client.call('greet');
    count.entered = 0;
    const answers = { 'elicitation-1': accepted({ name: 'Anna' }) };
    const again = await client.again({ name: 'greet', arguments: {} }, first, answers);
    expect(again.text).not.toContain('secret');
    expect(count.entered).toBe(0);
    // As any other request that the store cannot be asked about.
    expect([again.status, again.json.error.code, again.json.error.data.reason]).toEqual([
      503,
      -32603,
      'store-unavailable',
    ]);
  });

  test('does not give a task, and says so, when it cannot be kept (R31)', async () => {
    const inner = memoryStore();
    const tasks = new Proxy(inner.tasks, {
      get: (target, key) =>
        key === 'create'
          ? () => Promise.reject(new Error('secret of the store'))
          : Reflect.get(target, key, target).bind(target),
    });
    const { mcp, count } = taskServer();
    const options = { store: { ...inner, tasks, close: () => inner.close() } };
    const { client, router } = await start({ mcp, options }, { capabilities: WITH_TASKS });
    const answer = await client.call('job');
    expect(answer.text).not.toContain('secret');
    expect(codeOf(answer)[1]).toBe(-32603);
    expect(count.entered).toBe(0);
    expect((await router.stats()).tasks).toBe(0);
  });
});

test('a key that a question has is any text, also one that every object has (R20)', async () => {
  const mcp = testServer();
  mcp.registerTool('ask', { inputSchema: { type: 'object' } }, async ({ key }, ctx) => {
    const { content } = await ctx.elicit(ASK_NAME, { key: String(key) });
    return String(content?.['name']);
  });
  const { client } = await start({ mcp });
  for (const key of ['constructor', 'toString', 'hasOwnProperty', '__proto__', '']) {
    const first = await client.call('ask', { key });
    expect([key, Object.keys(first.json.result?.inputRequests ?? {})]).toEqual([key, [key]]);
    const answers = JSON.parse(`{${JSON.stringify(key)}:${JSON.stringify(accepted({ name: 'Anna' }))}}`);
    const second = await client.again({ name: 'ask', arguments: { key } }, first, answers);
    expect([key, second.json.result?.content[0].text]).toEqual([key, 'Anna']);
  }
});
