import { describe, expect, test } from '@jest/globals';
import { completable, McpServer, ResourceTemplate } from 'mcp-express';
import { z } from 'zod';
import { startServer } from '../support/start-server.js';
import { eventually } from '../support/wait.js';
import { type Connected, DRIVERS } from './official-clients.js';

const BYTES = Buffer.from([0, 1, 254, 255]);

function offers(): McpServer {
  const mcp = new McpServer(
    { name: 'offers', version: '3.2.1', title: 'Offers' },
    { instructions: 'Ask.', pageSize: 2 },
  );
  mcp.registerTool(
    'add',
    { inputSchema: { a: z.number(), b: z.number() }, outputSchema: { sum: z.number() } },
    ({ a, b }) => ({
      sum: a + b,
    }),
  );
  mcp.registerTool('fail', {}, () => {
    throw new Error('It failed.');
  });
  mcp.registerTool('steps', { inputSchema: { count: z.number() } }, ({ count }, ctx) => {
    for (let step = 1; step <= count; step += 1) void ctx.progress(step, count, `step ${step}`);
    return 'done';
  });
  mcp.registerTool('logs', {}, async (ctx) => {
    await ctx.log('debug', 'fine');
    await ctx.log('error', { code: 5 }, 'offers');
    return 'logged';
  });
  mcp.registerResource('text', 'x://text', { mimeType: 'text/plain' }, () => 'text');
  mcp.registerResource('blob', 'x://blob', { mimeType: 'image/png' }, () => BYTES);
  const complete = { id: (value: string) => [`${value}1`] };
  mcp.registerResource(
    'order',
    new ResourceTemplate('x://orders/{year}/{id}', { complete }),
    {},
    (_uri, { year, id }) => JSON.stringify({ year, id }),
  );
  mcp.registerPrompt(
    'review',
    {
      argsSchema: {
        language: completable(z.string(), (value) => ['python', 'pytorch'].filter((word) => word.startsWith(value))),
        framework: completable(z.string().optional(), (_value, { arguments: other }) => [`for ${other?.['language']}`]),
      },
    },
    ({ language }) => `Review ${language}.`,
  );
  return mcp;
}

const namesOf = (list: readonly { name: string }[]): string[] => list.map(({ name }) => name);

/** All pages: the v2 client walks them itself, the v1 client leaves it to its user. */
async function listed(ask: (params?: object) => Promise<Record<string, never>>, member: string): Promise<string[]> {
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const result = (await ask(cursor === undefined ? undefined : { cursor })) as Record<string, unknown>;
    names.push(...namesOf(result[member] as { name: string }[]));
    cursor = result['nextCursor'] as string | undefined;
  } while (cursor !== undefined);
  return names;
}

describe.each(DRIVERS)('$name drives a server (R20)', ({ connect }) => {
  const start = async (given: Parameters<typeof connect>[1] = {}) => {
    const server = await startServer({ mcp: offers() });
    return { ...server, ...(await connect(server.url, given)) };
  };

  test('learns who it is, what it can do and how to use it, and that it is in a session of the newest revision', async () => {
    const { client, transport } = await start();
    expect(client.getServerVersion()).toEqual({ name: 'offers', version: '3.2.1', title: 'Offers' });
    expect(client.getInstructions()).toBe('Ask.');
    expect(client.getServerCapabilities()).toEqual({
      tools: { listChanged: true },
      resources: { subscribe: true, listChanged: true },
      prompts: { listChanged: true },
      completions: {},
      logging: {},
    });
    expect([transport.protocolVersion, typeof transport.sessionId]).toEqual(['2025-11-25', 'string']);
    expect(await client.ping()).toEqual({});
  });

  test('lists everything, page by page', async () => {
    const { client } = await start();
    expect(await listed((params) => client.listTools(params), 'tools')).toEqual(['add', 'fail', 'steps', 'logs']);
    expect(await listed((params) => client.listResources(params), 'resources')).toEqual(['text', 'blob']);
    expect(await listed((params) => client.listResourceTemplates(params), 'resourceTemplates')).toEqual(['order']);
    expect(await listed((params) => client.listPrompts(params), 'prompts')).toEqual(['review']);
  });

  test('calls tools, whose structured results pass its own validation', async () => {
    const { client, callTool } = await start();
    await client.listTools();
    expect(await callTool('add', { a: 2, b: 3 })).toEqual({
      content: [{ type: 'text', text: '{"sum":5}' }],
      structuredContent: { sum: 5 },
    });
    expect(await callTool('fail')).toEqual({ content: [{ type: 'text', text: 'It failed.' }], isError: true });
    expect(await callTool('add', { a: 2 })).toMatchObject({ isError: true });
    await expect(callTool('no-such')).rejects.toMatchObject({ code: -32602 });
  });

  test('hears of all progress, in order, before the result (R33)', async () => {
    const { callTool, errors } = await start();
    const heard: unknown[] = [];
    const result = await callTool('steps', { count: 20 }, { onprogress: (progress) => heard.push(progress) });
    expect(result.content[0].text).toBe('done');
    expect(heard).toEqual(
      Array.from({ length: 20 }, (_each, at) => ({ progress: at + 1, total: 20, message: `step ${at + 1}` })),
    );
    expect(errors).toEqual([]);
  });

  test('reads text, bytes and what a template makes; what is not there is an error with its URI', async () => {
    const { client } = await start();
    expect(await client.readResource({ uri: 'x://text' })).toMatchObject({ contents: [{ text: 'text' }] });
    const { contents } = await client.readResource({ uri: 'x://blob' });
    expect(Buffer.from(contents[0].blob, 'base64').equals(BYTES)).toBe(true);
    const order = await client.readResource({ uri: 'x://orders/2025/a%20b' });
    expect(JSON.parse(order.contents[0].text)).toEqual({ year: '2025', id: 'a b' });
    const missing = await client.readResource({ uri: 'x://none' }).catch((error: unknown) => error);
    // The v2 client makes its own error of it, with a code of its own.
    expect(missing).toMatchObject({ data: { uri: 'x://none' } });
    expect([-32002, -32602]).toContain(missing.code);
  });

  test('gets prompts with their arguments, and completions that know of the other arguments', async () => {
    const { client } = await start();
    const prompt = await client.getPrompt({ name: 'review', arguments: { language: 'python' } });
    expect(prompt.messages).toEqual([{ role: 'user', content: { type: 'text', text: 'Review python.' } }]);
    await expect(client.getPrompt({ name: 'review' })).rejects.toMatchObject({ code: -32602 });
    const ref = { type: 'ref/prompt', name: 'review' };
    const language = await client.complete({ ref, argument: { name: 'language', value: 'pyt' } });
    expect(language.completion).toEqual({ values: ['python', 'pytorch'], total: 2, hasMore: false });
    const context = { arguments: { language: 'python' } };
    const framework = await client.complete({ ref, argument: { name: 'framework', value: '' }, context });
    expect(framework.completion.values).toEqual(['for python']);
    const template = { type: 'ref/resource', uri: 'x://orders/{year}/{id}' };
    const id = await client.complete({ ref: template, argument: { name: 'id', value: '4' } });
    expect(id.completion.values).toEqual(['41']);
  });

  test('gets the log messages of the level it set', async () => {
    const logged: unknown[] = [];
    const { client, callTool } = await start({
      prepare: ({ onNotification }) => onNotification('notifications/message', ({ params }) => logged.push(params)),
    });
    await callTool('logs');
    expect(logged).toMatchObject([{ level: 'error', logger: 'offers', data: { code: 5 } }]);
    await client.setLoggingLevel('debug');
    await callTool('logs');
    expect(logged.slice(1)).toMatchObject([{ level: 'debug', data: 'fine' }, { level: 'error' }]);
  });

  test('is told of changed lists and of the resources it subscribed to (R20)', async () => {
    const heard: string[] = [];
    const listen = ({ onNotification }: Pick<Connected, 'onNotification'>): void => {
      for (const list of ['tools', 'resources', 'prompts']) {
        onNotification(`notifications/${list}/list_changed`, () => heard.push(list));
      }
      onNotification('notifications/resources/updated', ({ params }) => heard.push(params.uri));
    };
    const { client, router, mcp } = await start({ prepare: listen });
    await client.subscribeResource({ uri: 'x://text' });
    await eventually('the GET stream', async () => (await router.stats()).streams === 1);
    const added = mcp.registerTool('added', {}, () => 'x');
    await eventually('the tools', () => heard.includes('tools'));
    expect(await listed((params) => client.listTools(params), 'tools')).toContain('added');
    added.remove();
    mcp.registerPrompt('added', {}, () => 'x');
    mcp.registerResource('added', 'x://added', {}, () => 'x');
    await router.notify.resourceUpdated('x://blob');
    await router.notify.resourceUpdated('x://text');
    await eventually(
      'all of it',
      () => heard.includes('x://text') && heard.includes('prompts') && heard.includes('resources'),
    );
    await client.unsubscribeResource({ uri: 'x://text' });
    const before = heard.length;
    await router.notify.resourceUpdated('x://text');
    await router.notify.toolsChanged();
    await eventually('the change after it', () => heard.length > before);
    expect(heard.slice(before)).toEqual(['tools']);
    expect(heard).not.toContain('x://blob');
  });
});
