import { describe, expect, test } from '@jest/globals';
import { McpServer } from 'mcp-express';
import { META, REVISION, request, start } from '../modern/alone.js';
import { type JsonBody, send } from '../support/raw-client.js';
import { initializeRequest, REVISIONS } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { CAPABLE, handshake, openWire, requestOn, type WireSession } from './wire-session.js';

function server(): McpServer {
  const mcp = new McpServer({ name: 'absent', version: '1' });
  mcp.registerTool('plain', {}, () => 'ran');
  mcp.registerTool('seen', { inputSchema: { type: 'object' } }, (args, ctx) =>
    JSON.stringify([args, ctx.client?.capabilities, ctx.client?.info]),
  );
  mcp.registerTool('asks', {}, async (ctx) => {
    const requestedSchema = { type: 'object', properties: { n: { type: 'string' } } };
    return JSON.stringify(await ctx.elicit({ message: 'Who?', requestedSchema }));
  });
  mcp.registerPrompt('greet', { complete: { who: () => ['Ada'] } }, () => 'hi');
  return mcp;
}

/** Requests whose every optional member is `null`. */
const REQUESTS: readonly [string, JsonBody][] = [
  ['ping', null],
  ['tools/list', null],
  ['tools/list', { cursor: null, _meta: null }],
  ['prompts/list', { cursor: null, _meta: { progressToken: null } }],
  ['tools/call', { name: 'plain', arguments: null, _meta: { progressToken: null, idempotencyKey: null }, task: null }],
  ['prompts/get', { name: 'greet', arguments: null, _meta: {} }],
  [
    'completion/complete',
    { ref: { type: 'ref/prompt', name: 'greet', title: null }, argument: { name: 'who', value: '' }, context: null },
  ],
  [
    'completion/complete',
    { ref: { type: 'ref/prompt', name: 'greet' }, argument: { name: 'who', value: '' }, context: { arguments: null } },
  ],
];

describe.each(REVISIONS)('%s: null for an optional member (R12)', (revision) => {
  test.each(REQUESTS)('%s with %j is answered as without', async (method, params) => {
    const { url } = await startServer({ mcp: server() });
    const session = await openWire(url, { revision });
    const answer = await session.post({ jsonrpc: '2.0', id: 1, method, params });
    expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('"result"')]);
  });

  test('of the handshake is a capability that the client does not have', async () => {
    const { url } = await startServer({ mcp: server() });
    const { params } = initializeRequest(revision);
    const clientInfo = { ...params.clientInfo, title: null, websiteUrl: null };
    const capabilities = { elicitation: null, sampling: null, roots: { listChanged: null }, experimental: null };
    const body = { ...initializeRequest(revision), params: { ...params, clientInfo, capabilities, _meta: null } };
    const opened = await send(url, { body });
    expect(opened.status).toBe(200);
    const session = (await handshake(url, { revision, capabilities })).session;
    const { content, isError } = await session.tool('asks');
    expect([isError, content[0].text]).toEqual([true, expect.stringContaining('elicitation')]);
    const seen = JSON.parse((await session.tool('seen', { a: null })).content[0].text);
    expect(seen[0]).toEqual({ a: null });
    expect(seen[1]).toEqual({ roots: {} });
  });

  test('of a notification', async () => {
    const { url } = await startServer({ mcp: server() });
    const session = await openWire(url, { revision });
    for (const params of [null, { _meta: null }]) {
      const answer = await session.post({ jsonrpc: '2.0', method: 'notifications/roots/list_changed', params });
      expect(answer.status).toBe(202);
    }
  });
});

async function asked(session: WireSession) {
  const stream = await session.stream({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'asks' } });
  const question = await requestOn(stream, 'elicitation/create');
  return { stream, question };
}

describe('null in what a client answers (R12)', () => {
  test('an error of null beside a result is a result, and members of null are not there', async () => {
    const { url } = await startServer({ mcp: server() });
    const session = await openWire(url, { capabilities: CAPABLE });
    const { stream, question } = await asked(session);
    const result = { action: 'decline', content: null, _meta: null };
    const answer = await session.post({ jsonrpc: '2.0', id: question.id, method: null, result, error: null });
    expect(answer.status).toBe(202);
    await stream.until('the answer', () => stream.messages.some(({ id }) => id === 7));
    const own = stream.messages.find(({ id }) => id === 7);
    expect(own.result.content[0].text).toBe('{"action":"decline"}');
  });

  test('a result of null beside an error is an error', async () => {
    const { url } = await startServer({ mcp: server() });
    const session = await openWire(url, { capabilities: CAPABLE });
    const { stream, question } = await asked(session);
    const error = { code: -1, message: 'no one is there', data: null };
    expect((await session.post({ jsonrpc: '2.0', id: question.id, result: null, error })).status).toBe(202);
    await stream.until('the answer', () => stream.messages.some(({ id }) => id === 7));
    expect(JSON.stringify(stream.messages)).toContain('no one is there');
  });
});

describe(`${REVISION}: null for an optional member (R12)`, () => {
  test.each(REQUESTS.filter(([method, params]) => method !== 'ping' && params !== null))(
    '%s with %j is answered as without',
    async (method, params) => {
      const { url } = await start({ mcp: server() });
      const { body, headers } = request(method, params, {
        meta: { [META.client]: null, [META.level]: null, progressToken: null, ...params._meta },
      });
      const sent = { ...body, params: { ...body.params, inputResponses: null, requestState: null } };
      const answer = await send(url, { body: sent, headers });
      expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('"result"')]);
    },
  );

  test('of the capabilities is one that the client does not have', async () => {
    const { client } = await start({ mcp: server() }, { capabilities: { elicitation: null, extensions: { a: null } } });
    const answer = await client.call('asks');
    expect(JSON.stringify(answer.json)).toMatch(/capability/);
  });

  test('of a filter is not listened to', async () => {
    const { client } = await start({ mcp: server() });
    const stream = await client.listen({
      toolsListChanged: true,
      promptsListChanged: null,
      resourcesListChanged: null,
      resourceSubscriptions: null,
      taskIds: null,
    });
    expect(stream.messages[0].params.notifications).toEqual({ toolsListChanged: true });
    stream.destroy();
  });

  test('of an answer in a round is not there', async () => {
    const { client } = await start({ mcp: server() });
    const params = { name: 'asks', arguments: {} };
    const first = await client.ask('tools/call', params);
    const [key = ''] = Object.keys(first.json.result.inputRequests);
    const second = await client.again(params, first, { [key]: { action: 'decline', content: null } });
    expect(second.json.result.content[0].text).toBe('{"action":"decline"}');
  });
});
