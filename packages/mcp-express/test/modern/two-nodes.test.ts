import { describe, expect, test } from '@jest/globals';
import { memoryStore, type RouterOptions } from 'mcp-express';
import { openSession } from '../support/session.js';
import { authenticateByHeader } from '../support/start-server.js';
import { addGate } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';
import { ABLE, ASK_NAME, accepted, askingServer, codeOf, META, start, textOf, WITH_TASKS } from './alone.js';

const KEYS = ['k'.repeat(32)];
const CAPABLE = { capabilities: { ...ABLE, ...WITH_TASKS } };

/** Two routers that share a store and keys, as two processes would. */
async function twoNodes(options: RouterOptions = {}) {
  const store = memoryStore();
  const node = async () => {
    const mcp = askingServer();
    const gate = addGate(mcp, 'plain');
    mcp.registerTool('job', { task: {} }, async (ctx) => {
      const { content } = await ctx.elicit(ASK_NAME, { key: 'who' });
      if (content?.['name'] !== 'wait') return `for ${content?.['name']}`;
      await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve, { once: true }));
      throw ctx.signal.reason;
    });
    mcp.registerResource('news', 'news://today', {}, () => 'news');
    const given = { mcp, options: { store, stateKeys: KEYS, ...options }, before: [authenticateByHeader] };
    return { ...(await start(given, CAPABLE)), gate };
  };
  return { a: await node(), b: await node(), store };
}

describe('a task that runs on another node (R30, SEP-2663)', () => {
  test('is looked at, answered and listened to from any node (R30)', async () => {
    const { a, b } = await twoNodes();
    const { taskId } = (await a.client.call('job')).json.result;
    const look = async () => (await b.client.ask('tasks/get', { taskId })).json.result;
    await eventually('it asks', async () => (await look()).status === 'input_required');
    const stream = await b.client.listen({ taskIds: [taskId] });
    const answer = await b.client.ask('tasks/update', { taskId, inputResponses: { who: accepted({ name: 'B' }) } });
    expect(codeOf(answer)).toEqual([200, undefined]);
    await stream.until('it is over', () => stream.messages.at(-1).params?.status === 'completed');
    expect((await look()).result.content[0].text).toBe('for B');
    expect([(await a.router.stats()).tasks, (await b.router.stats()).tasks]).toEqual([0, 0]);
  });

  test('is cancelled from any node: its handler hears of it (R17)', async () => {
    const { a, b } = await twoNodes();
    const { taskId } = (await a.client.call('job')).json.result;
    const status = async () => (await b.client.ask('tasks/get', { taskId })).json.result.status;
    await eventually('it asks', async () => (await status()) === 'input_required');
    await b.client.ask('tasks/update', { taskId, inputResponses: { who: accepted({ name: 'wait' }) } });
    await eventually('it works', async () => (await status()) === 'working');
    expect(codeOf(await b.client.ask('tasks/cancel', { taskId }))).toEqual([200, undefined]);
    await eventually('it is cancelled', async () => (await status()) === 'cancelled');
    await eventually('nothing runs', async () => (await a.router.stats()).tasks === 0);
  });
});

describe('changes on one node (R30)', () => {
  test('are told once to each listener and session on all nodes (R30, R20)', async () => {
    const { a, b } = await twoNodes();
    const filter = { toolsListChanged: true, promptsListChanged: true, resourceSubscriptions: ['news://today'] };
    const listeners = await Promise.all([a, b, b].map(({ client }, id) => client.listen(filter, { id })));
    const session = await openSession(b.url);
    const standalone = await session.listen();
    await session.post({ jsonrpc: '2.0', id: 1, method: 'resources/subscribe', params: { uri: 'news://today' } });
    await a.router.notify.resourceUpdated('news://today');
    await b.router.notify.resourceUpdated('news://today');
    await a.router.notify.toolsChanged();
    const expected = ['subscriptions/acknowledged', 'resources/updated', 'resources/updated', 'tools/list_changed'];
    for (const [id, listener] of listeners.entries()) {
      await listener.untilMessages(expected.length);
      expect(listener.messages.map(({ method }) => method.slice('notifications/'.length))).toEqual(expected);
      expect(listener.messages.map(({ params }) => params._meta[META.subscription])).toEqual([id, id, id, id]);
    }
    await standalone.until('the session hears of both', () => {
      const methods = standalone.messages.map(({ method }) => method);
      return (
        methods.includes('notifications/resources/updated') && methods.includes('notifications/tools/list_changed')
      );
    });
  });
});

describe('a round that ends on one node and goes on on another (R31)', () => {
  test.each<[string, object]>([
    ['a tool', { name: 'greet', arguments: { b: 2, a: [{ d: 4, c: 3 }] } }],
    ['a prompt', { name: 'greet' }],
    ['a resource', { uri: 'asks://what' }],
  ])('%s is served there, and where states are used once, once in all (R31)', async (_what, params) => {
    for (const stateOnce of [false, true]) {
      const { a, b } = await twoNodes({ stateOnce });
      const method = 'uri' in params ? 'resources/read' : 'arguments' in params ? 'tools/call' : 'prompts/get';
      const first = await a.client.ask(method, params);
      const answers = { 'elicitation-1': accepted({ name: 'Anna' }) };
      const second = await b.client.again(params, first, answers);
      expect(second.text).toContain('Anna');
      expect(codeOf(await a.client.again(params, first, answers))).toEqual(
        stateOnce ? [400, -32602] : [200, undefined],
      );
    }
  });

  test('calls are cancelled where they run by their own connection alone (R17)', async () => {
    const { a, b } = await twoNodes();
    const manner = { id: 1, headers: { accept: 'text/event-stream' } };
    const [one, two] = [
      a.client.callStream('plain', {}, manner),
      b.client.call('plain', {}, { id: 1, headers: { accept: 'application/json' } }),
    ];
    const [onA, onB] = [await a.gate.begun(), await b.gate.begun()];
    (await one).destroy();
    await onA.aborted;
    expect(onB.ctx.signal.aborted).toBe(false);
    onB.resolve('served');
    expect(textOf(await two)).toBe('served');
  });
});
