import { describe, expect, test } from '@jest/globals';
import { McpServer } from 'mcp-express';
import { send } from '../support/raw-client.js';
import { ping, toolCall } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { addGate } from '../support/test-tools.js';
import { ABLE, ask, IMPATIENT, initializeWith, isRequest, messagesOfCall, open, untilAsked } from './client.js';
import { ALL, FIRST, SINCE_2025_06_18 } from './requirement.js';
import { INFO, specServer } from './server.js';

const FORM = { message: 'Who?', requestedSchema: { type: 'object', properties: { name: { type: 'string' } } } };
const PROMPT = { messages: [{ role: 'user', content: { type: 'text', text: 'Hi' } }], maxTokens: 5 };
/** Later ones have no `initialize` to agree on them by. */
const NEWEST_WITH_SESSIONS = '2025-11-25';
const VISIT = { mode: 'url', message: 'Please sign in.', url: 'https://example.com/in', elicitationId: 'e1' };

describe('initialization', () => {
  test.each(ALL)('%s: nothing is served before it [lifecycle.initialize-first]', async (revision) => {
    const { url, router } = await startServer({ mcp: specServer() });
    const headers = { 'mcp-protocol-version': revision };
    for (const body of [
      ping(),
      toolCall('echo', { text: 'x' }),
      { jsonrpc: '2.0', method: 'notifications/initialized' },
    ]) {
      expect((await send(url, { body, headers })).status).toBe(400);
    }
    expect((await send(url, { method: 'GET', headers })).status).toBe(400);
    expect((await router.stats()).sessions).toBe(0);
  });

  test.each(FIRST)('%s: in a batch it opens nothing [lifecycle.initialize-not-batched]', async (revision) => {
    const { url, router } = await startServer({ mcp: specServer() });
    const { status, headers } = await send(url, { body: [initializeWith(revision)] });
    expect([status, headers['mcp-session-id']]).toEqual([400, undefined]);
    expect((await router.stats()).sessions).toBe(0);
  });

  test.each(ALL)('%s: the answer names capabilities and the server [lifecycle.server-info]', async (revision) => {
    const { url } = await startServer({ mcp: specServer() });
    const { json } = await send(url, { body: initializeWith(revision) });
    expect(json.result).toMatchObject({ serverInfo: INFO, capabilities: { tools: {}, resources: {}, prompts: {} } });
  });
});

describe('version negotiation', () => {
  test.each(ALL)('%s is answered with itself [lifecycle.same-version]', async (revision) => {
    const { url } = await startServer({ mcp: specServer() });
    const { json } = await send(url, { body: initializeWith(revision) });
    expect(json.result.protocolVersion).toBe(revision);
  });

  test.each(['1.0.0', '2024-11-05', '2025-11-24', '2099-01-01'])(
    '%s, which is not served, is answered with the newest [lifecycle.other-version, lifecycle.latest-version, lifecycle.error-cases]',
    async (version) => {
      const { url } = await startServer({ mcp: specServer() });
      const { status, json } = await send(url, { body: initializeWith(version) });
      expect([status, json.result.protocolVersion]).toEqual([200, NEWEST_WITH_SESSIONS]);
    },
  );

  test.each([
    ['no version', { capabilities: {}, clientInfo: { name: 'c', version: '1' } }],
    ['a version that is no string', { protocolVersion: 1, capabilities: {}, clientInfo: { name: 'c', version: '1' } }],
    ['no capabilities', { protocolVersion: '2025-11-25', clientInfo: { name: 'c', version: '1' } }],
  ])('a handshake with %s is an error, not a session [lifecycle.error-cases]', async (_what, params) => {
    const { url, router } = await startServer({ mcp: specServer() });
    const { json } = await send(url, { body: { jsonrpc: '2.0', id: 1, method: 'initialize', params } });
    expect(json).toMatchObject({ id: 1, error: { code: -32602 } });
    expect((await router.stats()).sessions).toBe(0);
  });
});

describe('operation', () => {
  test.each(ALL)(
    '%s: batches are for sessions of 2025-03-26 alone, whatever a header says [lifecycle.respect-version, lifecycle.respect-version-first]',
    async (revision) => {
      const { session } = await open({ revision });
      for (const named of ALL) {
        const { status } = await session.post([ping()], { 'mcp-protocol-version': named });
        expect(status).toBe(revision === '2025-03-26' ? 200 : 400);
      }
    },
  );

  test.each(ALL)(
    '%s: events without data are for sessions of 2025-11-25 alone [lifecycle.respect-version, lifecycle.respect-version-first]',
    async (revision) => {
      const { session } = await open({ revision });
      const stream = await session.callStream('progress', { values: [1] }, 1, { progressToken: 't' });
      await stream.untilClosed();
      expect(stream.events.some(({ data }) => data === '')).toBe(revision === '2025-11-25');
    },
  );

  test.each([
    ['2025-03-26', 'a form', 'elicit', FORM],
    ['2025-06-18', 'a URL to visit', 'elicit', VISIT],
    [
      '2025-06-18',
      'a completion with tools',
      'sample',
      { ...PROMPT, tools: [{ name: 't', inputSchema: { type: 'object' } }] },
    ],
  ])(
    '%s: a client is not asked for %s, which came later, whatever it declares [lifecycle.respect-version, lifecycle.respect-version-first]',
    async (revision, _what, tool, what) => {
      const { session } = await open({ revision, capabilities: ABLE, options: IMPATIENT });
      expect((await messagesOfCall(session, tool, { what })).filter(isRequest)).toEqual([]);
    },
  );

  test.each(ALL)(
    '%s: a client is not asked for what it has not declared [lifecycle.negotiated-capabilities, lifecycle.negotiated-capabilities-first, lifecycle.error-cases]',
    async (revision) => {
      const { session } = await open({ revision, options: IMPATIENT });
      for (const [tool, what] of [
        ['elicit', FORM],
        ['elicit', VISIT],
        ['sample', PROMPT],
        ['roots', null],
      ] as const) {
        const messages = await messagesOfCall(session, tool, { what });
        expect(messages).toMatchObject([{ id: 1, result: { isError: true } }]);
      }
    },
  );

  test.each(ALL)(
    '%s: a client is not told of changes that the server never declared it would tell [lifecycle.negotiated-capabilities, lifecycle.negotiated-capabilities-first]',
    async (revision) => {
      const { session, mcp } = await open({ revision, mcp: new McpServer(INFO) });
      const stream = await session.listen();
      mcp.registerPrompt('new', {}, () => 'x');
      mcp.registerResource('new', 'spec://new', {}, () => 'x');
      mcp.registerTool('new', {}, () => 'x');
      const told = () => stream.messages.map(({ method }) => method);
      const times = () => told().filter((method) => method === 'notifications/tools/list_changed').length;
      await stream.until('the change of tools', () => times() === 1);
      mcp.registerTool('newer', {}, () => 'x');
      await stream.until('another one', () => times() === 2);
      expect(new Set(told())).toEqual(new Set(['notifications/tools/list_changed']));
    },
  );

  test.each(SINCE_2025_06_18)(
    '%s: a client that declares one thing is not asked for another [lifecycle.negotiated-capabilities]',
    async (revision) => {
      const { session } = await open({ revision, capabilities: { sampling: {} }, options: IMPATIENT });
      expect((await messagesOfCall(session, 'elicit', { what: FORM })).filter(isRequest)).toEqual([]);
      expect((await messagesOfCall(session, 'roots', {})).filter(isRequest)).toEqual([]);
      expect((await messagesOfCall(session, 'sample', { what: PROMPT })).filter(isRequest)).toHaveLength(1);
    },
  );
});

describe('timeouts of requests to the client', () => {
  test.each(ALL)(
    '%s: one that is not answered is cancelled, and its call goes on [lifecycle.request-timeouts, lifecycle.timeout-cancels, lifecycle.error-cases, cancellation.same-direction]',
    async (revision) => {
      const { session } = await open({ revision, capabilities: ABLE, options: { clientRequestTimeoutMs: 30 } });
      const messages = await messagesOfCall(session, 'sample', { what: PROMPT });
      expect(messages).toMatchObject([
        { method: 'sampling/createMessage' },
        { method: 'notifications/cancelled', params: { requestId: messages[0]?.id } },
        { id: 1, result: { isError: true } },
      ]);
    },
  );

  test.each(ALL)('%s: the time can be set per request [lifecycle.timeout-per-request]', async (revision) => {
    const { session } = await open({ revision, capabilities: ABLE });
    const messages = await messagesOfCall(session, 'sample', { what: PROMPT, options: { timeoutMs: 30 } });
    expect(messages.at(-1)?.result.isError).toBe(true);
  });

  test.each(ALL)(
    '%s: progress of the client does not put off the end of waiting [lifecycle.maximum-timeout]',
    async (revision) => {
      const { session } = await open({ revision, capabilities: ABLE, options: { clientRequestTimeoutMs: 100 } });
      const { stream } = await untilAsked(session, 'sample', { what: PROMPT });
      for (let progress = 0; stream.closed === undefined && progress < 1_000; progress += 1) {
        const params = { progressToken: 1, progress };
        await session.post({ jsonrpc: '2.0', method: 'notifications/progress', params });
      }
      await stream.untilClosed();
      expect(stream.messages.at(-1)?.result.isError).toBe(true);
    },
  );

  test.each(ALL)(
    '%s: a call may have a deadline too, and is then told to stop [lifecycle.error-cases]',
    async (revision) => {
      const mcp = specServer();
      const gate = addGate(mcp);
      const { session } = await open({ revision, mcp, options: { callTimeoutMs: 30, sseAfterMs: Infinity } });
      const answer = session.call('gate');
      await (await gate.begun()).aborted;
      expect((await answer).json).toMatchObject({ id: 1, error: { code: expect.any(Number) } });
      expect((await ask(session, 'ping')).json.result).toEqual({});
    },
  );
});
