import { describe, expect, test } from '@jest/globals';
import { inputRequired, McpError, McpServer } from 'mcp-express';
import { type JsonBody, send } from '../../support/raw-client.js';
import { authenticateByHeader } from '../../support/start-server.js';
import { addEcho, addGate } from '../../support/test-tools.js';
import { isNotification, isResponse } from '../client.js';
import { INFO, specServer } from '../server.js';
import { ABLE, META, metaOf, refusalOf, requestAlone, start, textOf, WITH_TASKS } from './client.js';
import { everyError, everyResult, tour } from './tour.js';

describe('what the server says', () => {
  test('it is JSON-RPC 2.0, of requests, rounds and subscriptions [basic.patterns, basic.json-rpc]', async () => {
    const { messages } = await tour();
    for (const message of messages) {
      expect(message).toMatchObject({ jsonrpc: '2.0' });
      expect(Object.keys(message).filter((key) => !/^(jsonrpc|id|method|params|result|error)$/.test(key))).toEqual([]);
    }
    const types = messages.filter(isResponse).map(({ result }) => result?.resultType);
    expect([...new Set(types)].sort()).toEqual(['complete', 'input_required', 'task', undefined]);
    expect(messages.map(({ method }) => method)).toContain('notifications/subscriptions/acknowledged');
  });

  test('a response has the id of its request, type and all [basic.response-id]', async () => {
    for (const { sent, response } of (await tour()).exchanges) expect(response.id).toBe(sent.id);
  });

  test('a response has a result or an error, not both [basic.result-or-error]', async () => {
    for (const message of (await tour()).messages.filter(isResponse)) {
      expect(Object.keys(message).filter((key) => key === 'result' || key === 'error')).toHaveLength(1);
      if ('result' in message) expect(message.result).toBeInstanceOf(Object);
    }
  });

  test('a result says of which type it is: one of the core, or of an extension both sides have [basic.result-type, basic.result-types-known]', async () => {
    for (const { sent, response } of (await tour()).exchanges.filter(({ response }) => 'result' in response)) {
      const knowsTasks = sent.params._meta[META.capabilities].extensions !== undefined;
      const known = ['complete', 'input_required', ...(knowsTasks ? ['task'] : [])];
      expect(known).toContain(response.result.resultType);
    }
  });

  test('a handler cannot make a result of another type [basic.result-type, basic.result-types-known]', async () => {
    const mcp = specServer();
    for (const resultType of ['task', 'x', 5]) {
      mcp.registerTool(`as-${resultType}`, {}, () => ({ content: [], resultType }) as never);
      mcp.registerResource(`as-${resultType}`, `spec://as/${resultType}`, {}, (uri) => {
        return { contents: [{ uri: uri.href, text: 'x' }], resultType } as never;
      });
    }
    const { client } = await start({ mcp, capabilities: WITH_TASKS });
    for (const resultType of ['task', 'x', '5']) {
      expect((await client.call(`as-${resultType}`)).json.result.resultType).toBe('complete');
      const { json } = await client.ask('resources/read', { uri: `spec://as/${resultType}` });
      expect(json.result.resultType).toBe('complete');
    }
  });

  test('an error has an integer code and a message [basic.error-shape, basic.error-code-integer]', async () => {
    const errors = await everyError();
    expect(errors.length).toBeGreaterThan(10);
    for (const { json } of errors) {
      expect(Number.isInteger(json.error.code)).toBe(true);
      expect(json.error.message).toEqual(expect.stringMatching(/\S/));
    }
  });

  test('a notification has no id [basic.notification-no-id]', async () => {
    const said = (await tour()).messages.filter(({ method }) => method !== undefined);
    expect(new Set(said.map(({ method }) => method)).size).toBeGreaterThanOrEqual(5);
    for (const message of said) expect(isNotification(message)).toBe(true);
  });

  test('every result says who gave it [basic.server-info]', async () => {
    for (const result of await everyResult()) expect(result._meta[META.server]).toEqual(INFO);
  });

  test('keys it adds are reserved ones, all others are the application’s [basic.meta-key-prefix, basic.meta-key-label, basic.meta-key-name, basic.meta-key-reverse-dns]', async () => {
    const given = { 'com.example.spec/a-b_c.d': 1 };
    const mcp = specServer();
    mcp.registerTool('meta', { _meta: given }, () => ({ content: [], _meta: given }));
    const { client } = await start({ mcp });
    expect((await client.call('meta')).json.result._meta).toEqual({ ...given, [META.server]: INFO });
    const { tools } = (await client.ask('tools/list')).json.result;
    expect(tools.find(({ name }: JsonBody) => name === 'meta')._meta).toEqual(given);
    const keys = (await tour()).messages.flatMap(metasIn).flatMap((meta) => Object.keys(meta));
    expect([...new Set(keys)].sort()).toEqual([META.server, META.subscription]);
  });
});

/** Every `_meta` in a message, however deep. */
function metasIn(value: JsonBody): object[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = '_meta' in value ? [value._meta] : [];
  return [...own, ...Object.values(value).flatMap(metasIn)];
}

describe('the codes of errors', () => {
  test('of the reserved ones only those are used that MCP defines, and none that it gave up [basic.error-codes-new, basic.error-codes-reserved, basic.error-codes-retired]', async () => {
    const codes = (await everyError()).map(({ json }) => json.error.code as number);
    const reserved = codes.filter((code) => code <= -32000 && code >= -32099);
    expect([...new Set(reserved)].sort()).toEqual([-32020, -32021, -32022]);
    expect(codes).not.toContain(-32002);
    expect(codes).not.toContain(-32042);
  });

  test('-32020, -32021 and -32022 mean what they are defined to mean [basic.error-codes-meaning]', async () => {
    const wrong = new Set(
      (await everyError()).filter(({ json }) => json.error.code < -32019 && json.error.code > -32023),
    );
    for (const { json, about } of wrong) {
      const meanings: Readonly<Record<number, string>> = {
        [-32020]: 'header',
        [-32021]: 'capability',
        [-32022]: 'version',
      };
      expect([about, json.error.code]).toEqual([meanings[json.error.code], json.error.code]);
    }
  });

  test('what a handler throws in the words of the package has no code of the old ones [basic.error-codes-legacy]', async () => {
    const codes = ['insufficient-scope', 'rate-limited', 'unauthorized', 'session-ended'] as const;
    const mcp = specServer();
    for (const code of codes) {
      mcp.registerTool(code, {}, () => {
        throw new McpError(code, 'No');
      });
    }
    const { client } = await start({ mcp });
    const said = await Promise.all(codes.map(async (code) => [code, (await client.call(code)).json.error.code]));
    expect(said.filter(([, code]) => Number(code) <= -32000 && Number(code) >= -32019)).toEqual([]);
  });

  test('nor has what is refused before a method runs [basic.error-codes-legacy]', async () => {
    const { client, url } = await start({ options: { maxBodyBytes: 2000 } });
    const listening = requestAlone('subscriptions/listen', { notifications: {} });
    const foreign = { origin: 'https://evil.example' };
    const refusals = [
      await send(url, { ...listening, headers: { ...listening.headers, accept: 'application/json' } }),
      await client.ask('tools/list', {}, { headers: { 'content-type': 'text/plain' } }),
      await client.ask('tools/list', {}, { headers: { accept: 'text/html' } }),
      await client.call('echo', { text: 'x'.repeat(3000) }),
      await client.ask('tools/list', {}, { headers: foreign }),
    ];
    const codes = refusals.map(({ status, json }) => [status, json.error.code]);
    expect(codes.filter(([, code]) => code <= -32000 && code >= -32019)).toEqual([]);
  });
});

describe('what the server takes', () => {
  test('what is not JSON-RPC 2.0 is refused, with an error that is [basic.json-rpc, basic.error-shape]', async () => {
    const { url } = await start();
    const { headers } = requestAlone('tools/list');
    const params = { _meta: metaOf({}) };
    for (const body of [
      '{',
      'null',
      '"x"',
      { id: 1, method: 'tools/list', params },
      { jsonrpc: '1.0', id: 1, params },
    ]) {
      const { status, json } = await send(url, { body, headers });
      expect([status, json.jsonrpc, json.id ?? null]).toEqual([400, '2.0', null]);
      expect(json.error).toMatchObject({ code: body === '{' ? -32700 : -32600, message: expect.any(String) });
    }
  });

  test('a request whose id is null, or no string or integer, is refused [basic.request-id-null, basic.request-id-type]', async () => {
    const mcp = specServer();
    const gate = addGate(mcp);
    const { url } = await start({ mcp });
    const { headers, body } = requestAlone('tools/call', { name: 'gate' });
    for (const id of [null, 1.5, true, [1], {}]) {
      expect(refusalOf(await send(url, { headers, body: { ...body, id } }))).toEqual([400, -32600]);
    }
    expect(gate.calls).toHaveLength(0);
  });

  test('a notification is not answered, whatever it is about, and runs nothing [basic.notification-no-response]', async () => {
    const mcp = specServer();
    const gate = addGate(mcp);
    const { url } = await start({ mcp });
    for (const method of ['notifications/cancelled', 'notifications/no-such', 'tools/call']) {
      const { headers, body } = requestAlone(method, { name: 'gate', requestId: 1 });
      const { id: _none, ...notification } = body;
      const { status, text } = await send(url, { headers, body: notification });
      expect([status, text]).toEqual([202, '']);
    }
    expect(gate.calls).toHaveLength(0);
  });
});

describe('_meta', () => {
  const REQUIRED: readonly [string, object][] = [
    ['no _meta', { _meta: undefined }],
    ['a _meta that is no object', { _meta: 'x' }],
    ['no version', { _meta: { ...metaOf({}), [META.version]: undefined } }],
    ['a version that is no text', { _meta: { ...metaOf({}), [META.version]: 20260728 } }],
    ['no capabilities', { _meta: { ...metaOf({}), [META.capabilities]: undefined } }],
    ['capabilities that are a list', { _meta: { ...metaOf({}), [META.capabilities]: [] } }],
    ['capabilities that are null', { _meta: { ...metaOf({}), [META.capabilities]: null } }],
  ];

  test.each(REQUIRED)(
    'a request with %s is 400 and -32602, and runs nothing [basic.meta-required, basic.meta-required-status]',
    async (_what, wrong) => {
      const mcp = new McpServer(INFO);
      const count = addEcho(mcp);
      const { url } = await start({ mcp });
      const { headers, body } = requestAlone('tools/call', { name: 'echo', arguments: { text: 'x' } });
      const { params, ...rest } = body;
      const answer = await send(url, { headers, body: { ...rest, params: { ...params, ...wrong } } });
      expect(refusalOf(answer)).toEqual([400, -32602]);
      expect(answer.json.id).toBe(1);
      expect(count.calls).toBe(0);
    },
  );

  test('whatever stands at other reserved keys, a request is served as without [basic.meta-no-assumptions]', async () => {
    const { client } = await start();
    const reserved = ['progressToken', 'io.modelcontextprotocol/related-task', 'dev.mcp/x', 'traceparent', 'baggage'];
    for (const value of [null, true, 7.5, 'text', [], { a: 1 }]) {
      const meta = Object.fromEntries(reserved.map((key) => [key, value]));
      const answer = await client.call('echo', { text: 'x' }, { meta });
      expect([answer.status, textOf(answer)]).toEqual([200, 'x']);
    }
  });

  test('a client need not say who it is [basic.client-info-unused]', async () => {
    const { client } = await start();
    const named = await client.call('who');
    for (const info of [undefined, { name: 'other', version: '9' }]) {
      const answer = await client.call('who', {}, { meta: { [META.client]: info } });
      expect([answer.status, textOf(answer)]).toEqual([200, textOf(named)]);
    }
    const lists = await Promise.all(
      [undefined, { name: 'x', version: '1' }].map((info) =>
        client.ask('tools/list', {}, { meta: { [META.client]: info } }),
      ),
    );
    expect(lists[0]?.text).toBe(lists[1]?.text);
  });

  test('who a client says it is gives it nothing of anybody’s [basic.client-info-no-security]', async () => {
    const mcp = specServer();
    mcp.registerTool('admin', { visible: (principal) => principal?.subject === 'root' }, () => 'done');
    const { client } = await start({ mcp, before: [authenticateByHeader], user: 'alice' });
    const meta = { [META.client]: { name: 'root', version: '1', sub: 'root' } };
    expect(refusalOf(await client.call('admin', {}, { meta }))).toEqual([200, -32602]);
    expect(textOf(await client.call('who', {}, { meta }))).toContain('alice');
  });
});

describe('statelessness', () => {
  test('what one request declares counts for no other, not even on its connection [basic.stateless, basic.capabilities-declared]', async () => {
    const { client } = await start();
    const args = { what: { message: 'Who?', requestedSchema: { type: 'object', properties: {} } } };
    const able = await client.call('elicit', args, { capabilities: ABLE });
    expect(able.json.result.resultType).toBe('input_required');
    expect(refusalOf(await client.call('elicit', args))).toEqual([400, -32021]);
    const logged = await client.messagesOfCall('log', { levels: ['error'] }, { meta: { [META.level]: 'debug' } });
    expect(logged).toHaveLength(2);
    expect(await client.messagesOfCall('log', { levels: ['error'] })).toHaveLength(1);
  });

  test('who asks is found out for each request anew [basic.stateless]', async () => {
    const { client } = await start({ before: [authenticateByHeader] });
    const subjects = [];
    for (const user of ['alice', 'bob', undefined]) {
      const { principal } = JSON.parse(textOf(await client.as(user === undefined ? {} : { user }).call('who')));
      subjects.push(principal?.subject);
    }
    expect(subjects).toEqual(['alice', 'bob', undefined]);
  });

  test('many requests of one id run side by side, and each gets its own answer [basic.unrelated-requests]', async () => {
    const mcp = specServer();
    const gate = addGate(mcp);
    const { client } = await start({ mcp });
    const answers = Array.from({ length: 20 }, (_each, index) => client.call('gate', { index }, { id: 'same' }));
    const calls = await Promise.all(answers.map(() => gate.begun()));
    for (const call of calls.toReversed()) call.resolve(String(call.args['index']));
    expect(await Promise.all(answers.map(async (answer) => textOf(await answer)))).toEqual(
      answers.map((_each, index) => String(index)),
    );
  });

  test('what belongs together may come over any connection, and to any server of the same keys [basic.any-connection]', async () => {
    const options = { stateKeys: ['k'.repeat(32)] };
    const [one, other] = [await start({ options, capabilities: ABLE }), await start({ options, capabilities: ABLE })];
    const params = { name: 'roots', arguments: {} };
    const { json } = await one.client.ask('tools/call', params);
    const { requestState, inputRequests } = json.result;
    const inputResponses = { [String(Object.keys(inputRequests)[0])]: { roots: [] } };
    const answer = await other.client.ask('tools/call', { ...params, requestState, inputResponses });
    expect(textOf(answer)).toBe('[]');
  });

  test('what outlives a request is named by the requests about it [basic.explicit-handles]', async () => {
    const mcp = specServer();
    mcp.registerTool('job', { task: {} }, () => 'done');
    mcp.registerTool('keep', {}, (ctx) =>
      ctx.requestState === undefined ? inputRequired({ requestState: { step: 1 } }) : JSON.stringify(ctx.requestState),
    );
    const { client } = await start({ mcp, capabilities: WITH_TASKS });
    const made = (await client.call('job')).json.result;
    for (const taskId of [undefined, '', 'none']) {
      expect((await client.ask('tasks/get', { taskId })).json.error.code).toBe(-32602);
    }
    expect((await client.ask('tasks/get', { taskId: made.taskId })).json.result.taskId).toBe(made.taskId);
    const { requestState } = (await client.call('keep')).json.result;
    expect((await client.call('keep')).json.result.resultType).toBe('input_required');
    const kept = await client.ask('tools/call', { name: 'keep', arguments: {}, requestState });
    expect(textOf(kept)).toBe('{"step":1}');
  });
});

describe('a capability that the client has not declared', () => {
  const FORM = { message: 'Who?', requestedSchema: { type: 'object', properties: {} } };
  const VISIT = { mode: 'url', message: 'Sign in.', url: 'https://example.com/in' };
  const PROMPT = { messages: [{ role: 'user', content: { type: 'text', text: 'Hi' } }], maxTokens: 5 };
  const CASES: readonly [string, string, object, object, object][] = [
    ['a form', 'elicit', FORM, {}, { elicitation: { form: {} } }],
    ['a page', 'elicit', VISIT, { elicitation: {} }, { elicitation: { url: {} } }],
    ['a completion', 'sample', PROMPT, { elicitation: {} }, { sampling: {} }],
    ['tools for one', 'sample', { ...PROMPT, tools: [] }, { sampling: {} }, { sampling: { tools: {} } }],
    ['roots', 'roots', {}, { sampling: {} }, { roots: {} }],
  ];

  test.each(CASES)(
    'for %s: 400 and -32021, which names it [basic.capability-missing, basic.capability-missing-status, basic.capabilities-declared]',
    async (_what, tool, what, capabilities, requiredCapabilities) => {
      const { client } = await start({ capabilities });
      const answer = await client.call(tool, { what });
      expect(refusalOf(answer)).toEqual([400, -32021]);
      expect(answer.json.error.data).toMatchObject({ requiredCapabilities });
      expect((await client.call('echo', { text: 'x' })).status).toBe(200);
    },
  );

  test('prompts and resources need it as tools do [basic.capability-missing, basic.capability-missing-status]', async () => {
    const mcp = specServer();
    mcp.registerPrompt('asking', {}, async (ctx) => JSON.stringify(await ctx.roots()));
    mcp.registerResource('asking', 'spec://asking', {}, async (_uri, ctx) => JSON.stringify(await ctx.roots()));
    const { client } = await start({ mcp });
    for (const [method, params] of [
      ['prompts/get', { name: 'asking' }],
      ['resources/read', { uri: 'spec://asking' }],
    ] as const) {
      const answer = await client.ask(method, params);
      expect(refusalOf(answer)).toEqual([400, -32021]);
      expect(answer.json.error.data).toMatchObject({ requiredCapabilities: { roots: {} } });
    }
  });

  test('a handler may do without it [basic.capabilities-declared]', async () => {
    const mcp = specServer();
    mcp.registerTool('either', {}, async (ctx) => {
      const roots = await ctx.roots().catch((error: McpError) => error.code);
      return JSON.stringify(roots);
    });
    const { client } = await start({ mcp });
    expect(textOf(await client.call('either'))).toBe('"capability-missing"');
  });
});

test('a subscription is named in all that is told to it [basic.subscription-id]', async () => {
  const { client, mcp, router } = await start();
  const notifications = { toolsListChanged: true, promptsListChanged: true, resourceSubscriptions: ['spec://text'] };
  const streams = [await client.listen(notifications, { id: 7 }), await client.listen(notifications, { id: 'seven' })];
  mcp.registerTool('new', {}, () => 'x');
  mcp.registerPrompt('new', {}, () => 'x');
  await router.notify.resourceUpdated('spec://text');
  for (const [index, stream] of streams.entries()) {
    for (const { params } of await stream.untilMessages(4)) {
      expect(params._meta[META.subscription]).toBe([7, 'seven'][index]);
    }
  }
});
