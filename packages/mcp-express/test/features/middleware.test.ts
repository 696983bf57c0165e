import { afterEach, describe, expect, test } from '@jest/globals';
import {
  McpError,
  McpServer,
  type Middleware,
  type MiddlewareContext,
  type MiddlewareFor,
  type Next,
  type Observation,
  type RouterOptions,
} from 'mcp-express';
import { z } from 'zod';
import { ABLE, Client, TASKS, WITH_TASKS } from '../modern/alone.js';
import { type RawAnswer, send } from '../support/raw-client.js';
import { initializeRequest, openSession, type TestSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { eventually } from '../support/wait.js';

const runs: string[] = [];
afterEach(() => {
  runs.length = 0;
});

/** A server with one entry of each kind, whose handlers note their runs. */
function server(): McpServer {
  const mcp = new McpServer({ name: 'm', version: '1' });
  const noted = (what: string): string => {
    runs.push(what);
    return what;
  };
  mcp.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, ({ text }) => noted(text));
  mcp.registerTool('plain', {}, () => noted('plain'));
  mcp.registerTool('sum', { outputSchema: z.object({ sum: z.number() }) }, () => ({ sum: 1 }));
  mcp.registerTool('fails', {}, () => {
    throw new Error('broken');
  });
  mcp.registerTool('asks', {}, async (ctx) => {
    noted('asks');
    const { action } = await ctx.elicit({ message: 'Sure?', requestedSchema: z.object({}) });
    return noted(action);
  });
  mcp.registerTool('long', { task: {} }, () => noted('long'));
  mcp.registerTool('later', { task: { start: 'handler' } }, async (ctx) => {
    await ctx.startTask();
    return noted('later');
  });
  mcp.registerResource('r', 'x://r', {}, () => noted('r'));
  mcp.registerPrompt('p', { argsSchema: z.object({ a: z.string() }) }, ({ a }) => noted(a));
  return mcp;
}

interface Both {
  readonly name: string;
  ask(method: string, params?: object): Promise<RawAnswer>;
}

/** The same request in a session, and as a stateless request. */
async function both(mcp: McpServer, options: Partial<RouterOptions> = {}): Promise<readonly Both[]> {
  const { url } = await startServer({ mcp, options });
  const session = await openSession(url);
  const client = new Client(url);
  let id = 0;
  const nextId = (): number => {
    id += 1;
    return id;
  };
  return [
    {
      name: 'session',
      ask: (method, params = {}) => session.post({ jsonrpc: '2.0', id: nextId(), method, params }),
    },
    { name: 'stateless', ask: (method, params = {}) => client.ask(method, { ...params }) },
  ];
}

const REQUESTS: readonly (readonly [string, object])[] = [
  ['tools/list', {}],
  ['tools/call', { name: 'echo', arguments: { text: 'a' } }],
  ['resources/list', {}],
  ['resources/templates/list', {}],
  ['resources/read', { uri: 'x://r' }],
  ['prompts/list', {}],
  ['prompts/get', { name: 'p', arguments: { a: 'b' } }],
];

const firstText = ({ json }: RawAnswer): unknown => json.result.content[0].text;

describe('middleware (R55)', () => {
  test('runs around every method, in order of registration, in both ways of speaking MCP', async () => {
    const mcp = server();
    const seen: string[] = [];
    const named =
      (name: string) =>
      async <P, R>(ctx: MiddlewareContext<P>, next: Next<P, R>): Promise<R> => {
        seen.push(`${name} ${ctx.method}`);
        const result = await next();
        seen.push(`${name} after`);
        return result;
      };
    const clients = await both(mcp);
    const plain = await Promise.all(clients.map((client) => asked(client)));
    mcp.use(named('outer'));
    mcp.use('tools/call', named('inner'));
    for (const [index, client] of clients.entries()) {
      for (const [place, [method, params]] of REQUESTS.entries()) {
        seen.length = 0;
        const answer = await client.ask(method, params);
        const called = method === 'tools/call';
        expect(seen).toEqual([
          `outer ${method}`,
          ...(called ? ['inner tools/call', 'inner after'] : []),
          'outer after',
        ]);
        const { id: _id, ...same } = plain[index]?.[place]?.json ?? {};
        if (same.result?.cacheScope !== undefined) same.result.cacheScope = 'private';
        expect(answer.json).toMatchObject(same);
        expect(Object.keys(answer.json.result)).toEqual(Object.keys(same.result));
      }
    }
  });

  async function asked(client: Both): Promise<RawAnswer[]> {
    const answers: RawAnswer[] = [];
    for (const [method, params] of REQUESTS) answers.push(await client.ask(method, params));
    return answers;
  }

  test('changes arguments, results and _meta, answers alone, and refuses with an McpError', async () => {
    const mcp = server();
    mcp.use('tools/call', async (ctx, next) => {
      const { arguments: args = {} } = ctx.params;
      if (args['text'] === 'deny') throw new McpError('invalid-params', 'No', { data: { why: 'policy' } });
      if (args['text'] === 'alone') return { content: [{ type: 'text', text: 'mine' }] };
      const result = await next({ ...ctx.params, arguments: { ...args, text: `${String(args['text'])}!` } });
      return { ...result, _meta: { ...result._meta, 'x/seen': true } };
    });
    for (const client of await both(mcp)) {
      runs.length = 0;
      const call = (text: string): Promise<RawAnswer> =>
        client.ask('tools/call', { name: 'echo', arguments: { text } });
      const answer = await call('a');
      expect([firstText(answer), answer.json.result._meta['x/seen']]).toEqual(['a!', true]);
      expect(firstText(await call('alone'))).toBe('mine');
      expect((await call('deny')).json.error).toMatchObject({ code: -32602, message: 'No', data: { why: 'policy' } });
      expect(runs).toEqual(['a!']);
      // Changed arguments are validated as those of a client.
      const wrong = await client.ask('tools/call', { name: 'plain', arguments: { text: 5 } });
      expect(wrong.json.result.isError).not.toBe(true);
      if (client.name === 'stateless') expect(answer.json.result.resultType).toBe('complete');
    }
  });

  test('changes a list for one caller, which shared caches then do not keep', async () => {
    const mcp = server();
    mcp.use('tools/list', async (_ctx, next) => {
      const result = await next();
      return { ...result, tools: result.tools.filter(({ name }) => name === 'echo') };
    });
    for (const client of await both(mcp)) {
      const { result } = (await client.ask('tools/list')).json;
      expect(result.tools).toHaveLength(1);
      if (client.name === 'stateless') expect(result.cacheScope).toBe('private');
    }
  });

  test('at the handler: with validated arguments, which invalid ones do not reach', async () => {
    const mcp = server();
    const seen: unknown[] = [];
    mcp.use(
      'tools/call',
      async (ctx, next) => {
        seen.push(ctx.params.arguments);
        const result = await next({ ...ctx.params, arguments: { text: 'changed' } });
        return { ...result, _meta: { by: 'handler' } };
      },
      { at: 'handler' },
    );
    mcp.use('prompts/get', async (_ctx, next) => ({ ...(await next()), description: 'd' }), { at: 'handler' });
    for (const client of await both(mcp)) {
      seen.length = 0;
      const answer = await client.ask('tools/call', { name: 'echo', arguments: { text: 'a', extra: 1 } });
      expect([firstText(answer), answer.json.result._meta.by]).toEqual(['changed', 'handler']);
      const wrong = await client.ask('tools/call', { name: 'echo', arguments: { text: 5 } });
      expect(wrong.json.result.isError).toBe(true);
      expect(seen).toEqual([{ text: 'a' }]);
      const prompt = await client.ask('prompts/get', { name: 'p', arguments: { a: 'b' } });
      expect(prompt.json.result).toMatchObject({ description: 'd', messages: [{ content: { text: 'b' } }] });
    }
  });

  test('initialize: changes its result, sees its sender, and a refusal leaves no session', async () => {
    const mcp = server();
    const seen: unknown[] = [];
    mcp.use('initialize', async (ctx, next) => {
      seen.push([ctx.client.info?.name, ctx.revision, ctx.request.headers['x-tenant'], ctx.sessionId]);
      if (ctx.request.headers['x-tenant'] === 'bad') throw new McpError('invalid-params', 'Unknown tenant');
      return { ...(await next()), instructions: 'For you' };
    });
    const { url, router } = await startServer({ mcp });
    const good = await send(url, { body: initializeRequest(), headers: { 'x-tenant': 'a' } });
    expect(good.json.result).toMatchObject({ instructions: 'For you', protocolVersion: '2025-11-25' });
    expect(seen).toEqual([['raw', '2025-11-25', 'a', undefined]]);
    const bad = await send(url, { body: initializeRequest(), headers: { 'x-tenant': 'bad' } });
    expect([bad.json.error.message, bad.headers['mcp-session-id']]).toEqual(['Unknown tenant', undefined]);
    expect((await router.stats()).sessions).toBe(1);
  });
});

describe('how often middleware runs (R55)', () => {
  function counted(mcp: McpServer): { request: number; handler: number; types: unknown[] } {
    const count = { request: 0, handler: 0, types: [] as unknown[] };
    mcp.use('tools/call', async (_ctx, next) => {
      count.request += 1;
      const result = await next();
      count.types.push(result.resultType);
      return result;
    });
    mcp.use(
      'tools/call',
      async (_ctx, next) => {
        count.handler += 1;
        const result = await next();
        count.types.push(`handler ${String(result.resultType)}`);
        return result;
      },
      { at: 'handler' },
    );
    return count;
  }

  test('round trips: both once in each round, and a round that asks ends with input_required', async () => {
    const mcp = server();
    const count = counted(mcp);
    const { url } = await startServer({ mcp });
    const client = new Client(url, { capabilities: ABLE });
    const params = { name: 'asks', arguments: {} };
    const first = await client.ask('tools/call', params);
    expect(first.json.result?.resultType ?? first.json).toBe('input_required');
    expect(count).toEqual({ request: 1, handler: 1, types: ['handler input_required', 'input_required'] });
    const again = await client.again(params, first, { 'elicitation-1': { action: 'accept', content: {} } });
    expect(firstText(again)).toBe('accept');
    expect(count).toEqual({
      request: 2,
      handler: 2,
      types: ['handler input_required', 'input_required', 'handler complete', 'complete'],
    });
  });

  test.each(['long', 'later'])(
    'a task (%s): the request ends with the task, the handler with its result',
    async (name) => {
      const mcp = server();
      const count = counted(mcp);
      const { url } = await startServer({ mcp });
      const client = new Client(url, { capabilities: WITH_TASKS });
      const { result } = (await client.call(name)).json;
      expect(result).toMatchObject({ resultType: 'task' });
      const done = await eventually('the task completes', async () => {
        const { json } = await client.ask('tasks/get', { taskId: result.taskId });
        return json.result.status === 'completed' && json.result;
      });
      expect(done).toMatchObject({ result: { content: [{ text: name }] } });
      expect([count.request, count.handler]).toEqual([1, 1]);
      expect([...count.types].sort()).toEqual(['handler complete', 'task']);
      expect(TASKS).toBeDefined();
    },
  );

  test('an idempotency key: a retry passes the request middleware again, and gets its change once', async () => {
    const mcp = server();
    const count = counted(mcp);
    mcp.use('tools/call', async (_ctx, next) => {
      const result = await next();
      return { ...result, content: [...result.content, { type: 'text' as const, text: 'footer' }] };
    });
    for (const client of await both(mcp)) {
      const [request, handler] = [count.request, count.handler];
      const ask = (): Promise<RawAnswer> =>
        client.ask('tools/call', { name: 'plain', arguments: {}, _meta: { idempotencyKey: `k-${client.name}` } });
      const first = client.name === 'session' ? await ask() : undefined;
      if (first === undefined) continue;
      const second = await ask();
      expect(second.json.result).toEqual(first.json.result);
      expect(first.json.result.content).toHaveLength(2);
      expect([count.request - request, count.handler - handler]).toEqual([2, 1]);
    }
  });
});

describe('wrong middleware (R55)', () => {
  interface Watched {
    readonly clients: readonly Both[];
    readonly causes: unknown[];
  }

  /** A server whose observer keeps the causes of failures. */
  async function watched(mcp: McpServer, options: Partial<RouterOptions> = {}): Promise<Watched> {
    const causes: unknown[] = [];
    const observe = (event: Observation): void => {
      if (event.type === 'call-ended' && 'cause' in event) causes.push(event.cause);
    };
    return { clients: await both(mcp, { observe, ...options }), causes };
  }

  const TEXT = { type: 'text', text: 'x' } as const;
  const cycle: Record<string, unknown> = { content: [TEXT] };
  cycle['structuredContent'] = cycle;

  const WRONG: readonly (readonly [string, MiddlewareFor<'tools/call'>, RegExp])[] = (
    [
      ['throws', () => Promise.reject(new Error('broken policy')), /broken policy/],
      [
        'returns nothing',
        async (_ctx: unknown, next: () => Promise<unknown>) => void (await next()),
        /returned undefined.*Return the result of next/,
      ],
      ['never calls next and returns nothing', () => undefined, /returned undefined/],
      ['returns text', () => 'text', /returned "?a? ?string|text/],
      ['returns an object without content', () => ({}), /no array "content"/],
      ['returns an invalid block', () => ({ content: [{ type: 'text' }] }), /"text" is not a string/],
      ['returns a value that JSON changes', () => ({ content: [TEXT], structuredContent: { a: NaN } }), /NaN/],
      ['returns a BigInt', () => ({ content: [TEXT], structuredContent: { a: 1n } }), /BigInt/],
      ['returns a cycle', () => cycle, /cycle/],
      ['returns a Map as result', () => new Map(), /content/],
      [
        'calls next twice',
        async (_ctx: unknown, next: () => Promise<unknown>) => [await next(), await next()][1],
        /called next\(\) twice/,
      ],
      [
        'gives next a number',
        (_ctx: unknown, next: (params: number) => Promise<unknown>) => next(5),
        /next\(\) takes the changed params/,
      ],
      ['invents a task', () => ({ resultType: 'task', taskId: 'x' }), /"task" result that is not the one of next/],
      ['invents input_required', () => ({ resultType: 'input_required', inputRequests: {} }), /Call ctx.elicit/],
      ['has a _meta that is no object', () => ({ content: [], _meta: 5 }), /_meta/],
    ] as const
  ).map(([name, run, message]) => [name, run as unknown as MiddlewareFor<'tools/call'>, message]);

  test.each(WRONG)('%s: an internal error, whose cause is observed', async (_name, run, message) => {
    const mcp = server();
    const registered = mcp.use('tools/call', run);
    const { clients, causes } = await watched(mcp);
    for (const client of clients) {
      causes.length = 0;
      const answer = await client.ask('tools/call', { name: 'plain', arguments: {} });
      expect(answer.json.error).toMatchObject({ code: -32603, message: 'Internal error' });
      expect(String(causes[0])).toMatch(message);
    }
    registered.remove();
    for (const client of clients) {
      expect(firstText(await client.ask('tools/call', { name: 'plain', arguments: {} }))).toBe('plain');
    }
  });

  test('never settles: the deadline of calls ends it, before and after the handler', async () => {
    for (const where of ['before', 'after']) {
      const mcp = server();
      mcp.use(async (ctx, next) => {
        if (ctx.method !== 'initialize' && where === 'before') await new Promise(() => {});
        const result = await next();
        if (ctx.method !== 'initialize') await new Promise(() => {});
        return result;
      });
      const { clients } = await watched(mcp, { callTimeoutMs: 100 });
      for (const client of clients) {
        for (const [method, params] of [REQUESTS[0], REQUESTS[1]] as typeof REQUESTS) {
          const answer = await client.ask(method, params);
          expect(answer.json.error.data.reason).toBe('deadline-exceeded');
        }
      }
    }
  });

  test('initialize that never settles is ended by the same deadline', async () => {
    const mcp = server();
    mcp.use('initialize', () => new Promise<never>(() => {}));
    const { url } = await startServer({ mcp, options: { callTimeoutMs: 50 } });
    const answer = await send(url, { body: initializeRequest() });
    expect(answer.json.error.data.reason).toBe('deadline-exceeded');
  });

  test('answers without waiting for next: the handler is aborted, still counts, and its failure is observed', async () => {
    const mcp = new McpServer({ name: 'm', version: '1' });
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const aborted: boolean[] = [];
    mcp.registerTool('slow', {}, async (ctx) => {
      ctx.signal.addEventListener('abort', () => aborted.push(true));
      await held;
      throw new McpError('internal-error', 'late', { cause: new Error('late') });
    });
    mcp.use('tools/call', (_ctx, next) => {
      void next();
      return { content: [{ type: 'text', text: 'early' }] };
    });
    const { url } = await startServer({ mcp, options: { maxCallsPerSession: 1 } });
    const session = await openSession(url);
    expect(firstText(await session.call('slow'))).toBe('early');
    expect(aborted).toEqual([true]);
    expect((await session.call('slow', {}, 2)).status).toBe(429);
    release();
    await eventually('the handler has ended', async () => (await session.call('slow', {}, 3)).status === 200);
  });

  test('calls next after its answer: the handler does not run', async () => {
    const mcp = server();
    let late: (() => Promise<unknown>) | undefined;
    mcp.use('tools/call', (_ctx, next) => {
      late = next;
      return { content: [] };
    });
    const [session] = await both(mcp);
    await session?.ask('tools/call', { name: 'plain', arguments: {} });
    await expect(late?.()).rejects.toThrow('after its answer');
    expect(runs).toEqual([]);
  });

  test('the error of a handler passes, and a middleware may turn it into a result', async () => {
    const mcp = server();
    mcp.use('resources/read', async (_ctx, next) => {
      try {
        return await next();
      } catch (thrown) {
        if (!(thrown instanceof McpError)) throw thrown;
        return { contents: [{ uri: 'x://none', text: thrown.code }] };
      }
    });
    for (const client of await both(mcp)) {
      const answer = await client.ask('resources/read', { uri: 'x://none' });
      expect(answer.json.result.contents[0].text).toBe('resource-not-found');
      expect((await client.ask('tools/call', { name: 'fails', arguments: {} })).json.result.isError).toBe(true);
    }
  });

  test('registration: unknown methods, options and values are refused, and their number is limited', () => {
    const mcp = server();
    const use = mcp.use.bind(mcp) as (...args: readonly unknown[]) => unknown;
    const noop: Middleware = (_ctx, next) => next();
    expect(() => use('tool/call', noop)).toThrow('Did you mean "tools/call"?');
    expect(() => use('ping', noop)).toThrow('does not know the method "ping"');
    expect(() => use('tools/call', 5)).toThrow('use("tools/call", …) takes a function');
    expect(() => use()).toThrow('takes a function');
    expect(() => use(noop, 'handler')).toThrow('takes options');
    expect(() => use(noop, { at: 'before' })).toThrow('"at" is');
    expect(() => use(noop, { when: 'before' })).toThrow('when');
    expect(() => use('tools/list', noop, { at: 'handler' })).toThrow('only tools/call and prompts/get');
    expect(() => {
      for (let count = 0; count < 200; count += 1) use(noop);
    }).toThrow('at most 100');
  });

  test('registered later, it runs for later requests only', async () => {
    const mcp = server();
    const [session] = await both(mcp);
    let count = 0;
    const registered = mcp.use((_ctx, next) => {
      count += 1;
      return next();
    });
    await session?.ask('ping');
    registered.remove();
    registered.remove();
    await session?.ask('ping');
    expect(count).toBe(1);
  });
});

test('middleware may ask the client itself (R55)', async () => {
  const mcp = server();
  mcp.use('tools/call', async (ctx, next) => {
    const { action } = await ctx.elicit({ message: 'Allow?', requestedSchema: z.object({}) });
    return action === 'accept' ? next() : { content: [{ type: 'text', text: 'refused' }], isError: true };
  });
  const { url } = await startServer({ mcp });
  const client = new Client(url, { capabilities: ABLE });
  const params = { name: 'plain', arguments: {} };
  const first = await client.ask('tools/call', params);
  expect(first.json.result.resultType).toBe('input_required');
  const refused = await client.again(params, first, { 'elicitation-1': { action: 'decline' } });
  expect(firstText(refused)).toBe('refused');
  expect(runs).toEqual([]);
  const session: TestSession = await openSession(url);
  expect((await session.call('plain')).json.result?.isError ?? true).toBe(true);
});
