import { describe, expect, test } from '@jest/globals';
import { type Modern, start, WITH_TASKS } from '../spec/modern/client.js';
import type { JsonBody, RawAnswer } from '../support/raw-client.js';
import { authenticateByHeader } from '../support/start-server.js';
import { addGate, testServer } from '../support/test-tools.js';
import { deferred, eventually } from '../support/wait.js';

/* CVE-2026-52870: whoever knew, or guessed, the id of a task could look at it, answer it and end it. */

const FORM = {
  message: 'Who?',
  requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
} as const;
const ACCEPTED = { action: 'accept', content: { name: 'Ada' } };
const STOLEN = { action: 'accept', content: { name: 'Mallory' } };
const ABLE = { elicitation: {}, ...WITH_TASKS };

/** Alice with a task that waits for the test, and one that asks her. */
async function serving() {
  const mcp = testServer();
  const finish = deferred<string>();
  const signals: AbortSignal[] = [];
  mcp.registerTool('wait', { task: {} }, (ctx) => {
    signals.push(ctx.signal);
    return finish.promise;
  });
  mcp.registerTool('ask', { task: {} }, async (ctx) => {
    signals.push(ctx.signal);
    const { content } = await ctx.elicit(FORM, { key: 'name' });
    return `for ${content?.['name']}`;
  });
  const started = await start({ mcp, before: [authenticateByHeader], capabilities: ABLE });
  const alice = started.client.as({ user: 'alice' });
  const waiting = await created(alice, 'wait');
  const asking = await created(alice, 'ask');
  await untilIs(alice, asking, 'input_required');
  return { ...started, alice, waiting, asking, finish, signals };
}

async function created(client: Modern, tool: string): Promise<string> {
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

/** An id of the same form that no task has. */
function unknownLike(id: string): string {
  return [...id].map((character) => (character === 'A' ? 'B' : 'A')).join('');
}

/** All of an answer that its sender chose. */
function bytesOf({ status, rawHeaders, text }: RawAnswer): unknown {
  const headers = rawHeaders.map((part, index) => (rawHeaders[index - 1]?.toLowerCase() === 'date' ? '' : part));
  return { status, headers, text };
}

/** Each way to reach for a task. */
const REACHES: readonly [string, JsonBody][] = [
  ['tasks/get', {}],
  ['tasks/update', { inputResponses: { name: STOLEN } }],
  ['tasks/update', { inputResponses: {} }],
  ['tasks/update', { inputResponses: { name: null } }],
  ['tasks/cancel', {}],
];

describe('a task of somebody else', () => {
  const strangers = [
    ['Bob', { user: 'bob' }],
    ['nobody', {}],
    ['who is called almost alike', { user: 'Alice' }],
  ] as const;

  test.each(strangers)('is to %s what an unknown one is, byte for byte', async (_who, asking) => {
    const { client, alice, waiting, asking: question } = await serving();
    const stranger = client.as(asking);
    for (const [method, params] of REACHES) {
      for (const taskId of [waiting, question]) {
        const theirs = await stranger.ask(method, { ...params, taskId });
        const unknown = await stranger.ask(method, { ...params, taskId: unknownLike(taskId) });
        expect(theirs.json.error?.code).toBe(-32602);
        expect(bytesOf(theirs)).toEqual(bytesOf(unknown));
        expect(theirs.text).not.toContain(taskId);
      }
    }
    expect((await get(alice, waiting)).json.result.status).toBe('working');
  });

  test.each(strangers)('is unharmed by whatever %s wants of it', async (_who, asking) => {
    const { client, alice, waiting, asking: question, finish, signals } = await serving();
    const stranger = client.as(asking);
    const before = [(await get(alice, waiting)).text, (await get(alice, question)).text];
    const reaches = Array.from({ length: 10 }, () => REACHES).flat();
    await Promise.all(
      reaches.flatMap(([method, params]) =>
        [waiting, question].map((taskId) => stranger.ask(method, { ...params, taskId })),
      ),
    );
    expect([(await get(alice, waiting)).text, (await get(alice, question)).text]).toEqual(before);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
    finish.resolve('done');
    const update = await alice.ask('tasks/update', { taskId: question, inputResponses: { name: ACCEPTED } });
    expect(update.json.result.resultType).toBe('complete');
    expect((await untilIs(alice, waiting, 'completed')).result.content[0].text).toBe('done');
    expect((await untilIs(alice, question, 'completed')).result.content[0].text).toBe('for Ada');
  });

  test('is what an unknown one is to who does not declare the extension, too', async () => {
    const { client, waiting } = await serving();
    for (const [method, params] of REACHES) {
      const bob = client.as({ user: 'bob', capabilities: {} });
      const answer = await bob.ask(method, { ...params, taskId: waiting });
      const unknown = await bob.ask(method, { ...params, taskId: unknownLike(waiting) });
      expect(bytesOf(answer)).toEqual(bytesOf(unknown));
    }
  });

  test('cannot be listened to: it is left out of the acknowledgement, and nothing of it is told', async () => {
    const { client, alice, waiting, finish } = await serving();
    const bob = client.as({ user: 'bob' });
    const own = await created(bob, 'ask');
    const [hers, his, unknown] = [
      await alice.listen({ taskIds: [waiting] }),
      await bob.listen({ taskIds: [waiting, own] }),
      await bob.listen({ taskIds: [unknownLike(waiting)] }),
    ];
    const nothing = await bob.listen({ taskIds: [waiting] });
    expect(hers.messages[0].params.notifications).toEqual({ taskIds: [waiting] });
    expect(his.messages[0].params.notifications).toEqual({ taskIds: [own] });
    expect(nothing.messages).toEqual(unknown.messages);
    finish.resolve('done');
    await hers.until('its end', () => hers.messages.at(-1)?.params.status === 'completed');
    // Something of his own, told after hers on the same way, so that a frame of hers would have been there by now.
    await bob.ask('tasks/cancel', { taskId: own });
    await his.until('its end', () => his.messages.at(-1)?.params.status === 'cancelled');
    expect(his.text).not.toContain(waiting);
    expect(nothing.messages).toHaveLength(1);
  });

  test('made by nobody is of all who are nobody, and of no one who signed in', async () => {
    const { client } = await serving();
    const taskId = await created(client, 'wait');
    expect((await get(client, taskId)).json.result.taskId).toBe(taskId);
    expect((await get(client.as({ user: 'bob' }), taskId)).json.error.code).toBe(-32602);
  });
});

test('a call of the same name that is no task is not reached by an id that is none', async () => {
  const mcp = testServer();
  const gate = addGate(mcp);
  const { client } = await start({ mcp, before: [authenticateByHeader], capabilities: ABLE });
  const running = client.call('gate', {}, { id: 'task-like-id', user: 'alice' });
  const call = await gate.begun();
  const cancel = await client.ask('tasks/cancel', { taskId: 'task-like-id' }, { user: 'bob' });
  expect(cancel.json.error.code).toBe(-32602);
  expect(call.ctx.signal.aborted).toBe(false);
  call.resolve('done');
  expect((await running).json.result.content[0].text).toBe('done');
});
