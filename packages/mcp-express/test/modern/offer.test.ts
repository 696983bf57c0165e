import { describe, expect, test } from '@jest/globals';
import { McpServer, ResourceTemplate, type RouterOptions } from 'mcp-express';
import { begin } from '../support/raw-client.js';
import { openSession } from '../support/session.js';
import { addEcho, addGate } from '../support/test-tools.js';
import { deferred, eventually } from '../support/wait.js';
import { type Client, codeOf, META, REVISION, request, start, TASKS, WITH_TASKS } from './alone.js';

type Fill = (mcp: McpServer) => void;

const tools: Fill = (mcp) => void addEcho(mcp);
const prompts: Fill = (mcp) => void mcp.registerPrompt('p', {}, () => 'p');
const resources: Fill = (mcp) => void mcp.registerResource('r', 'r://r', {}, () => 'r');
const templates: Fill = (mcp) => {
  mcp.registerResource('t', new ResourceTemplate('t://{x}', { complete: { x: () => ['x'] } }), {}, () => 't');
};
const tasks: Fill = (mcp) => void mcp.registerTool('task', { task: {} }, () => 'done');

async function filled(fills: readonly Fill[], options: RouterOptions = {}) {
  const mcp = new McpServer({ name: 'offer', version: '9' }, { instructions: 'Read me.', listTtlMs: 5_000 });
  for (const fill of fills) fill(mcp);
  return start({ mcp, options });
}

/** What is offered, and how each method that depends on it is answered. */
async function offerOf(client: Client) {
  const { result } = (await client.ask('server/discover')).json;
  const code = async (method: string, params = {}) => (await client.ask(method, params)).json.error?.code;
  const listen = client.ask('subscriptions/listen', { notifications: 5 });
  return {
    result,
    capabilities: Object.keys(result.capabilities).sort(),
    codes: {
      tools: await code('tools/list'),
      prompts: await code('prompts/list'),
      resources: [await code('resources/list'), await code('resources/templates/list')],
      completions: await code('completion/complete', { ref: {}, argument: { name: 'x', value: '' } }),
      listen: (await listen).json.error?.code,
    },
  };
}

const NONE = -32601;
const WRONG = -32602;

describe('what server/discover says is what is served (SEP-2575)', () => {
  test.each<[string, readonly Fill[], string[], object]>([
    ['nothing', [], ['logging', 'tools'], { prompts: NONE, resources: [NONE, NONE], completions: NONE }],
    ['tools', [tools], ['logging', 'tools'], { prompts: NONE, resources: [NONE, NONE], completions: NONE }],
    ['prompts', [prompts], ['logging', 'prompts', 'tools'], { prompts: undefined, resources: [NONE, NONE] }],
    ['resources', [resources], ['logging', 'resources', 'tools'], { prompts: NONE, resources: [undefined, undefined] }],
    ['templates', [templates], ['completions', 'logging', 'resources', 'tools'], { completions: WRONG }],
    ['tasks', [tasks], ['extensions', 'logging', 'tools'], { completions: NONE }],
  ])('with %s (SEP-2575)', async (_what, fills, capabilities, codes) => {
    const { client } = await filled(fills);
    const offer = await offerOf(client);
    expect(offer.capabilities).toEqual(capabilities);
    expect(offer.codes).toMatchObject({ tools: undefined, listen: WRONG, ...codes });
    expect(offer.result).toMatchObject({ supportedVersions: [REVISION], instructions: 'Read me.', ttlMs: 5_000 });
    expect(offer.result._meta[META.server]).toEqual({ name: 'offer', version: '9' });
    expect(Object.keys(offer.result.capabilities.extensions ?? {})).toEqual(fills.includes(tasks) ? [TASKS] : []);
  });

  test('without streams nothing is offered that needs one, and nothing is streamed (SEP-2575)', async () => {
    const { client } = await filled([tools, prompts, resources], { jsonOnly: true });
    const offer = await offerOf(client);
    expect(offer.result.capabilities).toEqual({ tools: {}, prompts: {}, resources: {} });
    expect(offer.codes).toMatchObject({ listen: NONE });
    const listen = await client.ask('subscriptions/listen', { notifications: { toolsListChanged: true } });
    expect(codeOf(listen)).toEqual([404, NONE]);
    const call = await client.call('echo', { text: 'x' }, { meta: { progressToken: 1 } });
    expect([call.status, call.headers['content-type']]).toEqual([200, 'application/json']);
  });

  test('what was offered before is offered no more once it is removed, in both eras alike (R20)', async () => {
    const { client, mcp, url } = await filled([tools]);
    const prompt = mcp.registerPrompt('p', {}, () => 'p');
    expect((await offerOf(client)).capabilities).toContain('prompts');
    prompt.remove();
    expect((await offerOf(client)).capabilities).not.toContain('prompts');
    expect((await openSession(url)).revision).toBe('2025-11-25');
  });

  test.each([
    'initialize',
    'ping',
    'logging/setLevel',
    'resources/subscribe',
    'resources/unsubscribe',
    'tasks/list',
    'tasks/result',
    'notifications/cancelled',
    '__proto__',
    'constructor',
    '',
  ])('%j is no method of this revision: 404 and -32601 (SEP-2575)', async (method) => {
    const { client } = await filled([tools, resources, tasks]);
    const answer = await client.ask(method, {}, { capabilities: WITH_TASKS, id: 'm' });
    expect([...codeOf(answer), answer.json.id]).toEqual([404, NONE, 'm']);
  });
});

describe('a client that is gone before its call begins (R17)', () => {
  test('has nothing run for it, however it is authenticated (R17, R23)', async () => {
    const mcp = new McpServer({ name: 'slow', version: '1' });
    const count = addEcho(mcp);
    const gate = deferred();
    let waiting = 0;
    const slow = (_request: unknown, _response: unknown, next: () => void): void => {
      waiting += 1;
      void gate.promise.then(() => next());
    };
    const server = await start({ mcp, before: [slow] });
    const params = { name: 'echo', arguments: { text: 'x' } };
    const leaving = Array.from({ length: 20 }, () => begin(server.url, request('tools/call', params)));
    await eventually('all are there', () => waiting === 20);
    for (const gone of leaving) gone.destroy();
    await eventually('all are gone', () => server.sockets.size === 0);
    gate.resolve();
    expect(codeOf(await server.client.call('echo', { text: 'x' }))).toEqual([200, undefined]);
    expect(count.calls).toBe(1);
    expect(await server.router.stats()).toMatchObject({ calls: 0, streams: 0 });
  });

  test('while 100 more run and leave at once: each handler is told, once (R17)', async () => {
    const mcp = new McpServer({ name: 'many', version: '1' });
    const gate = addGate(mcp);
    const { url, router, client } = await start({ mcp }, {});
    const stay = client.call('gate', {}, { headers: { accept: 'application/json' } });
    const staying = await gate.begun();
    const leaving = Array.from({ length: 100 }, () => begin(url, request('tools/call', { name: 'gate' })));
    await eventually('all run', () => gate.calls.length === 101);
    for (const gone of leaving) gone.destroy();
    const rest = gate.calls.filter((call) => call !== staying);
    await Promise.all(rest.map(({ aborted }) => aborted));
    expect(staying.ctx.signal.aborted).toBe(false);
    for (const call of gate.calls) call.resolve('done');
    expect((await stay).json.result.content[0].text).toBe('done');
    expect(await router.stats()).toMatchObject({ calls: 0, streams: 0, droppedNotifications: 0 });
  });
});
