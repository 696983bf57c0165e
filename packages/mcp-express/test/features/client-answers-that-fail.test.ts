import { describe, expect, test } from '@jest/globals';
import type { AskOptions, HandlerContext, RouterOptions } from 'mcp-express';
import { startServer } from '../support/start-server.js';
import { testServer } from '../support/test-tools.js';
import { within } from '../support/wait.js';
import { answersOn, CAPABLE, openWire, requestOn, textOf } from './wire-session.js';

const FORM = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } as const;
const CANCELLED = 'notifications/cancelled';

async function asked(ask: (ctx: HandlerContext) => Promise<unknown>, options: RouterOptions = {}) {
  const mcp = testServer();
  mcp.registerTool('ask', {}, async (ctx) => JSON.stringify(await ask(ctx)));
  const server = await startServer({ mcp, options });
  const session = await openWire(server.url, { capabilities: CAPABLE });
  const stream = await session.callStream('ask', {}, 1);
  await stream.untilMessages(1);
  return { ...server, session, stream, request: stream.messages[0] };
}

const form = (options?: AskOptions) => (ctx: HandlerContext) =>
  ctx.elicit({ message: 'Who?', requestedSchema: FORM }, options);

describe('an answer that is an error (R16)', () => {
  test("becomes the tool's error, with the client's words", async () => {
    const { session, stream, request } = await asked(form());
    await session.post({ jsonrpc: '2.0', id: request.id, error: { code: -1, message: 'User rejected' } });
    await stream.untilClosed();
    const [{ result }] = answersOn(stream);
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain('User rejected');
  });

  test('is not followed by a cancellation of what was just answered (MCP, Cancellation: "in-progress" only)', async () => {
    const { session, stream, request } = await asked((ctx) => form()(ctx).catch(() => 'caught'));
    await session.post({ jsonrpc: '2.0', id: request.id, error: { code: -1, message: 'User rejected' } });
    await stream.untilClosed();
    expect(stream.messages.filter(({ method }) => method === CANCELLED)).toEqual([]);
  });
});

describe('an answer that is not valid is an error of the tool that says where (R16)', () => {
  test.each([
    ['an unknown action', form(), { action: 'maybe' }, 'action'],
    ['no action', form(), {}, 'action'],
    ['content that breaks the schema', form(), { action: 'accept', content: { name: 5 } }, 'name'],
    ['no content', form(), { action: 'accept' }, 'name'],
    ['roots without a list', (ctx: HandlerContext) => ctx.roots(), {}, 'roots'],
    [
      'a sample without content',
      (ctx: HandlerContext) => ctx.sample({ messages: [], maxTokens: 1 }),
      { role: 'assistant', model: 'm' },
      'content',
    ],
  ])('%s', async (_what, ask, result, named) => {
    const { session, stream, request } = await asked(ask);
    await session.answer(request.id, result);
    await stream.untilClosed();
    const [answer] = answersOn(stream);
    expect(answer.result.isError).toBe(true);
    expect(textOf(answer.result)).toContain(named);
  });
});

describe('a client that does not answer in time (R16)', () => {
  test.each([
    ['of the router', form(), { clientRequestTimeoutMs: 40 }],
    ['of the question', form({ timeoutMs: 40 }), {}],
  ])('%s: the tool gets an error, and the client is told to stop asking', async (_which, ask, options) => {
    const { stream, request } = await asked(ask, options);
    await stream.untilClosed();
    expect(stream.messages.slice(1)).toMatchObject([
      { method: CANCELLED, params: { requestId: request.id } },
      { id: 1, result: { isError: true } },
    ]);
  });

  test('an answer after that is ignored', async () => {
    const { session, stream, request, router } = await asked(form({ timeoutMs: 40 }));
    await stream.untilClosed();
    expect((await session.answer(request.id, { action: 'decline' })).status).toBe(202);
    expect((await router.stats()).calls).toBe(0);
  });

  test.each([
    ['Infinity', Infinity],
    ['a month', 31 * 24 * 3_600_000],
  ])('a limit of %s is no limit of a millisecond (setTimeout overflows at 2^31)', async (_what, timeoutMs) => {
    const { session, stream } = await asked(form({ timeoutMs }));
    // Whatever happens within a millisecond has happened when a further request has been served.
    for (let round = 0; round < 5; round += 1) await session.tool('echo', { text: 'x' });
    expect(stream.messages.slice(1)).toEqual([]);
  });
});

describe('what ends while a question is open (R16, R17)', () => {
  test('the deadline of the call: the question is withdrawn before the error (MCP, Lifecycle, Timeouts)', async () => {
    const { stream, request } = await asked(form(), { callTimeoutMs: 60 });
    await stream.untilClosed();
    expect(stream.messages.slice(1)).toMatchObject([
      { method: CANCELLED, params: { requestId: request.id } },
      { id: 1, error: { data: { reason: 'deadline-exceeded' } } },
    ]);
  });

  test('the call is cancelled by its client: the question is withdrawn on the stream, which ends (R17)', async () => {
    const { session, stream, request } = await asked(form());
    await session.cancel(1);
    await stream.untilClosed();
    expect(stream.messages.slice(1)).toMatchObject([{ method: CANCELLED, params: { requestId: request.id } }]);
  });

  test('the session is deleted: the call ends with an error and nothing waits (invariant 1)', async () => {
    const { session, stream, router } = await asked(form());
    expect((await session.delete()).status).toBe(204);
    await within('the end', stream.untilClosed());
    expect(answersOn(stream)).toMatchObject([{ id: 1, error: { data: { reason: 'session-ended' } } }]);
    expect((await router.stats()).calls).toBe(0);
  });

  test('the connection: the question is shown again to who resumes, and its answer counts (R7, R16)', async () => {
    const { session, stream, request } = await asked(form());
    const from = String(stream.ids[0]);
    stream.reset();
    const resumed = await session.resume(from);
    expect((await requestOn(resumed, 'elicitation/create')).id).toBe(request.id);
    await session.answer(request.id, { action: 'accept', content: { name: 'back' } });
    await resumed.untilClosed();
    expect(JSON.parse(textOf(answersOn(resumed)[0].result)).content).toEqual({ name: 'back' });
  });
});
