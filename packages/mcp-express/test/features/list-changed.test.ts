import { describe, expect, test } from '@jest/globals';
import { McpServer, ResourceTemplate } from 'mcp-express';
import { Client } from '../modern/alone.js';
import type { SseStream } from '../support/raw-client.js';
import { startServer } from '../support/start-server.js';
import { eventually } from '../support/wait.js';
import { handshake, openWire } from './wire-session.js';

async function start() {
  const mcp = new McpServer({ name: 'c', version: '1' }, { announce: ['resources', 'prompts'] });
  const tool = mcp.registerTool('first', {}, () => 'x');
  const server = await startServer({ mcp });
  return { ...server, mcp, tool, session: await openWire(server.url) };
}

const methodsOn = (stream: SseStream): string[] => stream.messages.map(({ method }) => method);
const changed = (list: string): string => `notifications/${list}/list_changed`;

const CHANGES = {
  tools: (mcp: McpServer, name: string) => mcp.registerTool(name, {}, () => name),
  resources: (mcp: McpServer, name: string) => mcp.registerResource(name, `x://${name}`, {}, () => name),
  prompts: (mcp: McpServer, name: string) => mcp.registerPrompt(name, {}, () => name),
} as const;

describe.each(Object.entries(CHANGES))('%s: a change of what is registered (MCP, list_changed)', (list, change) => {
  test('is told on the GET stream when it comes and when it goes, and the list shows it', async () => {
    const { mcp, session } = await start();
    const stream = await session.listen();
    const added = change(mcp, 'added');
    await stream.untilMessages(1);
    const names = async () =>
      (await session.ask(`${list}/list`)).result[list].map(({ name }: { name: string }) => name).includes('added');
    expect([methodsOn(stream), await names()]).toEqual([[changed(list)], true]);
    added.remove();
    await stream.untilMessages(2);
    expect([methodsOn(stream), await names()]).toEqual([[changed(list), changed(list)], false]);
    added.remove();
    await session.ask('ping');
    expect(stream.messages).toHaveLength(2);
  });

  test('several while nobody listens are told once, on the next GET', async () => {
    const { mcp, session, router } = await start();
    const before = await session.listen();
    before.destroy();
    await eventually('the server has seen it go', async () => (await router.stats()).streams === 0);
    for (const name of ['a', 'b', 'c']) change(mcp, name);
    const after = await session.listen();
    await after.untilMessages(1);
    await session.ask('ping');
    expect(methodsOn(after)).toEqual([changed(list)]);
    after.destroy();
    await eventually('the server has seen it go', async () => (await router.stats()).streams === 0);
    const last = await session.listen();
    await session.ask('ping');
    expect(last.messages).toEqual([]);
  });

  test('one that was undone while nobody listened is not told', async () => {
    const { mcp, session } = await start();
    change(mcp, 'brief').remove();
    const stream = await session.listen();
    await session.ask('ping');
    expect(stream.messages).toEqual([]);
  });

  test('is told to each session once', async () => {
    const { mcp, url } = await start();
    const sessions = await Promise.all(Array.from({ length: 5 }, () => openWire(url)));
    const streams = await Promise.all(sessions.map((session) => session.listen()));
    change(mcp, 'added');
    await Promise.all(streams.map((stream) => stream.untilMessages(1)));
    await Promise.all(sessions.map((session) => session.ask('ping')));
    expect(streams.map(methodsOn)).toEqual(streams.map(() => [changed(list)]));
  });
});

const MANY = 1_000;

/** What is written of a list entry each time that a list is looked at. */
function counted() {
  const work = { looks: 0 };
  const _meta = {
    toJSON: () => {
      work.looks += 1;
      return {};
    },
  };
  return { work, config: { _meta } };
}

const MANY_OF = {
  tools: (mcp: McpServer, name: string, config: object) => mcp.registerTool(name, config, () => name),
  resources: (mcp: McpServer, name: string, config: object) =>
    mcp.registerResource(name, `x://${name}`, config, () => name),
  templates: (mcp: McpServer, name: string, config: object) =>
    mcp.registerResource(name, new ResourceTemplate(`x://${name}/{id}`), config, () => name),
  prompts: (mcp: McpServer, name: string, config: object) => mcp.registerPrompt(name, config, () => name),
} as const;

describe.each(Object.entries(MANY_OF))('%s: a thousand changes in one turn', (kind, register) => {
  const list = kind === 'templates' ? 'resources' : kind;

  /** Somebody who listens in a session, and somebody without one; both have seen all that came before. */
  async function listening() {
    const { mcp, url, session } = await start();
    const stream = await session.listen();
    const flag = `${list}ListChanged`;
    const listener = await new Client(url).listen({ [flag]: true });
    const told = () => [stream, listener].map((each) => methodsOn(each).filter((method) => method === changed(list)));
    const settle = async (wanted: number) => {
      await eventually(`${wanted} notifications`, () => told().every(({ length }) => length >= wanted));
      await session.ask('ping');
      await new Promise(setImmediate);
    };
    return { mcp, told, settle };
  }

  test('are told once, and looked at once: added, replaced and removed', async () => {
    const { mcp, told, settle } = await listening();
    const { work, config } = counted();
    const all = Array.from({ length: MANY }, (_each, n) => register(mcp, `many-${n}`, config));
    await settle(1);
    expect(told()).toEqual([[changed(list)], [changed(list)]]);
    // Once at registration, and once for what the list looks like by now.
    expect(work.looks).toBeLessThanOrEqual(2 * MANY);
    work.looks = 0;
    const replaced = all.map((each, n) => {
      each.remove();
      return register(mcp, `many-${n}`, { ...config, title: 'replaced' });
    });
    await settle(2);
    for (const each of replaced) each.remove();
    await settle(3);
    expect(told().map(({ length }) => length)).toEqual([3, 3]);
    expect(work.looks).toBeLessThanOrEqual(2 * MANY);
  });

  test('that come to nothing are not told', async () => {
    const { mcp, told, settle } = await listening();
    for (let n = 0; n < MANY; n += 1) register(mcp, 'brief', {}).remove();
    await settle(0);
    register(mcp, 'last', {});
    await settle(1);
    expect(told().map(({ length }) => length)).toEqual([1, 1]);
  });
});

test('what cannot be written as JSON is refused when it is registered, not when it is listed', () => {
  const mcp = new McpServer({ name: 'c', version: '1' });
  expect(() => mcp.registerTool('t', { _meta: { n: 1n } }, () => 'x')).toThrow(
    /Tool "t" cannot be listed.*BigInt at "_meta\.n"/,
  );
  expect(mcp.catalog.tools.all).toEqual([]);
});

describe('router.notify (DESIGN 5)', () => {
  test.each([
    ['toolsChanged', 'tools'],
    ['resourcesChanged', 'resources'],
    ['promptsChanged', 'prompts'],
  ] as const)('%s is told at once to who listens, and once on reconnect to who does not', async (notify, list) => {
    const { router, session, url } = await start();
    const away = await openWire(url);
    const stream = await session.listen();
    await router.notify[notify]();
    await router.notify[notify]();
    await stream.untilMessages(1);
    const back = await away.listen();
    await back.untilMessages(1);
    await away.ask('ping');
    expect(methodsOn(back)).toEqual([changed(list)]);
    expect(new Set(methodsOn(stream))).toEqual(new Set([changed(list)]));
  });

  test('the same from within a handler, on the GET stream and not on that of the call (invariant 2)', async () => {
    const { mcp, session } = await start();
    mcp.registerTool('change', {}, async (ctx) => {
      await ctx.notify.promptsChanged();
      return 'changed';
    });
    const stream = await session.listen();
    await session.ask('ping');
    const seen = stream.messages.length;
    const answer = await session.call('change');
    expect(answer.headers['content-type']).toBe('application/json');
    await stream.until('the change', () => methodsOn(stream).slice(seen).includes(changed('prompts')));
  });
});

describe('what was not announced is not told (MCP, Lifecycle: "Only use capabilities that were negotiated")', () => {
  test('a session whose initialize named no prompts and no resources does not hear of their lists', async () => {
    const mcp = new McpServer({ name: 'c', version: '1' });
    const { url } = await startServer({ mcp });
    const { session, result } = await handshake(url, {});
    expect(result.capabilities).not.toHaveProperty('prompts');
    expect(result.capabilities).not.toHaveProperty('resources');
    const stream = await session.listen();
    CHANGES.prompts(mcp, 'p');
    CHANGES.resources(mcp, 'r');
    CHANGES.tools(mcp, 't');
    await stream.until('the tools', () => methodsOn(stream).includes(changed('tools')));
    expect(methodsOn(stream)).toEqual([changed('tools')]);
  });

  test('a session opened after they were registered is told of them in initialize', async () => {
    const mcp = new McpServer({ name: 'c', version: '1' });
    const { url } = await startServer({ mcp });
    CHANGES.prompts(mcp, 'p');
    const { result } = await handshake(url, {});
    expect(result.capabilities).toMatchObject({ prompts: { listChanged: true }, tools: { listChanged: true } });
  });
});
