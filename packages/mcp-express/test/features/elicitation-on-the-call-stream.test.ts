import { describe, expect, test } from '@jest/globals';
import type { HandlerContext } from 'mcp-express';
import { z } from 'zod';
import { startServer } from '../support/start-server.js';
import { testServer } from '../support/test-tools.js';
import { answersOn, CAPABLE, openWire, requestOn, textOf } from './wire-session.js';

const FORM = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } as const;

async function asking(ask: (ctx: HandlerContext) => Promise<unknown>) {
  const mcp = testServer();
  mcp.registerTool('ask', {}, async (ctx) => JSON.stringify(await ask(ctx)));
  const server = await startServer({ mcp });
  return { ...server, session: await openWire(server.url, { capabilities: CAPABLE }) };
}

describe('a request to the client arrives on the stream of the call, with no GET stream open (R16)', () => {
  test('a form: what the user accepts completes the call (R16)', async () => {
    const { session, router } = await asking((ctx) => ctx.elicit({ message: 'Who?', requestedSchema: FORM }));
    const stream = await session.callStream('ask', {}, 1);
    const request = await requestOn(stream, 'elicitation/create');
    expect(request.params).toEqual({ message: 'Who?', requestedSchema: FORM });
    expect((await router.stats()).calls).toBe(1);
    const posted = await session.answer(request.id, { action: 'accept', content: { name: 'Ada' } });
    expect([posted.status, posted.text]).toEqual([202, '']);
    expect(await stream.untilClosed()).toBe('end');
    const [answer, ...more] = answersOn(stream);
    expect(more).toEqual([]);
    expect(JSON.parse(textOf(answer.result))).toEqual({ action: 'accept', content: { name: 'Ada' } });
  });

  test.each(['decline', 'cancel'])('a form: the tool learns that the user chose %s (R16)', async (action) => {
    const { session } = await asking((ctx) => ctx.elicit({ message: 'Who?', requestedSchema: FORM }));
    const stream = await session.callStream('ask', {}, 1);
    const request = await requestOn(stream, 'elicitation/create');
    await session.answer(request.id, { action });
    await stream.untilClosed();
    expect(JSON.parse(textOf(answersOn(stream)[0].result))).toEqual({ action });
  });

  test('a choice without a type, as some libraries write it, is one of texts', async () => {
    const field = { enum: ['S', 'M'] };
    const requestedSchema = { type: 'object', properties: { size: field, sure: { const: true } } };
    const { session } = await asking((ctx) => ctx.elicit({ message: 'Which?', requestedSchema }));
    const stream = await session.callStream('ask', {}, 1);
    const request = await requestOn(stream, 'elicitation/create');
    expect(request.params.requestedSchema.properties).toEqual({
      size: { type: 'string', enum: ['S', 'M'] },
      sure: { type: 'boolean', const: true },
    });
    await session.answer(request.id, { action: 'decline' });
    await stream.untilClosed();
  });

  test('a form described by a Zod shape is sent as JSON Schema, and its content is checked (R16, R39)', async () => {
    const { session } = await asking((ctx) =>
      ctx.elicit({ message: 'Age?', requestedSchema: { age: z.number().int().min(18) } }),
    );
    const stream = await session.callStream('ask', {}, 1);
    const request = await requestOn(stream, 'elicitation/create');
    expect(request.params.requestedSchema).toMatchObject({ type: 'object', properties: { age: { minimum: 18 } } });
    await session.answer(request.id, { action: 'accept', content: { age: 7 } });
    await stream.untilClosed();
    const [{ result }] = answersOn(stream);
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain('age');
  });

  test('a web page: mode, url and elicitationId arrive, and consent comes back (MCP, Elicitation, URL mode)', async () => {
    const url = { mode: 'url', message: 'Sign in.', url: 'https://example.com/in', elicitationId: 'e-1' } as const;
    const { session } = await asking((ctx) => ctx.elicit(url));
    const stream = await session.callStream('ask', {}, 1);
    const request = await requestOn(stream, 'elicitation/create');
    expect(request.params).toEqual(url);
    await session.answer(request.id, { action: 'accept' });
    await stream.untilClosed();
    expect(JSON.parse(textOf(answersOn(stream)[0].result))).toEqual({ action: 'accept' });
  });

  test('sampling with tools: the whole request arrives, and an answer of several blocks comes back (R16)', async () => {
    const params = {
      messages: [{ role: 'user' as const, content: { type: 'text' as const, text: 'Weather?' } }],
      maxTokens: 10,
      systemPrompt: 'Be brief.',
      tools: [{ name: 'weather', inputSchema: { type: 'object' } }],
      toolChoice: { mode: 'auto' as const },
    };
    const { session } = await asking((ctx) => ctx.sample(params));
    const stream = await session.callStream('ask', {}, 1);
    const request = await requestOn(stream, 'sampling/createMessage');
    expect(request.params).toEqual(params);
    const answer = {
      role: 'assistant',
      model: 'm',
      stopReason: 'toolUse',
      content: [
        { type: 'tool_use', id: 'a', name: 'weather', input: {} },
        { type: 'tool_use', id: 'b', name: 'weather', input: {} },
      ],
    };
    await session.answer(request.id, answer);
    await stream.untilClosed();
    expect(JSON.parse(textOf(answersOn(stream)[0].result))).toEqual(answer);
  });

  test('roots: the list of the client reaches the tool (R16)', async () => {
    const { session } = await asking((ctx) => ctx.roots());
    const stream = await session.callStream('ask', {}, 1);
    const request = await requestOn(stream, 'roots/list');
    const roots = [{ uri: 'file:///home/ada', name: 'Home' }];
    await session.answer(request.id, { roots });
    await stream.untilClosed();
    expect(JSON.parse(textOf(answersOn(stream)[0].result))).toEqual(roots);
  });

  test('several at once, answered in another order, each reach who asked (R16)', async () => {
    const { session } = await asking((ctx) =>
      Promise.all(
        [1, 2, 3].map((n) =>
          ctx.elicit({ message: `${n}`, requestedSchema: FORM }).then((a) => [n, a.content?.['name']]),
        ),
      ),
    );
    const stream = await session.callStream('ask', {}, 1);
    await requestOn(stream, 'elicitation/create', 3);
    const requests = stream.messages.filter((message) => message.method === 'elicitation/create');
    expect(new Set(requests.map(({ id }) => id)).size).toBe(3);
    for (const { id, params } of [...requests].reverse()) {
      await session.answer(id, { action: 'accept', content: { name: `of ${params.message}` } });
    }
    await stream.untilClosed();
    expect(JSON.parse(textOf(answersOn(stream)[0].result))).toEqual([
      [1, 'of 1'],
      [2, 'of 2'],
      [3, 'of 3'],
    ]);
  });

  test('an open GET stream does not see it: one message, one stream (invariant 2)', async () => {
    const { session } = await asking((ctx) => ctx.elicit({ message: 'Who?', requestedSchema: FORM }));
    const own = await session.listen();
    const stream = await session.callStream('ask', {}, 1);
    const request = await requestOn(stream, 'elicitation/create');
    await session.answer(request.id, { action: 'decline' });
    await stream.untilClosed();
    expect(own.messages).toEqual([]);
  });

  test('two forms that differ only in what they refuse are checked each by its own (R16)', async () => {
    const { session } = await asking(async (ctx) => {
      const small = z.number().refine((n) => n < 10, 'must be small');
      const large = z.number().refine((n) => n > 10, 'must be large');
      const first = await ctx.elicit({ message: 'small', requestedSchema: { n: small } });
      const second = await ctx.elicit({ message: 'large', requestedSchema: { n: large } });
      return [first.content, second.content];
    });
    const stream = await session.callStream('ask', {}, 1);
    const first = await requestOn(stream, 'elicitation/create');
    await session.answer(first.id, { action: 'accept', content: { n: 1 } });
    const second = await requestOn(stream, 'elicitation/create', 2);
    await session.answer(second.id, { action: 'accept', content: { n: 99 } });
    await stream.untilClosed();
    const [{ result }] = answersOn(stream);
    expect([result.isError, textOf(result)]).toEqual([undefined, '[{"n":1},{"n":99}]']);
  });
});
