import { describe, expect, test } from '@jest/globals';
import { type HandlerContext, McpError } from 'mcp-express';
import { testServer } from '../support/test-tools.js';
import { deferred } from '../support/wait.js';
import { ASK_NAME, META, start } from './alone.js';

const TOKEN = { meta: { progressToken: 't' } };

async function streaming() {
  const mcp = testServer();
  const gate = deferred();
  const then = (name: string, end: (ctx: HandlerContext) => unknown): void => {
    mcp.registerTool(name, {}, async (ctx) => {
      await ctx.progress(1, 2);
      await gate.promise;
      return String(await end(ctx));
    });
  };
  then('throws', () => Promise.reject(new Error('broken')));
  then('refuses', () => Promise.reject(new McpError('resource-not-found', 'gone', { data: { uri: 'a://b' } })));
  then('internal', () =>
    Promise.reject(new McpError('internal-error', 'Internal error', { cause: new Error('secret') })),
  );
  then('asks', (ctx) => ctx.elicit(ASK_NAME));
  then('logs', async (ctx) => {
    for (const level of ['debug', 'info', 'warning', 'emergency'] as const) await ctx.log(level, { level }, 'logger');
    return 'logged';
  });
  return { ...(await start({ mcp })), gate };
}

describe('a call that has said something already (SEP-2575)', () => {
  test.each<[string, object]>([
    ['throws', { result: { isError: true, content: [{ text: 'broken' }] } }],
    ['refuses', { error: { code: -32602, data: { uri: 'a://b', reason: 'resource-not-found' } } }],
    ['internal', { error: { code: -32603, message: 'Internal error' } }],
    ['asks', { result: { resultType: 'input_required' } }],
  ])(
    'and %s ends its stream with that, after what it said, and cannot change the status any more (R23)',
    async (tool, end) => {
      const { client, gate, router } = await streaming();
      const stream = await client.callStream(tool, {}, { id: 's', ...TOKEN });
      await stream.untilMessages(1);
      expect([stream.status, stream.headers['mcp-session-id']]).toEqual([200, undefined]);
      gate.resolve();
      expect(await stream.untilClosed()).toBe('end');
      expect(stream.messages).toMatchObject([{ method: 'notifications/progress' }, { id: 's', ...end }]);
      expect(stream.text).not.toContain('secret');
      expect(stream.text).not.toMatch(/^id:|^retry:/m);
      expect(await router.stats()).toMatchObject({ calls: 0, streams: 0 });
    },
  );

  test('and may not ask has -32021 on its stream, with what it would need (SEP-2322)', async () => {
    const { client, gate } = await streaming();
    const stream = await client.callStream('asks', {}, { capabilities: {}, ...TOKEN });
    gate.resolve();
    await stream.untilClosed();
    const requiredCapabilities = { elicitation: { form: {} } };
    expect(stream.messages.at(-1)).toMatchObject({ error: { code: -32021, data: { requiredCapabilities } } });
  });
});

describe('what a call says while it runs (SEP-2575)', () => {
  test.each<[string | undefined, readonly string[]]>([
    [undefined, []],
    ['debug', ['debug', 'info', 'warning', 'emergency']],
    ['notice', ['warning', 'emergency']],
    ['emergency', ['emergency']],
  ])('is logged at the level %s as %j (R20)', async (level, expected) => {
    const { client, gate } = await streaming();
    gate.resolve();
    const stream = await client.callStream('logs', {}, { meta: level === undefined ? {} : { [META.level]: level } });
    await stream.untilClosed();
    const logged = stream.messages.filter(({ method }) => method === 'notifications/message');
    expect(logged.map(({ params }) => params.level)).toEqual(expected);
    // Without a token there is no progress either.
    expect(stream.messages).toHaveLength(expected.length + 1);
  });

  test('is on the stream of that call alone, however many share its id and token (R4)', async () => {
    const { client, gate } = await streaming();
    const manner = { id: 1, meta: { progressToken: 1, [META.level]: 'debug' } };
    const streams = await Promise.all(Array.from({ length: 20 }, () => client.callStream('logs', {}, manner)));
    gate.resolve();
    for (const stream of streams) {
      await stream.untilClosed();
      expect(stream.messages).toHaveLength(6);
    }
  });

  test('is dropped and counted for a client that takes no stream, and the answer is as ever (R20)', async () => {
    const { client, gate, router } = await streaming();
    gate.resolve();
    const answer = await client.call(
      'logs',
      {},
      { headers: { accept: 'application/json' }, meta: { progressToken: 1 } },
    );
    expect(answer.json.result.content[0].text).toBe('logged');
    expect(await router.stats()).toMatchObject({ droppedNotifications: 1, streams: 0 });
  });
});
