import { describe, expect, test } from '@jest/globals';
import type { JsonBody, SseStream } from '../../support/raw-client.js';
import { authenticateByHeader } from '../../support/start-server.js';
import { addGate } from '../../support/test-tools.js';
import { eventually } from '../../support/wait.js';
import { isResponse } from '../client.js';
import { specServer } from '../server.js';
import { META, refusalOf, type Started, start } from './client.js';

const ALL = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true };

/** Makes everything change that clients can be told of. */
async function changeAll({ mcp, router }: Started): Promise<void> {
  mcp.registerTool('new', {}, () => 'x');
  mcp.registerPrompt('new', {}, () => 'x');
  mcp.registerResource('new', 'spec://new', {}, () => 'x');
  await router.notify.resourceUpdated('spec://text');
  await router.notify.resourceUpdated('spec://bytes');
}

const toldOn = (stream: SseStream): string[] =>
  stream.messages.slice(1).map(({ method, params }) => method.replace('notifications/', '') + (params.uri ?? ''));

describe('a subscription', () => {
  test.each<[object, string[]]>([
    [{ toolsListChanged: true }, ['tools/list_changed']],
    [{ promptsListChanged: true }, ['prompts/list_changed']],
    [{ resourcesListChanged: true }, ['resources/list_changed']],
    [{ resourceSubscriptions: ['spec://bytes'] }, ['resources/updatedspec://bytes']],
    [{ ...ALL, toolsListChanged: false }, ['resources/list_changed', 'prompts/list_changed']],
    [{}, []],
  ])('%j is told of nothing else [subscriptions.only-requested]', async (notifications, expected) => {
    const started = await start();
    const stream = await started.client.listen(notifications);
    const all = await started.client.listen({ ...ALL, resourceSubscriptions: ['spec://text', 'spec://bytes'] });
    await changeAll(started);
    await all.untilMessages(6);
    await stream.untilMessages(1 + expected.length);
    expect(toldOn(stream)).toEqual(expected);
  });

  test('it is acknowledged first, with its id and what it was granted [subscriptions.acknowledged-first, subscriptions.nothing-before]', async () => {
    const { client } = await start();
    const notifications = { ...ALL, resourceSubscriptions: ['spec://text', 'spec://none'], unknown: true };
    const stream = await client.listen(notifications, { id: 'sub' });
    expect(stream.messages).toEqual([
      {
        jsonrpc: '2.0',
        method: 'notifications/subscriptions/acknowledged',
        params: {
          notifications: { ...ALL, resourceSubscriptions: ['spec://text'] },
          _meta: { [META.subscription]: 'sub' },
        },
      },
    ]);
  });

  test('nothing comes before that, however much changes meanwhile [subscriptions.nothing-before]', async () => {
    const { client, mcp } = await start();
    let index = 0;
    const changing = setInterval(() => {
      index += 1;
      mcp.registerTool(`t${index}`, {}, () => 'x');
    }, 0);
    try {
      const streams = await Promise.all(Array.from({ length: 10 }, (_each, id) => client.listen(ALL, { id })));
      for (const stream of streams) {
        expect(stream.messages[0]?.method).toBe('notifications/subscriptions/acknowledged');
      }
    } finally {
      clearInterval(changing);
    }
  });

  test('progress and logs of calls are not on it [subscriptions.only-requested]', async () => {
    const mcp = specServer();
    const gate = addGate(mcp);
    const { client } = await start({ mcp });
    const stream = await client.listen(ALL);
    const running = client.call('gate', {}, { meta: { progressToken: 't', [META.level]: 'debug' } });
    const call = await gate.begun();
    await call.ctx.progress(1);
    await call.ctx.log('error', 'x');
    call.resolve('done');
    await running;
    mcp.registerTool('new', {}, () => 'x');
    expect((await stream.untilMessages(2)).map(({ method }) => method)).toEqual([
      'notifications/subscriptions/acknowledged',
      'notifications/tools/list_changed',
    ]);
  });

  test.each<[string, JsonBody]>([
    ['no filter', {}],
    ['a filter that is a list', { notifications: [] }],
    ['a filter that is no object', { notifications: 'all' }],
    ['a flag that is none', { notifications: { toolsListChanged: 'yes' } }],
    ['URIs that are none', { notifications: { resourceSubscriptions: [5] } }],
    ['one URI', { notifications: { resourceSubscriptions: 'spec://text' } }],
  ])('one with %s is -32602 [subscriptions.only-requested]', async (_what, params) => {
    const { client } = await start();
    const stream = await client.stream('subscriptions/listen', params);
    await stream.untilClosed();
    expect(stream.messages).toMatchObject([{ id: 1, error: { code: -32602 } }]);
  });

  test('what a principal may not see is not told to it [subscriptions.only-requested]', async () => {
    const mcp = specServer();
    const visible = (principal?: { subject: string }) => principal?.subject === 'root';
    mcp.registerResource('secret', 'spec://secret', { visible }, () => 'x');
    const { client, router } = await start({ mcp, before: [authenticateByHeader] });
    const notifications = { ...ALL, resourceSubscriptions: ['spec://secret'] };
    const [alice, root] = [
      await client.listen(notifications, { user: 'alice' }),
      await client.listen(notifications, { user: 'root' }),
    ];
    expect(alice.messages[0]?.params.notifications).toEqual(ALL);
    mcp.registerTool('hidden', { visible }, () => 'x');
    await router.notify.resourceUpdated('spec://secret');
    mcp.registerPrompt('open', {}, () => 'x');
    await root.untilMessages(4);
    await alice.untilMessages(2);
    expect(toldOn(alice)).toEqual(['prompts/list_changed']);
  });

  test('one that the server ends is ended by its response [subscriptions.graceful-end]', async () => {
    const { client, router } = await start();
    const streams = [await client.listen(ALL, { id: 7 }), await client.listen({}, { id: 'seven' })];
    await router.close({ graceMs: 0 });
    for (const [index, stream] of streams.entries()) {
      const id = [7, 'seven'][index];
      expect(await stream.untilClosed()).toBe('end');
      expect(stream.messages.filter(isResponse)).toMatchObject([
        { id, result: { resultType: 'complete', _meta: { [META.subscription]: id } } },
      ]);
    }
  });

  test('one that the client closes leaves nothing, and others go on [cancellation.disconnect]', async () => {
    const started = await start();
    const { client, router } = started;
    const [gone, stays] = [await client.listen(ALL, { id: 1 }), await client.listen(ALL, { id: 1 })];
    gone.destroy();
    await eventually('one is left', async () => (await router.stats()).calls === 1);
    await changeAll(started);
    expect((await stays.untilMessages(4)).length).toBe(4);
  });

  test('who takes no stream cannot listen [subscriptions.acknowledged-first]', async () => {
    const { client } = await start();
    const answer = await client.ask(
      'subscriptions/listen',
      { notifications: {} },
      { headers: { accept: 'application/json' } },
    );
    expect(answer.status).toBe(406);
    const json = await start({ options: { jsonOnly: true } });
    expect(refusalOf(await json.client.ask('subscriptions/listen', { notifications: {} }))).toEqual([404, -32601]);
  });
});
