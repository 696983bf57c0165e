import { describe, expect, test } from '@jest/globals';
import {
  ConfigurationError,
  inputRequired,
  McpError,
  McpServer,
  memoryStore,
  urlElicitationRequired,
} from 'mcp-express';
import { Client, textOf as modernText } from '../modern/alone.js';
import type { SseStream } from '../support/raw-client.js';
import { authenticateByHeader, type StartOptions, startServer } from '../support/start-server.js';
import { eventually } from '../support/wait.js';
import { answersOn, CAPABLE, openWire, requestOn, textOf, type WireSession } from './wire-session.js';

const BANK = { message: 'Connect your bank.', url: 'https://shop.example/connect/bank', elicitationId: 'bank-1' };
const CARD = { message: 'Confirm your card.', url: 'https://shop.example/confirm?card=2', elicitationId: 'card-2' };

/** A server whose handlers need the user at web pages until these are done with. */
async function start(more: StartOptions = {}) {
  const connected = new Set<string>();
  const need = (...pages: (typeof BANK)[]) => {
    const open = pages.filter(({ elicitationId }) => !connected.has(elicitationId));
    if (open.length > 0) throw urlElicitationRequired(open, 'Connect first.');
    return 'connected';
  };
  const mcp = new McpServer({ name: 'pages', version: '1' });
  mcp.registerTool('both', {}, () => need(BANK, CARD));
  mcp.registerTool('bank', {}, async () => need(BANK));
  mcp.registerPrompt('bank', {}, () => need(BANK));
  mcp.registerResource('bank', 'x://bank', {}, () => need(BANK));
  mcp.registerTool('ask', {}, async (ctx) => (await ctx.elicit({ mode: 'url', ...BANK })).action);
  mcp.registerTool(
    'ask-any',
    {},
    async (ctx) => (await ctx.elicit({ ...CARD, mode: 'url', elicitationId: undefined as never })).action,
  );
  mcp.registerTool('returned', {}, (ctx) =>
    ctx.inputResponses['page'] === undefined
      ? inputRequired({ inputRequests: { page: inputRequired.elicitUrl({ message: 'Go.', url: CARD.url }) } })
      : 'returned',
  );
  const server = await startServer({ mcp, before: [authenticateByHeader], ...more });
  const open = (user = 'ann') => openWire(server.url, { capabilities: CAPABLE, user });
  return { ...server, mcp, connected, open };
}

const COMPLETE = 'notifications/elicitation/complete';
const completedOn = (stream: SseStream): string[] =>
  stream.messages.flatMap(({ method, params }) => (method === COMPLETE ? [params.elicitationId] : []));

/** What was said on the stream before this has come. */
async function settled(session: WireSession, stream: SseStream): Promise<string[]> {
  await session.ask('ping');
  return completedOn(stream);
}

const required = (...pages: (typeof BANK)[]) => ({
  code: -32042,
  message: 'Connect first.',
  data: { reason: 'url-elicitation-required', elicitations: pages.map((page) => ({ mode: 'url', ...page })) },
});

describe('a handler that needs its user at a web page (MCP 2025-11-25, "URL Elicitation Required Error")', () => {
  test.each([
    ['a tool', 'tools/call', { name: 'bank' }, [BANK]],
    ['a tool, at two pages', 'tools/call', { name: 'both' }, [BANK, CARD]],
    ['a prompt', 'prompts/get', { name: 'bank' }, [BANK]],
    ['a resource', 'resources/read', { uri: 'x://bank' }, [BANK]],
  ])(
    'ends the request with the elicitations: %s [elicitation.required-error, elicitation.required-error-data]',
    async (_what, method, params, pages) => {
      const session = await (await start()).open();
      expect((await session.ask(method, params)).error).toEqual(required(...pages));
    },
  );

  test('goes on when the client calls again, once the user was there, and the client is told of that', async () => {
    const { open, connected, router } = await start();
    const session = await open();
    const stream = await session.listen();
    expect((await session.ask('tools/call', { name: 'both' })).error).toEqual(required(BANK, CARD));
    for (const { elicitationId } of [BANK, CARD]) {
      connected.add(elicitationId);
      expect(await router.notify.elicitationComplete(elicitationId)).toBe(true);
    }
    await stream.untilMessages(2);
    expect(completedOn(stream)).toEqual(['bank-1', 'card-2']);
    expect(textOf(await session.tool('both'))).toBe('connected');
  });

  test.each([
    ['has not declared it', { capabilities: { elicitation: {} } }],
    ['speaks a revision that does not know it', { capabilities: CAPABLE, revision: '2025-06-18' }],
  ])(
    'a client that %s is not told to send its user anywhere [elicitation.required-error-only, elicitation.supported-modes]',
    async (_what, options) => {
      const session = await openWire((await start()).url, options);
      const result = await session.tool('bank');
      expect(result.isError).toBe(true);
      expect(textOf(result)).toMatch(/^Connect first\. \(.*elicitation\.url/);
      const { error } = await session.ask('prompts/get', { name: 'bank' });
      expect(error).toMatchObject({ code: -32000, data: { reason: 'capability-missing' } });
    },
  );

  test('a call with an idempotency key is carried out when it is sent again', async () => {
    const { open, connected } = await start();
    const session = await open();
    const call = () => session.ask('tools/call', { name: 'bank' }, { 'idempotency-key': 'k-1' });
    expect((await call()).error.code).toBe(-32042);
    connected.add(BANK.elicitationId);
    expect(textOf((await call()).result)).toBe('connected');
  });
});

describe('notifications/elicitation/complete goes to the client that was asked, and to no other', () => {
  test('asked by an error, and by ctx.elicit, of two sessions of one user [elicitation.complete-to-asked, elicitation.complete-id]', async () => {
    const { open, router } = await start();
    const [one, other, stranger] = [await open(), await open(), await open('bob')];
    const streams = [await one.listen(), await other.listen(), await stranger.listen()] as const;
    await one.ask('tools/call', { name: 'bank' });
    const asking = await other.callStream('ask-any', {}, 1);
    const { id, params } = await requestOn(asking, 'elicitation/create');
    expect(params).toEqual({ mode: 'url', message: CARD.message, url: CARD.url, elicitationId: expect.any(String) });
    await other.answer(id, { action: 'accept' });
    await asking.untilClosed();
    expect(textOf(answersOn(asking)[0].result)).toBe('accept');
    expect(await router.notify.elicitationComplete(params.elicitationId)).toBe(true);
    expect(await router.notify.elicitationComplete('bank-1')).toBe(true);
    await Promise.all([streams[0].untilMessages(1), streams[1].untilMessages(1)]);
    expect(await settled(one, streams[0])).toEqual(['bank-1']);
    expect(await settled(other, streams[1])).toEqual([params.elicitationId]);
    expect(await settled(stranger, streams[2])).toEqual([]);
  });

  test('once, and not for ids that were never sent; nobody is told then', async () => {
    const { open, router } = await start();
    const session = await open();
    const stream = await session.listen();
    await session.ask('tools/call', { name: 'bank' });
    expect(await router.notify.elicitationComplete('bank-1')).toBe(true);
    expect(await router.notify.elicitationComplete('bank-1')).toBe(false);
    for (const id of ['card-2', '', 'x'.repeat(100_000)]) {
      expect(await router.notify.elicitationComplete(id)).toBe(false);
    }
    await stream.untilMessages(1);
    expect(await settled(session, stream)).toEqual(['bank-1']);
  });

  test('of two sessions that were asked with one id, the newer; the same one twice, once', async () => {
    const { open, router } = await start();
    const [older, newer] = [await open(), await open()];
    const [olders, newers] = [await older.listen(), await newer.listen()];
    for (const session of [older, newer, newer]) await session.ask('tools/call', { name: 'bank' });
    await router.notify.elicitationComplete('bank-1');
    await newers.untilMessages(1);
    expect([await settled(older, olders), await settled(newer, newers)]).toEqual([[], ['bank-1']]);
  });

  test('when it comes back, where it was away; not where its session was ended', async () => {
    const { open, router } = await start();
    const [away, ended] = [await open(), await open('bob')];
    await away.ask('tools/call', { name: 'bank' });
    expect(await router.notify.elicitationComplete('bank-1')).toBe(true);
    const stream = await away.listen();
    await stream.untilMessages(1);
    expect(completedOn(stream)).toEqual(['bank-1']);
    await ended.ask('tools/call', { name: 'bank' });
    await ended.delete();
    expect(await router.notify.elicitationComplete('bank-1')).toBe(false);
  });

  test('from any node, and from within a handler', async () => {
    const store = memoryStore();
    const [here, there] = [await start({ options: { store } }), await start({ options: { store } })];
    there.mcp.registerTool('callback', {}, async (ctx) => String(await ctx.notify.elicitationComplete('bank-1')));
    const session = await here.open();
    const stream = await session.listen();
    await session.ask('tools/call', { name: 'bank' });
    const page = await there.open('bob');
    expect(textOf(await page.tool('callback'))).toBe('true');
    await stream.untilMessages(1);
    expect(completedOn(stream)).toEqual(['bank-1']);
  });

  test('a question that is returned has an id in a session, and is completed alike [elicitation.url-parameters]', async () => {
    const { open, router } = await start();
    const session = await open();
    const stream = await session.listen();
    const asking = await session.callStream('returned', {}, 1);
    const { id, params } = await requestOn(asking, 'elicitation/create');
    expect(params.elicitationId).toEqual(expect.any(String));
    await session.answer(id, { action: 'accept' });
    await asking.untilClosed();
    await router.notify.elicitationComplete(params.elicitationId);
    await stream.untilMessages(1);
    expect(completedOn(stream)).toEqual([params.elicitationId]);
  });
});

describe('2026-07-28 has neither the error nor the notification (changelog): the elicitations are asked as input', () => {
  const asked = (...pages: (typeof BANK)[]) =>
    Object.fromEntries(
      pages.map(({ message, url }, place) => [
        `url-elicitation-${place + 1}`,
        { method: 'elicitation/create', params: { mode: 'url', message, url } },
      ]),
    );

  async function modern(capabilities: object = CAPABLE) {
    const started = await start();
    return { ...started, client: new Client(started.url, { capabilities, user: 'ann' }) };
  }

  test('and the request is served when it comes back, or asked again where the page is not done with', async () => {
    const { client, connected, router } = await modern();
    const call = { name: 'both', arguments: {} };
    const first = await client.ask('tools/call', call);
    expect(first.json.result).toMatchObject({ resultType: 'input_required', inputRequests: asked(BANK, CARD) });
    expect(await router.notify.elicitationComplete(BANK.elicitationId)).toBe(false);
    connected.add(BANK.elicitationId);
    const accept = { 'url-elicitation-1': { action: 'accept' }, 'url-elicitation-2': { action: 'accept' } };
    const second = await client.again(call, first, accept);
    expect(second.json.result).toMatchObject({ resultType: 'input_required', inputRequests: asked(CARD) });
    connected.add(CARD.elicitationId);
    expect(modernText(await client.again(call, second, accept))).toBe('connected');
  });

  test.each([
    ['prompts/get', { name: 'bank' }],
    ['resources/read', { uri: 'x://bank' }],
  ])('also those of %s', async (method, params) => {
    const { client } = await modern();
    expect((await client.ask(method, params)).json.result).toMatchObject({ inputRequests: asked(BANK) });
  });

  test.each(['decline', 'cancel'])('a user who chose %s is not asked again: the model is told', async (action) => {
    const { client } = await modern();
    const call = { name: 'bank', arguments: {} };
    const first = await client.ask('tools/call', call);
    const { result } = (await client.again(call, first, { 'url-elicitation-1': { action } })).json;
    expect(result).toMatchObject({
      isError: true,
      content: [{ text: 'The user did not open the page: Connect your bank.' }],
    });
  });

  test('a client that has not declared it is refused', async () => {
    const { client } = await modern({ elicitation: { form: {} } });
    const { status, json } = await client.call('bank');
    expect([status, json.error.code, json.error.message]).toEqual([
      400,
      -32021,
      expect.stringMatching(/^Connect first\./),
    ]);
  });

  test('in a task, it is asked while the task waits', async () => {
    const capabilities = { ...CAPABLE, extensions: { 'io.modelcontextprotocol/tasks': {} } };
    const { client, mcp, connected } = await modern(capabilities);
    mcp.registerTool('long', { task: {} }, () => {
      if (!connected.has('bank-1')) throw urlElicitationRequired([BANK]);
      return 'connected';
    });
    const { taskId } = (await client.call('long')).json.result;
    const task = async () => (await client.ask('tasks/get', { taskId })).json.result;
    await eventually('it asks', async () => (await task()).status === 'input_required');
    const { inputRequests } = await task();
    const [key = ''] = Object.keys(inputRequests);
    expect(inputRequests[key]).toEqual(asked(BANK)['url-elicitation-1']);
    connected.add('bank-1');
    await client.ask('tasks/update', { taskId, inputResponses: { [key]: { action: 'accept' } } });
    await eventually('it is over', async () => (await task()).status === 'completed');
    expect((await task()).result.content[0].text).toBe('connected');
  });
});

describe('what cannot be sent is refused where it is made', () => {
  test.each<[string, unknown, RegExp]>([
    ['none', [], /at least one/],
    ['no URL', [{ message: 'x' }], /"url"/],
    ['a wrong URL', [{ message: 'x', url: 'not a url' }], /valid "url"/],
    ['no message', [{ url: BANK.url }], /"message"/],
    ['an id that is no text', [{ ...BANK, elicitationId: 5 }], /"elicitationId"/],
    ['no list', BANK, /at least one elicitation/],
  ])('%s', (_what, elicitations, message) => {
    const make = urlElicitationRequired as (elicitations: unknown) => McpError;
    expect(() => make(elicitations)).toThrow(ConfigurationError);
    expect(() => make(elicitations)).toThrow(message);
  });

  test('an McpError with the code and without elicitations is an internal error, whose cause is logged', async () => {
    const lines: string[] = [];
    const logger = { error: (_fields: object, line: string) => lines.push(line) };
    const { mcp, open } = await start({ options: { logger } });
    mcp.registerTool('bare', {}, () => {
      throw new McpError('url-elicitation-required', 'Connect first.');
    });
    expect((await (await open()).ask('tools/call', { name: 'bare' })).error).toMatchObject({ code: -32603 });
    expect(lines).toEqual([expect.stringMatching(/^tools\/call "bare" failed: ConfigurationError: .*"elicitations"/)]);
  });
});
