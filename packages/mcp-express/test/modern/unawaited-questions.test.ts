import { describe, expect, test } from '@jest/globals';
import { type HandlerContext, McpServer } from 'mcp-express';
import { openSession } from '../support/session.js';
import { eventually } from '../support/wait.js';
import { ABLE, ASK_NAME, codeOf, start, textOf, WITH_TASKS } from './alone.js';

/*
 * Jest fails a test for every unhandled rejection that happens while it runs: in a process of its own, one ends it. Whether
 * a client has a capability is the client's to say, so what it does not say must not end the process (R23).
 */

const ASKS: readonly (readonly [string, (ctx: HandlerContext) => Promise<unknown>])[] = [
  ['elicit', (ctx) => ctx.elicit(ASK_NAME)],
  ['sample', (ctx) => ctx.sample({ messages: [], maxTokens: 1 })],
  ['roots', (ctx) => ctx.roots()],
];

function impatient(ask: (ctx: HandlerContext) => Promise<unknown>): McpServer {
  const mcp = new McpServer({ name: 'impatient', version: '1' });
  mcp.registerTool('impatient', {}, (ctx) => {
    void ask(ctx);
    return 'done';
  });
  mcp.registerTool('impatient-task', { task: {} }, (ctx) => {
    void ask(ctx);
    return 'done';
  });
  return mcp;
}

test.each(ASKS)(
  'a handler that does not await %s has its result, and its client is not asked (R20)',
  async (_name, ask) => {
    const { client } = await start({ mcp: impatient(ask) });
    expect(textOf(await client.call('impatient'))).toBe('done');
  },
);

test.each(ASKS)(
  'a client that has no capability ends no process by it, where a handler does not await %s (R23)',
  async (_name, ask) => {
    const { client, url } = await start({ mcp: impatient(ask) }, { capabilities: {} });
    expect(textOf(await client.call('impatient'))).toBe('done');
    const session = await openSession(url);
    expect(textOf(await session.call('impatient'))).toBe('done');
    await new Promise(setImmediate);
    expect(codeOf(await client.ask('server/discover'))).toEqual([200, undefined]);
  },
);

describe('is warned of by the logger, once for each handler', () => {
  async function warnings(options: { readonly withWarn: boolean }) {
    const lines: string[] = [];
    const tell = (_fields: object, message: string) => lines.push(message);
    const fail = (_fields: object, message: string) => lines.push(`error: ${message}`);
    const logger = options.withWarn ? { error: fail, warn: tell } : { error: tell };
    const mcp = new McpServer({ name: 'warned', version: '1' });
    for (const [name, ask] of ASKS) {
      mcp.registerTool(`hasty-${name}`, {}, (ctx) => {
        void ask(ctx);
        return 'done';
      });
    }
    mcp.registerTool('patient', {}, async (ctx) => `${(await ctx.elicit(ASK_NAME)).action}`);
    mcp.registerTool('failing', {}, (ctx) => {
      void ctx.elicit(ASK_NAME);
      throw new Error('for another reason');
    });
    mcp.registerTool('wrong', {}, (ctx) => {
      void (ctx.elicit as (form: unknown) => Promise<unknown>)('Who?');
      return 'done';
    });
    mcp.registerTool('caught', {}, (ctx) => {
      ctx.elicit(ASK_NAME).catch(() => {});
      return 'done';
    });
    mcp.registerTool('handled', {}, async (ctx) => {
      try {
        await Promise.all([ctx.elicit(ASK_NAME), ctx.roots()]);
      } catch {}
      return 'done';
    });
    mcp.registerPrompt('hasty', {}, (ctx) => {
      void ctx.elicit(ASK_NAME);
      return 'done';
    });
    mcp.registerTool('hasty-task', { task: {} }, async (ctx) => {
      void ctx.elicit(ASK_NAME);
      return 'done';
    });
    const started = await start({ mcp, options: { logger } }, { capabilities: { ...ABLE, ...WITH_TASKS } });
    return { ...started, lines };
  }

  const warned = (handler: string) => expect.stringContaining(`${handler} returned while a request`);

  test('where requests stand alone, and as a task', async () => {
    const { client, lines } = await warnings({ withWarn: true });
    for (const [name] of ASKS) await client.call(`hasty-${name}`);
    await client.call('hasty-elicit');
    await client.ask('prompts/get', { name: 'hasty' });
    expect((await client.call('patient')).json.result.resultType).toBe('input_required');
    expect(lines).toEqual([
      ...ASKS.map(([name]) => warned(`tools/call "hasty-${name}"`)),
      warned('prompts/get "hasty"'),
    ]);
    await client.call('hasty-task');
    await eventually('the task is warned of', async () => lines.length === 5);
    expect(lines[4]).toEqual(warned('tools/call "hasty-task"'));
  });

  test('where the client cannot be asked, or is asked wrongly, unless the refusal is caught', async () => {
    const { url, lines } = await warnings({ withWarn: true });
    const session = await openSession(url);
    for (const [name] of ASKS) await session.call(`hasty-${name}`);
    await session.call('wrong');
    await session.call('caught');
    await session.call('handled');
    await session.call('patient');
    expect(lines).toEqual([
      ...ASKS.map(([name]) => warned(`tools/call "hasty-${name}"`)),
      warned('tools/call "wrong"'),
    ]);
  });

  test('as a task whose client cannot be asked', async () => {
    const { client, lines } = await warnings({ withWarn: true });
    await client.as({ capabilities: WITH_TASKS }).call('hasty-task');
    await eventually('the task is warned of', async () => lines.length === 1);
    expect(lines).toEqual([warned('tools/call "hasty-task"')]);
  });

  test('in sessions, through error where a logger has no warn; failures are told for themselves', async () => {
    const { url, lines } = await warnings({ withWarn: false });
    const session = await openSession(url, undefined, {}, ABLE);
    for (const [name] of ASKS) await session.call(`hasty-${name}`);
    await session.call('failing');
    expect(lines).toEqual([
      ...ASKS.map(([name]) => warned(`tools/call "hasty-${name}"`)),
      expect.stringContaining('tools/call "failing" failed: Error: for another reason'),
    ]);
  });
});

test.each(ASKS)('a task that ends before its question is answered ends no process: %s (R23)', async (_name, ask) => {
  const capabilities = { ...ABLE, extensions: { 'io.modelcontextprotocol/tasks': {} } };
  const { client, router } = await start({ mcp: impatient(ask) }, { capabilities });
  const { taskId } = (await client.call('impatient-task')).json.result;
  const status = async () => (await client.ask('tasks/get', { taskId })).json.result.status;
  await eventually('the task is over', async () => (await status()) === 'completed');
  await new Promise(setImmediate);
  expect((await router.stats()).tasks).toBe(0);
});
