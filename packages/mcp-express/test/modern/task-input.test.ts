import { describe, expect, test } from '@jest/globals';
import { type HandlerContext, McpServer } from 'mcp-express';
import type { JsonBody } from '../support/raw-client.js';
import { eventually } from '../support/wait.js';
import { ABLE, ASK_NAME, accepted, codeOf, start, WITH_TASKS } from './alone.js';

const ALL = { ...ABLE, ...WITH_TASKS };

/** A task of this handler, at the moment it asks (or ends). */
async function asking(handler: (ctx: HandlerContext) => Promise<string>, options = {}, capabilities: object = ALL) {
  const mcp = new McpServer({ name: 'asking', version: '1' });
  mcp.registerTool('job', { task: {} }, handler);
  const server = await start({ mcp, options }, { capabilities });
  const { taskId } = (await server.client.call('job')).json.result;
  const get = async (): Promise<JsonBody> => (await server.client.ask('tasks/get', { taskId })).json.result;
  const update = (inputResponses: unknown) => server.client.ask('tasks/update', { taskId, inputResponses });
  const keys = async (): Promise<string[]> => Object.keys((await get()).inputRequests ?? {}).sort();
  const until = (status: string) =>
    eventually(`the task is ${status}`, async () => {
      const task = await get();
      return task.status === status && task;
    });
  return { ...server, taskId, get, update, keys, until };
}

const threeAtOnce = async (ctx: HandlerContext): Promise<string> => {
  const form = (key: string) => ctx.elicit(ASK_NAME, { key });
  const all = await Promise.all([form('a'), form('b'), ctx.roots({ key: 'r' })]);
  return JSON.stringify([all[0].content, all[1].content, all[2].length]);
};

describe('a task that asks three things at once (SEP-2663)', () => {
  test('takes answers one by one, whatever else comes with them (R20)', async () => {
    const { update, keys, until, router } = await asking(threeAtOnce);
    await until('input_required');
    expect(await keys()).toEqual(['a', 'b', 'r']);
    await update({ b: accepted({ name: 'B' }), unknown: { action: 'accept' }, constructor: {} });
    await eventually('b is answered', async () => String(await keys()) === 'a,r');
    // What was answered is not asked any more: a second answer is none.
    await update({ b: accepted({ name: 'late' }), r: { roots: [{ uri: 'file:///x' }] } });
    await eventually('r is answered', async () => String(await keys()) === 'a');
    expect((await until('input_required')).result).toBeUndefined();
    await update({ a: accepted({ name: 'A' }) });
    const { result, inputRequests } = await until('completed');
    expect(JSON.parse(result.content[0].text)).toEqual([{ name: 'A' }, { name: 'B' }, 1]);
    expect(inputRequests).toBeUndefined();
    expect((await router.stats()).tasks).toBe(0);
  });

  test('takes the first of 20 answers that come at once (R20)', async () => {
    const { update, until } = await asking(async (ctx) =>
      JSON.stringify((await ctx.elicit(ASK_NAME, { key: 'k' })).content),
    );
    await until('input_required');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_each, index) => update({ k: accepted({ name: String(index) }) })),
    );
    expect(new Set(answers.map(({ status, json }) => `${status} ${json.result.resultType}`))).toEqual(
      new Set(['200 complete']),
    );
    const { name } = JSON.parse((await until('completed')).result.content[0].text);
    expect(Number(name)).toBeLessThan(20);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['a text', 'a'],
    ['an answer that is null', { a: null }],
    ['an answer that is a list', { a: [] }],
    ['an answer that is a text', { a: 'Anna' }],
  ])('is unharmed by %s in the place of answers (R20)', async (_what, wrong) => {
    const { update, keys, until } = await asking(threeAtOnce);
    await until('input_required');
    expect(codeOf(await update(wrong))[1]).toBe(-32602);
    expect(await keys()).toEqual(['a', 'b', 'r']);
  });
});

describe('a task that asks (SEP-2663)', () => {
  test('and is answered with what does not fit has that as its result, for the model (R20)', async () => {
    const { update, until } = await asking(async (ctx) => String((await ctx.elicit(ASK_NAME, { key: 'k' })).content));
    await until('input_required');
    await update({ k: accepted({ name: 5 }) });
    expect((await until('completed')).result).toMatchObject({ isError: true });
  });

  test('a client that cannot be asked has that as its result, and was not asked (R20)', async () => {
    const { until } = await asking(async (ctx) => String((await ctx.elicit(ASK_NAME)).action), {}, WITH_TASKS);
    const { result, inputRequests } = await until('completed');
    expect([result.isError, inputRequests]).toEqual([true, undefined]);
  });

  test('and is not answered in time goes on without (R20)', async () => {
    const handler = async (ctx: HandlerContext): Promise<string> => {
      const late = await ctx.elicit(ASK_NAME, { timeoutMs: 5 }).catch(({ code }) => code);
      return `${late} ${(await ctx.elicit(ASK_NAME, { key: 'second' })).action}`;
    };
    const { update, keys, until } = await asking(handler);
    await eventually('the second is asked', async () => String(await keys()) === 'second');
    await update({ 'question-1': accepted({ name: 'late' }), second: { action: 'decline' } });
    expect((await until('completed')).result.content[0].text).toBe('client-timeout decline');
  });

  test('and is cancelled is asked no more: its handler hears of it, and cannot undo it (R17)', async () => {
    let heard: unknown;
    const handler = async (ctx: HandlerContext): Promise<string> => {
      const first = await ctx.elicit(ASK_NAME).catch(({ code }) => code);
      const second = await ctx.elicit(ASK_NAME).catch(({ code }) => code);
      heard = [first, second, ctx.signal.aborted];
      await ctx.progress(1, 2, 'still here');
      return 'done after all';
    };
    const { client, taskId, get, until, router } = await asking(handler);
    await until('input_required');
    expect(codeOf(await client.ask('tasks/cancel', { taskId }))).toEqual([200, undefined]);
    const { inputRequests, result } = await until('cancelled');
    expect([inputRequests, result]).toEqual([undefined, undefined]);
    await eventually('the handler heard', () => heard !== undefined);
    expect(heard).toEqual(['client-timeout', 'client-timeout', true]);
    const before = JSON.stringify(await get());
    expect(codeOf(await client.ask('tasks/cancel', { taskId }))).toEqual([200, undefined]);
    expect(JSON.stringify(await get())).toBe(before);
    expect((await router.stats()).tasks).toBe(0);
  });

  test('is told of over subscriptions/listen with each of its states, in order and whole (R30)', async () => {
    const handler = async (ctx: HandlerContext): Promise<string> => {
      await ctx.elicit(ASK_NAME, { key: 'go' });
      await ctx.progress(1, 2, 'half way');
      await ctx.elicit(ASK_NAME, { key: 'on' });
      return 'done';
    };
    const { client, taskId, update, until } = await asking(handler);
    await until('input_required');
    const stream = await client.listen({ taskIds: [taskId] }, { id: 'l' });
    expect(stream.messages[0].params.notifications).toEqual({ taskIds: [taskId] });
    await update({ go: { action: 'decline' } });
    const seen = () => stream.messages.slice(1).map(({ params }) => params);
    await stream.until('it asks again', () => seen().some(({ inputRequests }) => inputRequests?.on !== undefined));
    await update({ on: { action: 'decline' } });
    await stream.until('it is over', () => seen().at(-1)?.status === 'completed');
    const times = seen().map(({ lastUpdatedAt }) => Date.parse(lastUpdatedAt));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(seen().at(-1)).toMatchObject({ taskId, result: { content: [{ text: 'done' }] } });
    expect(new Set(stream.messages.map(({ method }) => method))).toEqual(
      new Set(['notifications/subscriptions/acknowledged', 'notifications/tasks']),
    );
  });
});
