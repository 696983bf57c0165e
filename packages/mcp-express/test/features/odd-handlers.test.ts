import { describe, expect, test } from '@jest/globals';
import { McpError, McpServer } from 'mcp-express';
import { begin, headOf, type JsonBody, readAll, SseStream } from '../support/raw-client.js';
import { toolCall } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { within } from '../support/wait.js';
import { wireFault } from '../support/wire-schemas.js';
import { messagesIn, openWire, textOf } from './wire-session.js';

/*
 * Jest fails a test for every unhandled rejection that happens while it runs, so that there are none when these pass.
 */

const circle: Record<string, unknown> = {};
circle['self'] = circle;

const text = (value: unknown) => ({ content: [{ type: 'text', text: value }] });

const RETURNS: readonly (readonly [string, unknown])[] = [
  ['nothing', undefined],
  ['null', null],
  ['a number', 5],
  ['a BigInt', 1n],
  ['a symbol', Symbol('s')],
  ['a function', () => 1],
  ['a list', [{ type: 'text', text: 'x' }]],
  ['an empty object', {}],
  ['content that is no list', { content: 'x' }],
  ['a circle', { ...text('x'), structuredContent: circle }],
  ['a BigInt in its content', text(1n)],
  ['a BigInt in structuredContent', { ...text('x'), structuredContent: { n: 1n } }],
  ['a toJSON that gives nothing', { ...text('x'), toJSON: () => undefined }],
  [
    'a toJSON that throws',
    {
      ...text('x'),
      toJSON: () => {
        throw new Error('toJSON');
      },
    },
  ],
  ['a Map', new Map([['content', []]])],
  ['a result of prompts/get', { messages: [] }],
];

/** What the compiler would refuse, and what the official SDK's server refuses to send. */
const MALFORMED: readonly (readonly [string, unknown])[] = [
  ['undefined in its content', { content: [undefined] }],
  ['a function in its content', { content: [() => 1] }],
  ['a block without a type', { content: [{ text: 'x' }] }],
  ['a text block without text', { content: [{ type: 'text', text: undefined }] }],
  ['a text block whose text is a number', text(5)],
  ['a block of an unknown type', { content: [{ type: 'hologram' }] }],
];

const THROWS: readonly (readonly [string, unknown])[] = [
  ['an Error', new Error('went wrong')],
  ['a text', 'went wrong'],
  ['undefined', undefined],
  ['null', null],
  ['a number', 0],
  ['a BigInt', 1n],
  ['a symbol', Symbol('s')],
  ['an object', { code: 5 }],
  ['an object without a prototype', Object.create(null)],
  ['an Error without a message', Object.assign(new Error(), { message: undefined })],
  ['an Error whose message is a number', Object.assign(new Error(), { message: 5 })],
  ['a circle', Object.assign(new Error('circle'), { cause: circle })],
  [
    'an Error whose message throws',
    Object.defineProperty(new Error(), 'message', {
      get: () => {
        throw new Error('message');
      },
    }),
  ],
  ['a proxy that was revoked', revoked()],
  ['an AbortError', new DOMException('aborted', 'AbortError')],
];

const MCP_ERRORS: readonly (readonly [string, McpError])[] = [
  ['with data', new McpError('invalid-params', 'bad', { data: { field: 'x' } })],
  ['with a circle in its data', new McpError('invalid-params', 'bad', { data: circle })],
  ['with a BigInt in its data', new McpError('internal-error', 'bad', { data: { n: 1n } })],
  ['without a message', new McpError('internal-error', undefined as never)],
];

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

async function start(act: () => unknown) {
  const mcp = new McpServer({ name: 'odd', version: '1' });
  mcp.registerTool('sync', {}, act as never);
  mcp.registerTool('async', {}, (async () => {
    await new Promise(setImmediate);
    return act();
  }) as never);
  mcp.registerTool('noisy', {}, (async (ctx: { progress(n: number): Promise<void> }) => {
    void ctx.progress(1);
    return act();
  }) as never);
  const { url, router } = await startServer({ mcp });
  return { session: await openWire(url), router, url };
}

/** The one answer of a call in whichever form it comes. Fails when there is none in time, or more than one. */
async function oneAnswer({ session, router }: Awaited<ReturnType<typeof start>>, tool: string): Promise<JsonBody> {
  const request = begin(session.url, { body: toolCall(tool, {}, 1, 'p'), headers: session.headers });
  const response = await within(`an answer of "${tool}"`, headOf(request));
  let messages: readonly JsonBody[];
  if (String(response.headers['content-type']).startsWith('text/event-stream')) {
    const stream = new SseStream(request, response);
    await stream.untilClosed();
    messages = stream.messages;
  } else {
    messages = messagesIn(await readAll(response));
  }
  const answers = messages.filter(({ method }) => method === undefined);
  expect(answers).toHaveLength(1);
  for (const message of messages) expect(wireFault(message, new Map([[1, 'tools/call']]))).toBeUndefined();
  expect((await router.stats()).calls).toBe(0);
  expect((await session.ask('ping')).result).toEqual({});
  return answers[0];
}

const TOOLS = ['sync', 'async', 'noisy'];

test.each<[ConstructorParameters<typeof McpError>[0], string]>([
  ['invalid-params', 'Invalid params'],
  ['session-not-found', 'Session not found'],
])('an McpError without a message has the words of its code: %s', (code, message) => {
  for (const text of [undefined, '', null]) expect(new McpError(code, text as string).message).toBe(message);
});

describe.each(RETURNS)('a tool that returns %s (invariants 1 and 7)', (_what, returned) => {
  test('has exactly one answer, which the official schemas allow', async () => {
    const started = await start(() => returned);
    for (const tool of TOOLS) {
      const { result, error } = await oneAnswer(started, tool);
      expect(result?.isError === true || error !== undefined).toBe(true);
    }
  });
});

describe.each(MALFORMED)('a tool that returns %s (invariant 1)', (_what, returned) => {
  test('has exactly one answer, and what the protocol does not know is not sent', async () => {
    const started = await start(() => returned);
    for (const tool of TOOLS) {
      const { result, error } = await oneAnswer(started, tool);
      expect(result?.isError === true || error !== undefined).toBe(true);
    }
  });
});

describe.each(THROWS)('a tool that throws %s (invariants 1 and 7)', (_what, thrown) => {
  test('has exactly one answer: a result with isError, or an error', async () => {
    const started = await start(() => {
      throw thrown;
    });
    for (const tool of TOOLS) {
      const { result, error } = await oneAnswer(started, tool);
      expect(result?.isError === true || error !== undefined).toBe(true);
    }
  });
});

describe.each(MCP_ERRORS)('a tool that throws an McpError %s (invariants 1 and 7)', (_what, thrown) => {
  test('has exactly one answer: a JSON-RPC error', async () => {
    const started = await start(() => {
      throw thrown;
    });
    for (const tool of TOOLS) expect(await oneAnswer(started, tool)).toHaveProperty('error');
  });
});

test('the message of an Error is for the model, its stack and cause are not', async () => {
  const { session } = await start(() => {
    throw new Error('for the model', { cause: new Error('secret') });
  });
  const result = await session.tool('sync');
  expect(result).toEqual({ content: [{ type: 'text', text: 'for the model' }], isError: true });
});

test('a tool that answers after it has thrown elsewhere, and one that never awaits, disturb nobody', async () => {
  const mcp = new McpServer({ name: 'odd', version: '1' });
  mcp.registerTool('both', {}, (ctx) => {
    void ctx.progress(1);
    void ctx.log('info', 'x');
    setImmediate(() => {
      void ctx.progress(2);
      void ctx.log('info', 'after the answer');
    });
    return 'answered';
  });
  const { url } = await startServer({ mcp });
  const session = await openWire(url);
  const messages = messagesIn(await session.call('both', {}, 1, { progressToken: 'p' }));
  expect(messages.map(({ method, id }) => method ?? id)).toEqual([
    'notifications/progress',
    'notifications/message',
    1,
  ]);
  await session.ask('ping');
});

test('a thenable that settles twice counts once', async () => {
  const { session } = await start(() => ({
    // biome-ignore lint/suspicious/noThenProperty: what is tested
    then: (resolve: (value: unknown) => void, reject: (reason: unknown) => void) => {
      resolve('first');
      resolve('second');
      reject(new Error('third'));
    },
  }));
  expect(textOf(await session.tool('sync'))).toBe('first');
});

describe('odd handlers of prompts and completions (invariants 1 and 7)', () => {
  test.each([
    ['nothing', undefined],
    ['a circle', { messages: [circle] }],
    ['a BigInt', { messages: [{ role: 'user', content: { type: 'text', text: 1n } }] }],
    ['a toJSON that gives nothing', { messages: [], toJSON: () => undefined }],
  ])('a prompt that returns %s is one error', async (_what, returned) => {
    const mcp = new McpServer({ name: 'odd', version: '1' });
    mcp.registerPrompt('p', {}, () => returned as never);
    const { url } = await startServer({ mcp });
    const session = await openWire(url);
    expect((await session.ask('prompts/get', { name: 'p' })).error.code).toBe(-32603);
  });

  test.each([
    ['nothing', undefined],
    ['a circle', [circle]],
  ])('a completer that gives %s is one answer that the official schemas allow', async (_what, values) => {
    const mcp = new McpServer({ name: 'odd', version: '1' });
    mcp.registerPrompt('p', { argsSchema: { type: 'object' }, complete: { a: () => values as never } }, () => 'x');
    const { url } = await startServer({ mcp });
    const session = await openWire(url);
    const params = { ref: { type: 'ref/prompt', name: 'p' }, argument: { name: 'a', value: '' } };
    expect(await session.ask('completion/complete', params)).toBeDefined();
  });
});

test('a listener for changed roots that throws does not cost the client its 202, nor the others their turn', async () => {
  const mcp = new McpServer({ name: 'odd', version: '1' });
  let told = 0;
  mcp.onRootsChanged(() => {
    throw new Error('listener');
  });
  mcp.onRootsChanged(() => {
    told += 1;
  });
  const { url } = await startServer({ mcp });
  const session = await openWire(url);
  const answer = await session.post({ jsonrpc: '2.0', method: 'notifications/roots/list_changed' });
  expect([answer.status, told]).toEqual([202, 1]);
});

test('an observer that throws changes nothing (DESIGN 4)', async () => {
  const mcp = new McpServer({ name: 'odd', version: '1' });
  mcp.registerTool('t', {}, () => 'x');
  const observe = (): never => {
    throw new Error('observer');
  };
  const { url } = await startServer({ mcp, options: { observe } });
  const session = await openWire(url);
  expect(textOf(await session.tool('t'))).toBe('x');
});
