import { afterEach, describe, expect, jest, test } from '@jest/globals';
import {
  ConfigurationError,
  completable,
  type HandlerContext,
  McpError,
  McpServer,
  mcpRouter,
  type Observation,
  type RouterOptions,
} from 'mcp-express';
import { z } from 'zod';
import { start, WITH_TASKS } from '../spec/modern/client.js';
import { failingStore } from '../support/failing-store.js';
import type { JsonBody } from '../support/raw-client.js';
import { startServer } from '../support/start-server.js';
import { eventually } from '../support/wait.js';
import { openWire } from './wire-session.js';

const SECRET = 's3cr3t-of-alice';

function crash(where: string): never {
  throw new TypeError(`${where} crashed with password=${SECRET}`);
}

function crashServer(): McpServer {
  const mcp = new McpServer({ name: 'crash', version: '1' });
  mcp.registerTool('boom', {}, () => crash('tool'));
  mcp.registerTool('late', { task: {} }, () => crash('task'));
  mcp.registerTool('odd', {}, () => 42 as unknown as string);
  mcp.registerTool('text', {}, () => {
    throw 'a text';
  });
  mcp.registerTool('nothing', {}, () => {
    throw undefined;
  });
  mcp.registerTool('refuse', {}, () => {
    throw new McpError('invalid-params', 'no', { cause: new Error('on purpose') });
  });
  mcp.registerTool('failed', {}, () => ({ content: [], isError: true }));
  mcp.registerTool('strict', { inputSchema: z.object({ n: z.number() }) }, () => 'ok');
  mcp.registerTool('fine', {}, () => 'ok');
  mcp.registerPrompt('boom', { argsSchema: { a: completable(z.string(), () => crash('completion')) } }, () =>
    crash('prompt'),
  );
  mcp.registerResource('boom', 'boom://1', {}, () => crash('resource'));
  return mcp;
}

/** What a call of each kind is; all of them crash. */
const CRASHES = [
  ['tool', 'tools/call', { name: 'boom', arguments: {} }],
  ['prompt', 'prompts/get', { name: 'boom', arguments: { a: 'x' } }],
  ['resource', 'resources/read', { uri: 'boom://1' }],
  [
    'completion',
    'completion/complete',
    { ref: { type: 'ref/prompt', name: 'boom' }, argument: { name: 'a', value: '' } },
  ],
] as const;

const realEnv = process.env['NODE_ENV'];

afterEach(() => {
  process.env['NODE_ENV'] = realEnv;
  jest.restoreAllMocks();
});

/** A server as in production, what it writes to stderr, and what it tells. */
async function serving(options: RouterOptions = {}, env = 'production') {
  process.env['NODE_ENV'] = env;
  const lines: string[] = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(
      ...String(text)
        .split('\n')
        .filter((line) => line !== ''),
    );
    return true;
  });
  const events: Observation[] = [];
  const { url } = await startServer({
    mcp: crashServer(),
    options: { observe: (event) => events.push(event), ...options },
  });
  return { session: await openWire(url), url, lines, events };
}

describe('a handler that crashes (R59)', () => {
  test.each(CRASHES)(
    'leaves one line with its stack on stderr, and the client sees no stack: %s',
    async (what, method, params) => {
      const { session, lines } = await serving();
      const answer = await session.ask(method, params);
      expect(lines).toHaveLength(1);
      const line = JSON.parse(lines[0] as string);
      expect(line).toMatchObject({ level: 'error', event: 'call-ended', method, requestId: answer.id });
      expect(line.session).toMatch(/^[\w-]{16}$/);
      expect(line.err).toMatchObject({ name: 'TypeError', stack: expect.stringMatching(/crash-log\.test/) });
      expect(line.msg).toContain(`TypeError: ${what} crashed`);
      expect(lines[0]).not.toContain(SECRET);
      expect(JSON.stringify(answer)).not.toMatch(/crash-log\.test|\bat \w/);
    },
  );

  test.each(CRASHES)('has its cause in what is observed: %s', async (what, method, params) => {
    const { session, events } = await serving({ logger: false });
    await session.ask(method, params);
    const ended = events.flatMap((event) => (event.type === 'call-ended' && event.method === method ? [event] : []));
    expect(ended).toMatchObject([
      { cause: { name: 'TypeError', message: expect.stringContaining(`${what} crashed`) } },
    ]);
  });

  test('is logged where it stands alone, and as a task', async () => {
    process.env['NODE_ENV'] = 'production';
    const logged: { event: string; err: { message: string } }[] = [];
    const logger = { error: (fields: object) => logged.push(fields as (typeof logged)[number]) };
    const { client } = await start({ mcp: crashServer(), options: { logger }, capabilities: WITH_TASKS });
    await client.call('boom');
    await client.call('late');
    await eventually('the task is over', () => logged.length === 2);
    expect(logged.map(({ event }) => event)).toEqual(['call-ended', 'task-ended']);
    expect(logged[1]?.err.message).toContain('task crashed');
  });

  test('is shown whatever it threw, or returned and should not have', async () => {
    const { session, lines } = await serving();
    for (const name of ['odd', 'text', 'nothing']) await session.tool(name, {});
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain('Tool \\"odd\\" returned the number 42');
    expect(lines[1]).toContain('a text');
    expect(lines[2]).toContain('undefined');
  });
});

/** As a program in JavaScript may call it. */
const loose = (call: unknown) => call as (...args: unknown[]) => unknown;

/** Calls each tool, prompt or resource of a server once, and gives the messages of the log and the answers. */
async function logged(mcp: McpServer, calls: readonly (readonly [string, object])[]) {
  const lines: string[] = [];
  const logger = { error: (_fields: object, message: string) => lines.push(message) };
  const { url } = await startServer({ mcp, options: { logger } });
  const session = await openWire(url);
  const answers: JsonBody[] = [];
  for (const [method, params] of calls) answers.push(await session.ask(method, params));
  return { lines, answers };
}

const cycle: { [member: string]: unknown } = { name: 'x' };
cycle['orders'] = [{ of: cycle }];

const structured = (value: unknown) => ({ content: [], structuredContent: value });

function nested(levels: number): object {
  let value = {};
  for (let level = 0; level < levels; level += 1) value = { a: value };
  return value;
}

class Account {
  readonly name = 'n';
  readonly close = () => this.name;
  readonly nothing = undefined;
}

describe('what a handler returns and JSON has not is named, with its kind (R59)', () => {
  const plain = { outputSchema: { type: 'object' } };
  const any = { outputSchema: z.any() };

  test.each<[string, object, unknown, RegExp]>([
    ['a number', {}, 42, /returned the number 42\. Return a string/],
    ['an array', {}, ['a'], /returned an array/],
    ['a Date', {}, new Date(), /returned a Date/],
    ['a BigInt', {}, 10n, /returned a BigInt/],
    ['a Map', {}, new Map([['a', 1]]), /returned a Map/],
    ['true', {}, true, /returned the boolean true/],
    ['nothing', {}, undefined, /returned undefined/],
    ['a function', {}, () => 'x', /returned a function/],
    ['a Set for an object', plain, new Set([1]), /returned a Set\. Return a result with "content", or a value/],
    ['a Map for an object', plain, new Map(), /returned a Map/],
    ['a Date for an object', plain, new Date(), /returned a Date/],
    ['an error for an object', plain, new RangeError('x'), /returned an instance of RangeError/],
    ['an array for an object', plain, [1], /returned an array/],
    ['a Map for any value', any, new Map(), /returned a Map/],
    ['a BigInt for any value', any, 10n, /a BigInt at "structuredContent"/],
    ['a BigInt within', plain, { sums: [{ net: 1 }, { net: 2n }] }, /a BigInt at "structuredContent\.sums\[1\]\.net"/],
    ['a cycle within', plain, cycle, /a cycle at "structuredContent\.orders\[0\]\.of"/],
    [
      'a forgotten await within',
      plain,
      { order: Promise.resolve({ id: 1 }) },
      /a promise that was not awaited at "structuredContent\.order"/,
    ],
    ['a Map within', plain, { a: [{ b: new Map([['k', 1]]) }] }, /a Map at "structuredContent\.a\[0\]\.b"/],
    ['NaN', {}, structured({ ratio: 0 / 0 }), /returned NaN at "structuredContent\.ratio", which JSON/],
    ['an infinity in a list', plain, { a: [1, [2, -1 / 0]] }, /-Infinity at "structuredContent\.a\[1\]\[1\]"/],
    ['NaN for any value', any, Number.NaN, /NaN at "structuredContent"/],
    ['a symbol for any value', any, Symbol('x'), /returned a symbol at "structuredContent", which JSON/],
    [
      'bytes',
      {},
      structured({ file: Buffer.from('x') }),
      /a Buffer \(.*toString\('base64'\)\) at "structuredContent\.file"/,
    ],
    ['bytes for an object', any, new Uint8Array(2), /a Uint8Array/],
    [
      'numbers in a typed array',
      plain,
      { row: new Float64Array([1]) },
      /a Float64Array .* at "structuredContent\.row"/,
    ],
    ['a buffer of bytes', plain, { a: new ArrayBuffer(8) }, /an instance of ArrayBuffer at "structuredContent\.a"/],
    ['a forgotten call', plain, { total: () => 5 }, /a function at "structuredContent\.total"/],
    ['a function in a list', plain, { all: [Math.max] }, /a function at "structuredContent\.all\[0\]"/],
    ['a symbol', plain, { kind: Symbol('x') }, /a symbol at "structuredContent\.kind"/],
    ['an item that is undefined', plain, { ids: [1, undefined] }, /undefined at "structuredContent\.ids\[1\]"/],
    // biome-ignore lint/suspicious/noSparseArray: what is tested.
    ['a hole in a list', plain, { ids: [1, , 2] }, /undefined at "structuredContent\.ids\[1\]"/],
    ['a date that is none', plain, { at: new Date('x') }, /an invalid Date at "structuredContent\.at"/],
    ['an iterator', plain, { keys: new Map().keys() }, /an instance of Map Iterator at "structuredContent\.keys"/],
    ['headers', plain, { sent: new Headers({ a: '1' }) }, /an instance of Headers at "structuredContent\.sent"/],
    ['a WeakMap in _meta', {}, { content: [], _meta: { w: new WeakMap() } }, /an instance of WeakMap at "_meta\.w"/],
    [
      'NaN in _meta of a block',
      {},
      { content: [{ type: 'text', text: 'x', _meta: { n: Number.NaN } }] },
      /NaN at "content\[0\]\._meta\.n"/,
    ],
    [
      'more levels than can be written',
      plain,
      nested(20_000),
      /a value nested too deeply .* at "structuredContent\.a\.a/,
    ],
    [
      'content that is a text',
      {},
      { content: 'x' },
      /returned an object whose "content" is not an array, but a string/,
    ],
    ['a cycle in _meta', {}, { content: [], _meta: cycle }, /a cycle at "_meta\.orders\[0\]\.of"/],
  ])('%s', async (_what, config, returned, message) => {
    const mcp = new McpServer({ name: 'kinds', version: '1' });
    mcp.registerTool('odd-one', config, () => returned as string);
    const { lines, answers } = await logged(mcp, [['tools/call', { name: 'odd-one' }]]);
    expect(answers[0].result).toMatchObject({ isError: true, content: [{ text: expect.stringMatching(message) }] });
    expect(lines).toEqual([
      expect.stringMatching(/^tools\/call "odd-one" failed: TypeError: Tool "odd-one" returned /),
    ]);
    expect(lines[0]).toMatch(message);
  });

  test.each<[string, object, unknown, unknown]>([
    ['members that are undefined', plain, { a: undefined, b: 1 }, { b: 1 }],
    ['methods of an object with a class', plain, { account: new Account() }, { account: { name: 'n' } }],
    ['dates', plain, { at: new Date(0) }, { at: '1970-01-01T00:00:00.000Z' }],
    ['what writes itself', plain, { url: new URL('https://example.com') }, { url: 'https://example.com/' }],
    ['an object of a class without members', plain, { filter: new (class Filter {})() }, { filter: {} }],
    [
      'an object without a prototype',
      plain,
      { a: Object.assign(Object.create(null), { n: null }) },
      { a: { n: null } },
    ],
    ['members named by symbols', plain, { [Symbol('x')]: 1, a: [] }, { a: [] }],
  ])('%s are written as everybody expects', async (_what, config, returned, written) => {
    const mcp = new McpServer({ name: 'kinds', version: '1' });
    mcp.registerTool('usual', config, () => returned as string);
    const { lines, answers } = await logged(mcp, [['tools/call', { name: 'usual' }]]);
    expect(answers[0].result.structuredContent).toEqual(written);
    expect(lines).toEqual([]);
  });

  test('of prompts and resources too, for the log alone', async () => {
    const mcp = new McpServer({ name: 'kinds', version: '1' });
    mcp.registerPrompt('listed', {}, () => ['x'] as never);
    mcp.registerPrompt('circular', {}, () => ({ messages: [], _meta: cycle }));
    mcp.registerResource('when', 'x://when', {}, () => new Date() as never);
    mcp.registerResource('sum', 'x://sum', {}, () => ({ contents: [{ uri: 'x://sum', text: '', _meta: { n: 1n } }] }));
    const { lines, answers } = await logged(mcp, [
      ['prompts/get', { name: 'listed' }],
      ['prompts/get', { name: 'circular' }],
      ['resources/read', { uri: 'x://when' }],
      ['resources/read', { uri: 'x://sum' }],
    ]);
    expect(answers.map(({ error }) => error.message)).toEqual(answers.map(() => 'Internal error'));
    expect(lines).toEqual([
      expect.stringMatching(/Prompt "listed" must return .*; it returned an array/),
      expect.stringMatching(/Prompt "circular" returned a cycle at "_meta\.orders\[0\]\.of"/),
      expect.stringMatching(/Resource x:\/\/when must be read as .*; it was read as a Date/),
      expect.stringMatching(/Resource x:\/\/sum returned a BigInt at "contents\[0\]\._meta\.n"/),
    ]);
  });
});

const ELICIT = { message: 'Who?', requestedSchema: { type: 'object', properties: {} } };
const SAMPLE = { messages: [], maxTokens: 5 };

test.each<[string, (ctx: HandlerContext) => unknown, RegExp]>([
  [
    'an unknown log level',
    (ctx) => ctx.log('warn' as never, 'x'),
    /"warn" is not a log level\. It is one of debug, info/,
  ],
  ['elicit without anything', (ctx) => loose(ctx.elicit)(), /elicit takes \{ message, requestedSchema \}.*undefined/],
  [
    'progress as a text',
    (ctx) => loose(ctx.progress)('50%'),
    /ctx\.progress: "progress" must be a number first; it is a string/,
  ],
  ['a total that is a text', (ctx) => loose(ctx.progress)(1, '2'), /ctx\.progress: "total" must be a number second/],
  [
    'a message that is a number',
    (ctx) => loose(ctx.progress)(1, 2, 3),
    /"message" must be a text third; it is the number 3/,
  ],
  [
    'a logger that is no text',
    (ctx) => loose(ctx.log)('info', 'x', {}),
    /ctx\.log: "logger" must be a text third; it is an object/,
  ],
  ['a log without a level', (ctx) => loose(ctx.log)('disk is full'), /"disk is full" is not a log level/],
  [
    'a time limit in place of options',
    (ctx) => loose(ctx.roots)(500),
    /options of ctx\.roots takes an object .* the number 500/,
  ],
  ['a misspelled option', (ctx) => loose(ctx.elicit)(ELICIT, { timeout: 5 }), /ctx\.elicit has no option "timeout"/],
  [
    'a time limit that is a text',
    (ctx) => loose(ctx.sample)({}, { timeoutMs: '5' }),
    /ctx\.sample: "timeoutMs" must be .*a string/,
  ],
  [
    'a key that is a number',
    (ctx) => loose(ctx.roots)({ key: 5 }),
    /ctx\.roots: "key" must be a text; it is the number 5/,
  ],
  ['a text for the model', (ctx) => loose(ctx.sample)('Hello'), /sample takes an object|sample needs "messages"/],
  [
    'no limit of tokens',
    (ctx) => loose(ctx.sample)({ messages: [] }),
    /sample needs "maxTokens", a whole number; it is undefined/,
  ],
  [
    'a misspelled member for the model',
    (ctx) => loose(ctx.sample)({ messages: [], maxToken: 5 }),
    /Did you mean "maxTokens"/,
  ],
  [
    'a temperature that is a text',
    (ctx) => loose(ctx.sample)({ ...SAMPLE, temperature: '1' }),
    /"temperature" must be a number; it is a string/,
  ],
  ['an update of nothing', (ctx) => loose(ctx.notify.resourceUpdated.bind(ctx.notify))(), /takes a URI.*undefined/],
  ['a page without an id', (ctx) => loose(ctx.notify.elicitationComplete.bind(ctx.notify))(7), /the number 7/],
])('a wrong argument of what ctx has is named: %s', async (_what, act, message) => {
  const mcp = new McpServer({ name: 'ctx', version: '1' });
  mcp.registerTool('t', {}, async (ctx) => String(await act(ctx)));
  const { lines, answers } = await logged(mcp, [['tools/call', { name: 't' }]]);
  expect(answers[0].result.content[0].text).toMatch(message);
  expect(lines[0]).toMatch(message);
});

describe('what is thrown and is no Error is shown in the log (R59)', () => {
  const hostile = {
    toString() {
      throw new Error('no text');
    },
  };

  test.each<[string, unknown, RegExp]>([
    ['a text', 'out of stock', /failed: a string was thrown: out of stock$/],
    ['a number', 404, /failed: the number 404 was thrown: 404$/],
    ['an object', { code: 'E_STOCK', left: 2 }, /failed: an object was thrown: \{"code":"E_STOCK","left":2\}$/],
    ['an object with a message', { message: 'out of stock', code: 7 }, /failed: an object: out of stock$/],
    [
      'a secret',
      { password: 'hunter2', at: 'login' },
      /an object was thrown: \{"password":"\[redacted\]","at":"login"\}/i,
    ],
    ['a list', ['a', 'b'], /an array was thrown: \["a","b"\]/],
    ['a cycle', cycle, /an object was thrown: \{"name":"x"/],
    ['a symbol', Symbol('stock'), /a symbol was thrown: .*stock/],
    ['an object that has no text', hostile, /an object was thrown/],
    ['undefined', undefined, /TypeError: undefined was thrown$/],
    ['null', null, /TypeError: null was thrown$/],
    ['an error of another name', Object.assign(new Error('x'), { name: 'StockError' }), /failed: StockError: x$/],
  ])('%s', async (_what, thrown, message) => {
    const mcp = new McpServer({ name: 'thrown', version: '1' });
    const fail = () => {
      throw thrown;
    };
    mcp.registerTool('t', {}, fail);
    mcp.registerPrompt('p', {}, fail);
    mcp.registerResource('r', 'x://r', {}, fail);
    const { lines, answers } = await logged(mcp, [
      ['tools/call', { name: 't' }],
      ['prompts/get', { name: 'p' }],
      ['resources/read', { uri: 'x://r' }],
    ]);
    expect(lines).toEqual([1, 2, 3].map(() => expect.stringMatching(message)));
    expect(answers[0].result.content[0].text).not.toContain('[object');
  });
});

describe('what is no crash', () => {
  test('leaves no line: what fails on purpose, wrong arguments, unknown names, and what goes well', async () => {
    const { session, lines } = await serving();
    for (const name of ['refuse', 'failed', 'strict', 'fine', 'no-such']) {
      await session.ask('tools/call', { name, arguments: {} });
    }
    await session.ask('resources/read', { uri: 'no://such' });
    expect(lines).toEqual([]);
  });
});

describe('the option logger', () => {
  test('is readable text on a terminal, in which a client can forge no line', async () => {
    const { session, lines } = await serving();
    const realTTY = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY');
    Object.defineProperty(process.stderr, 'isTTY', { value: true, configurable: true });
    try {
      const id = 'id\nerror forged \u001b[31m';
      await session.post({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'boom' } });
    } finally {
      if (realTTY === undefined) Reflect.deleteProperty(process.stderr, 'isTTY');
      else Object.defineProperty(process.stderr, 'isTTY', realTTY);
    }
    expect(lines[0]).toMatch(/^error tools\/call "boom" failed: TypeError: tool crashed/);
    expect(lines[1]).toMatch(
      /^ {4}event=call-ended method=tools\/call name=boom requestId=id.error forged .\[31m session=/,
    );
    expect(lines.slice(2).join('\n')).toMatch(/^ {4}at .*crash-log\.test/);
    expect(lines.filter((line) => line.startsWith('error'))).toHaveLength(1);
    expect(lines.join()).not.toContain(SECRET);
  });

  test.each([[true], [false]])('names the principal only where the option allows it: %s', async (logPrincipals) => {
    const options = { logPrincipals, principal: () => ({ subject: 'ann@example.com', scopes: [] }) };
    const { session, lines } = await serving(options);
    await session.tool('boom', {});
    const { principal } = JSON.parse(lines[0] as string);
    expect(principal).toEqual(logPrincipals ? { subject: 'ann@example.com' } : undefined);
  });

  test('is silent with false, and by default where NODE_ENV is test', async () => {
    for (const [options, env] of [
      [{ logger: false }, 'production'],
      [{}, 'test'],
    ] as const) {
      const { session, lines } = await serving(options, env);
      for (const [, method, params] of CRASHES) await session.ask(method, params);
      expect(lines).toEqual([]);
      jest.restoreAllMocks();
    }
  });

  test('is given an object and a message, as pino takes them; what it throws harms nothing', async () => {
    const logged: unknown[][] = [];
    const logger = {
      error: (...args: unknown[]) => {
        logged.push(args);
        throw new Error('the disk is full');
      },
    };
    const { session, lines } = await serving({ logger }, 'test');
    const answer = await session.tool('boom', {});
    expect(answer).toMatchObject({ isError: true });
    expect(logged).toEqual([
      [
        expect.objectContaining({ method: 'tools/call', name: 'boom' }),
        expect.stringMatching(/^tools\/call "boom" failed/),
      ],
    ]);
    expect(lines).toEqual([]);
  });

  test('is a logger, or false', () => {
    for (const logger of [true, 'pino', {}, () => {}]) {
      expect(() => mcpRouter(crashServer(), { logger } as unknown as RouterOptions)).toThrow(ConfigurationError);
    }
  });
});

describe('announcing a change without waiting for it', () => {
  test.each(['bus.publish', 'subscriptions.mark', 'versions.bump'] as const)(
    'a store that fails (%s) is told as a failure, and rejects for those who wait',
    async (step) => {
      const failures: unknown[] = [];
      const { store, state } = failingStore(step, 'rejects');
      const observe = (event: Observation) => event.type === 'failure' && failures.push(event);
      const router = mcpRouter(new McpServer({ name: 'n', version: '1' }), { store, observe, logger: false });
      state.down = true;
      const unhandled = jest.fn();
      process.on('unhandledRejection', unhandled);
      void router.notify.resourceUpdated('x://y');
      void router.notify.toolsChanged();
      await eventually('a failure', () => failures.length > 0);
      const announce = step === 'versions.bump' ? router.notify.toolsChanged() : router.notify.resourceUpdated('x://y');
      await expect(announce).rejects.toThrow('cannot be reached');
      await new Promise((resolve) => setImmediate(resolve));
      expect(unhandled).not.toHaveBeenCalled();
      process.off('unhandledRejection', unhandled);
      state.down = false;
      await router.close();
    },
  );

  test('a wrong argument throws at the call', () => {
    const router = mcpRouter(new McpServer({ name: 'n', version: '1' }), { logger: false });
    expect(() => router.notify.resourceUpdated(new URL('x://y') as never)).toThrow(/takes a URI/);
    expect(() => router.notify.elicitationComplete(7 as never)).toThrow(/the number 7/);
    return router.close();
  });
});

test('visible that throws hides, and is warned of once', async () => {
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const mcp = new McpServer({ name: 'v', version: '1' });
  mcp.registerTool('t', { visible: (principal) => principal!.subject === 'x' }, () => 'x');
  const { url } = await startServer({ mcp });
  const session = await openWire(url);
  for (let index = 0; index < 2; index += 1) {
    expect(await session.ask('tools/list', {})).toMatchObject({ result: { tools: [] } });
  }
  const codes = warned.mock.calls.map(([, options]) => (options as { code?: string })?.code);
  expect(codes.filter((code) => code === 'MCP_EXPRESS_VISIBLE_THREW')).toHaveLength(1);
  warned.mockRestore();
});
