import { describe, expect, test } from '@jest/globals';
import { ConfigurationError, type Extension, McpError, McpServer } from 'mcp-express';
import { z } from 'zod';
import { Client } from '../modern/alone.js';
import { openStream, send } from '../support/raw-client.js';
import { initializeRequest, NEWEST, TestSession } from '../support/session.js';
import { authenticateByHeader, startServer, USER_HEADER } from '../support/start-server.js';
import { eventually } from '../support/wait.js';

const ID = 'com.example/orders';
const WITH = { extensions: { [ID]: { most: 3 } } };

function ordersServer() {
  const mcp = new McpServer({ name: 'shop', version: '1' });
  const seen: unknown[] = [];
  const registered = mcp.registerExtension({
    id: ID,
    version: '1.2.0',
    settings: { live: true },
    methods: {
      'orders/watch': {
        paramsSchema: z.object({ number: z.int() }),
        resultSchema: z.object({ watched: z.int(), most: z.number() }),
        handler: async ({ number }, ctx) => {
          await ctx.sendNotification('notifications/orders/changed', { number, _meta: { 'com.example/n': 1 } });
          return { watched: number, most: Number(ctx.client.extension(ID)?.['most']) };
        },
      },
      'orders/bad': { paramsSchema: {}, resultSchema: z.object({ a: z.string() }), handler: () => ({ a: 1 }) },
      'orders/refuse': {
        paramsSchema: {},
        handler: () => {
          throw new McpError('invalid-params', 'No such order');
        },
      },
      'orders/scoped': { paramsSchema: {}, scopes: ['orders:read'], handler: () => ({}) },
      'orders/ask': { paramsSchema: {}, handler: async (_params, ctx) => ({ roots: await ctx.roots() }) },
    },
    notifications: {
      'notifications/orders/changed': { paramsSchema: z.object({ number: z.int() }) },
      'notifications/orders/seen': {
        paramsSchema: z.object({ number: z.int() }),
        handler: ({ number }, { client, revision, sessionId }) => {
          seen.push([number, client.extension(ID), revision, sessionId !== undefined]);
        },
      },
    },
  });
  return { mcp, seen, registered };
}

async function sessionWith(url: string, capabilities: object, headers = {}) {
  const answer = await send(url, { body: initializeRequest(NEWEST, 'i', capabilities), headers });
  const session = new TestSession(url, String(answer.headers['mcp-session-id']), NEWEST, headers);
  return { session, capabilities: answer.json.result.capabilities };
}

const request = (method: string, params: object = {}, id = 1) => ({ jsonrpc: '2.0', id, method, params });

describe('an extension of the application (R56)', () => {
  test('is declared in both eras, with its settings', async () => {
    const { mcp, registered } = ordersServer();
    const { url } = await startServer({ mcp });
    const declared = { [ID]: { version: '1.2.0', live: true } };
    expect((await sessionWith(url, {})).capabilities.extensions).toEqual(declared);
    const discover = async () => (await new Client(url).ask('server/discover')).json.result.capabilities;
    expect((await discover()).extensions).toEqual(declared);
    registered.remove();
    expect((await sessionWith(url, {})).capabilities.extensions).toBeUndefined();
    expect((await discover()).extensions).toBeUndefined();
  });

  test('its method and notifications work in a session', async () => {
    const { mcp, seen } = ordersServer();
    const { url } = await startServer({ mcp });
    const { session } = await sessionWith(url, WITH);
    const stream = await session.stream(request('orders/watch', { number: 7, _meta: { progressToken: 1 } }));
    await stream.untilClosed();
    expect(stream.messages).toEqual([
      { jsonrpc: '2.0', method: 'notifications/orders/changed', params: { number: 7, _meta: { 'com.example/n': 1 } } },
      { jsonrpc: '2.0', id: 1, result: { watched: 7, most: 3 } },
    ]);
    await session.post({ jsonrpc: '2.0', method: 'notifications/orders/seen', params: { number: 'x' } });
    await session.post({ jsonrpc: '2.0', method: 'notifications/orders/seen', params: { number: 8 } });
    await eventually('it is received', () => seen.length > 0);
    expect(seen).toEqual([[8, { most: 3 }, NEWEST, true]]);
  });

  test('its method and notifications work in stateless requests', async () => {
    const { mcp, seen } = ordersServer();
    const { url } = await startServer({ mcp });
    const client = new Client(url, { capabilities: WITH });
    const stream = await client.stream('orders/watch', { number: 7 });
    await stream.untilClosed();
    expect(stream.messages.map(({ method }) => method)).toEqual(['notifications/orders/changed', undefined]);
    expect(stream.messages[1]?.result).toMatchObject({ resultType: 'complete', watched: 7, most: 3 });
    const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
    const capable = { ...meta, 'io.modelcontextprotocol/clientCapabilities': WITH };
    const body = { jsonrpc: '2.0', method: 'notifications/orders/seen', params: { number: 9, _meta: capable } };
    const sent = await send(url, { body, headers: { 'mcp-protocol-version': '2026-07-28' } });
    expect(sent.status).toBe(202);
    await eventually('it is received', () => seen.length > 0);
    expect(seen).toEqual([[9, { most: 3 }, '2026-07-28', false]]);
  });

  test('a client without it is refused, by the error of each era', async () => {
    const { mcp, seen } = ordersServer();
    const { url } = await startServer({ mcp });
    const refused = await new Client(url).ask('orders/watch', { number: 7 });
    expect([refused.status, refused.json.error.code]).toEqual([400, -32021]);
    expect(refused.json.error.data.requiredCapabilities).toEqual({ extensions: { [ID]: {} } });
    const { session } = await sessionWith(url, { extensions: { [ID]: null } });
    const { json } = await session.post(request('orders/watch', { number: 7 }));
    expect(json.error.data).toMatchObject({ reason: 'capability-missing' });
    await session.post({ jsonrpc: '2.0', method: 'notifications/orders/seen', params: { number: 8 } });
    await session.post(request('ping'));
    expect(seen).toEqual([]);
  });

  test('params, results, scopes and thrown errors are checked, and no call crashes', async () => {
    const { mcp } = ordersServer();
    const failures: unknown[] = [];
    const { url } = await startServer({
      mcp,
      before: [authenticateByHeader],
      options: { observe: (event) => event.type === 'failure' && void failures.push(event.cause) },
    });
    const client = new Client(url, { capabilities: { ...WITH, roots: {} } });
    const wrong = (await client.ask('orders/watch', { number: 'x' })).json.error;
    expect([wrong.code, wrong.message]).toEqual([-32602, expect.stringContaining('number')]);
    expect((await client.ask('orders/bad')).json.error).toMatchObject({ code: -32603, message: 'Internal error' });
    expect(String(failures[0])).toMatch(/"orders\/bad".*resultSchema does not allow: a/);
    expect((await client.ask('orders/refuse')).json.error.message).toBe('No such order');
    expect((await client.ask('orders/scoped')).status).toBe(401);
    expect((await client.ask('orders/scoped', {}, { user: 'alice' })).status).toBe(403);
    expect((await client.ask('orders/ask')).json.error.data.reason).toBe('no-channel');
    expect((await client.ask('orders/none')).json.error.code).toBe(-32601);
  });

  test('exists only for callers for whom it is visible', async () => {
    const mcp = new McpServer({ name: 'shop', version: '1' }, { listTtlMs: 60_000 });
    const visible = (principal?: { subject: string }) => principal?.subject === 'alice';
    mcp.registerExtension({ id: ID, visible, methods: { 'orders/all': { paramsSchema: {}, handler: () => ({}) } } });
    const { url } = await startServer({ mcp, before: [authenticateByHeader] });
    for (const [user, exists] of [
      ['alice', true],
      ['bob', false],
      ['alice', true],
    ] as const) {
      const client = new Client(url, { capabilities: WITH, user });
      const { result } = (await client.ask('server/discover')).json;
      expect([ID in (result.capabilities.extensions ?? {}), result.cacheScope]).toEqual([exists, 'private']);
      expect((await client.ask('orders/all')).status).toBe(exists ? 200 : 404);
      const { session, capabilities } = await sessionWith(url, WITH, { [USER_HEADER]: user });
      expect(ID in (capabilities.extensions ?? {})).toBe(exists);
      expect((await session.post(request('orders/all'))).json.error?.code).toBe(exists ? undefined : -32601);
    }
  });
});

test('ctx.sendNotification: only declared ones, with valid params, to clients that declared the extension (R56)', async () => {
  const { mcp } = ordersServer();
  mcp.registerTool('tell', { inputSchema: z.object({ method: z.string(), params: z.any() }) }, async (args, ctx) => {
    await ctx.sendNotification(args.method, args.params);
    return 'told';
  });
  const { url } = await startServer({ mcp });
  const tell = async (capabilities: object, method: string, params: object) => {
    const stream = await new Client(url, { capabilities }).callStream('tell', { method, params });
    await stream.untilClosed();
    return [stream.messages.length, stream.messages.at(-1)?.result.content[0].text];
  };
  const changed = 'notifications/orders/changed';
  expect(await tell(WITH, changed, { number: 1 })).toEqual([2, 'told']);
  expect(await tell({}, changed, { number: 1 })).toEqual([1, 'told']);
  expect((await tell(WITH, changed, { number: 'x' }))[1]).toMatch(
    /Invalid params of notifications\/orders\/changed: number/,
  );
  expect((await tell(WITH, 'notifications/progress', {}))[1]).toMatch(/No extension has the notification/);
  const stream = await openStream(url, { body: {}, method: 'GET' }).catch(() => undefined);
  expect(stream).toBeUndefined();
});

const handler = () => ({});
const method = { paramsSchema: {}, handler };
const WRONG: readonly (readonly [string, object, RegExp])[] = [
  ['an id without a prefix', { id: 'orders' }, /prefix, "\/" and a name.*"orders"/],
  ['an id with an empty label', { id: 'com..example/x' }, /it is "com\.\.example\/x"/],
  ['no id', {}, /it is undefined/],
  ['the id of tasks', { id: 'io.modelcontextprotocol/tasks' }, /tasks" is registered already/],
  ['an unknown member', { id: ID, method: {} }, /no option "method".*"methods"/],
  ['a method of MCP', { id: ID, methods: { 'tools/call': method } }, /"tools\/call".*is a method of MCP/],
  ['initialize', { id: ID, methods: { initialize: method } }, /is a method of MCP/],
  ['a method of clients', { id: ID, methods: { 'roots/list': method } }, /is a method of MCP/],
  ['a method of tasks', { id: ID, methods: { 'tasks/get': method } }, /belongs to another extension/],
  ['a method with a space', { id: ID, methods: { 'orders watch': method } }, /letters, digits/],
  ['rpc.', { id: ID, methods: { 'rpc.x': method } }, /letters, digits/],
  ['a notification as a method', { id: ID, methods: { 'notifications/x': method } }, /belongs in "notifications"/],
  ['no schema', { id: ID, methods: { a: { handler } } }, /needs a "paramsSchema"/],
  ['no handler', { id: ID, methods: { a: { paramsSchema: {} } } }, /needs a handler/],
  ['a method as a function', { id: ID, methods: { a: handler } }, /takes an object with paramsSchema/],
  ['no object of params', { id: ID, methods: { a: { paramsSchema: z.string(), handler } } }, /paramsSchema/],
  ['bad scopes', { id: ID, methods: { a: { ...method, scopes: 'x' } } }, /"scopes".*array/],
  ['visible', { id: ID, visible: true }, /"visible" must be a function/],
  ['settings', { id: ID, settings: [] }, /"settings".*must be an object/],
  ['settings without JSON', { id: ID, settings: { a: Number.NaN } }, /"settings".*have.*NaN/],
  ['version', { id: ID, version: 1 }, /"version".*non-empty string/],
  ['methods', { id: ID, methods: [] }, /"methods".*must be an object/],
  [
    'a notification without its prefix',
    { id: ID, notifications: { changed: method } },
    /must begin with "notifications\/"/,
  ],
  ['a notification of MCP', { id: ID, notifications: { 'notifications/message': method } }, /is a notification of MCP/],
];

test.each(WRONG)('registerExtension refuses %s', (_what, extension, message) => {
  const mcp = new McpServer({ name: 'shop', version: '1' });
  const register = () => mcp.registerExtension(extension as Extension);
  expect(register).toThrow(ConfigurationError);
  expect(register).toThrow(message);
});

test('registerExtension refuses what another extension has, and takes it once that is removed', () => {
  const { mcp, registered } = ordersServer();
  expect(() => mcp.registerExtension({ id: ID })).toThrow(/"com.example\/orders" is registered already/);
  const other = { id: 'com.example/other', methods: { 'orders/watch': method } } as const;
  expect(() => mcp.registerExtension(other)).toThrow(/"orders\/watch".*belongs to another extension/);
  const rival = {
    id: 'com.example/rival',
    notifications: { 'notifications/orders/seen': { paramsSchema: {} } },
  } as const;
  expect(() => mcp.registerExtension(rival)).toThrow(/orders\/seen".*belongs to another extension/);
  registered.remove();
  mcp.registerExtension(other);
  expect(() => mcp.registerExtension({ id: ID })).not.toThrow();
});
