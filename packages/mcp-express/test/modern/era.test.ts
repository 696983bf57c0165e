import { beforeEach, describe, expect, test } from '@jest/globals';
import { McpServer } from 'mcp-express';
import { META, metaOf, REVISION, refusalOf, requestAlone, type Started, start, textOf } from '../spec/modern/client.js';
import { type JsonBody, type RawRequest, send } from '../support/raw-client.js';
import { type Headers, initializeRequest, openSession, type TestSession, toolCall } from '../support/session.js';
import { addGate, type Gate } from '../support/test-tools.js';

const NAMED = { 'mcp-protocol-version': REVISION };

let server: Started;
let gate: Gate;
let session: TestSession;
let runs: string[];

beforeEach(async () => {
  runs = [];
  const mcp = new McpServer({ name: 'eras', version: '1' });
  mcp.registerTool('era', {}, ({ revision, sessionId }) => {
    runs.push(revision);
    return JSON.stringify({ revision, sessionId: sessionId ?? null });
  });
  mcp.registerTool('nonce', { inputSchema: { type: 'object' } }, async ({ nonce }, ctx) => {
    for (let step = 1; step <= 5; step += 1) {
      await ctx.progress(step, 5, String(nonce));
      await new Promise(setImmediate);
    }
    return `${nonce} ${ctx.revision}`;
  });
  gate = addGate(mcp);
  server = await start({ mcp });
  session = await openSession(server.url);
});

const call = (name = 'era') => requestAlone('tools/call', { name, arguments: {} });
const post = (body: unknown, headers: Headers = {}) => send(server.url, { body, headers });

describe('which era a request is of (R20)', () => {
  test.each<[string, () => Headers]>([
    ['a living session', () => ({ 'mcp-session-id': session.id })],
    ['an unknown one', () => ({ 'mcp-session-id': 'A'.repeat(32) })],
    ['none that could be', () => ({ 'mcp-session-id': 'no id of ours' })],
    ['two', () => ({ 'mcp-session-id': [session.id, session.id] })],
    ['nobody', () => ({})],
  ])('a modern one with the id of %s stands alone, and no id is echoed', async (_what, id) => {
    const { headers, body } = call();
    const answer = await post(body, { ...headers, ...id() });
    expect([answer.status, JSON.parse(textOf(answer))]).toEqual([200, { revision: REVISION, sessionId: null }]);
    expect(answer.headers).not.toHaveProperty('mcp-session-id');
    const stream = await server.client.callStream('era', {}, { headers: id() });
    await stream.untilClosed();
    expect(stream.headers).not.toHaveProperty('mcp-session-id');
    expect((await server.router.stats()).sessions).toBe(1);
  });

  test('one of the session is of the session, whatever else was asked between', async () => {
    await server.client.call('era');
    expect(JSON.parse(textOf(await session.call('era')))).toEqual({ revision: '2025-11-25', sessionId: session.id });
    expect(runs).toEqual([REVISION, '2025-11-25']);
  });

  test.each([REVISION, '2025-11-25', undefined])(
    'initialize with the header %p but without "_meta" opens a session of the newest revision that has them',
    async (named) => {
      const answer = await post(initializeRequest(REVISION), { 'mcp-protocol-version': named });
      expect(answer.status).toBe(200);
      expect(answer.json.result.protocolVersion).toBe('2025-11-25');
      expect(answer.headers['mcp-session-id']).toMatch(/^[\x21-\x7e]+$/);
      expect((await server.router.stats()).sessions).toBe(2);
    },
  );

  test('initialize with modern "_meta" opens none: it is no method there', async () => {
    const { headers, body } = requestAlone('initialize', initializeRequest().params);
    const answer = await post(body, headers);
    expect(refusalOf(answer)).toEqual([404, -32601]);
    expect(answer.headers).not.toHaveProperty('mcp-session-id');
    expect((await server.router.stats()).sessions).toBe(1);
  });

  test('a batch with modern members is 400, and nothing of it runs, in a session or not', async () => {
    const { headers, body } = call();
    const old = await openSession(server.url, '2025-03-26');
    for (const batch of [[body], [body, body], [toolCall('era', {}, 2), body], [body, toolCall('era', {}, 2)]]) {
      for (const sent of [headers, NAMED, old.headers, {}]) {
        expect(refusalOf(await post(batch, sent))).toEqual([400, -32600]);
      }
    }
    expect(refusalOf(await post([toolCall('era', {})], NAMED))).toEqual([400, -32600]);
    expect(runs).toEqual([]);
  });

  test.each<[string, JsonBody, Headers]>([
    ['by its header', { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }, NAMED],
    ['by "_meta"', { jsonrpc: '2.0', method: 'notifications/x', params: { _meta: metaOf({}) } }, {}],
  ])('a notification that is modern %s is 202, without a body', async (_what, body, headers) => {
    const answer = await post(body, headers);
    expect([answer.status, answer.text]).toEqual([202, '']);
  });

  test.each<[string, object]>([
    ['a result', { result: {} }],
    ['an error', { error: { code: -1, message: 'x' } }],
  ])('%s that is posted with the modern header is 400', async (_what, outcome) => {
    expect(refusalOf(await post({ jsonrpc: '2.0', id: 1, ...outcome }, NAMED))).toEqual([400, -32600]);
  });

  test.each(['GET', 'DELETE', 'PUT'])('%s with the modern header is 405, and ends no session', async (method) => {
    const accept = 'text/event-stream, application/json';
    for (const id of [{}, { 'mcp-session-id': session.id }]) {
      const answer = await send(server.url, { method, headers: { ...NAMED, ...id, accept } });
      expect(answer.status).toBe(405);
      if (method !== 'PUT') expect(answer.headers.allow).toBe('POST');
    }
    expect((await session.call('era')).status).toBe(200);
  });
});

describe('a request that is of neither (R20)', () => {
  test('a revision nobody knows, in both places: 400 and -32022 with those there are', async () => {
    for (const requested of ['2099-01-01', '2025-11-25', 'x'.repeat(64)]) {
      const { headers, body } = requestAlone(
        'tools/call',
        { name: 'era', arguments: {} },
        { meta: { [META.version]: requested } },
      );
      const answer = await post(body, { ...headers, 'mcp-protocol-version': requested });
      expect(refusalOf(answer)).toEqual([400, -32022]);
      expect(answer.json.error.data).toMatchObject({ requested, supported: expect.arrayContaining([REVISION]) });
    }
    expect(runs).toEqual([]);
  });

  test('the modern header without modern "_meta": 400 and -32602, with a session or without', async () => {
    const headers = { ...call().headers };
    for (const meta of [undefined, {}, { progressToken: 1 }, null, 5]) {
      const body = { jsonrpc: '2.0', id: 'n', method: 'tools/call', params: { name: 'era', _meta: meta } };
      for (const id of [{}, { 'mcp-session-id': session.id }]) {
        const answer = await post(body, { ...headers, ...id });
        expect([...refusalOf(answer), answer.json.id]).toEqual([400, -32602, 'n']);
      }
    }
    expect(refusalOf(await post({ jsonrpc: '2.0', id: 1, method: 'tools/list' }, headers))).toEqual([400, -32602]);
    expect(runs).toEqual([]);
  });
});

describe('both at once (R4, R20; CVE-2026-25536)', () => {
  test('calls of equal ids and progress tokens, in sessions and alone, get what is theirs', async () => {
    const sessions = await Promise.all(Array.from({ length: 10 }, () => openSession(server.url)));
    const asked = sessions.flatMap((each, index) =>
      [1, 2, 3].flatMap((id) => {
        const inSession = `session-${index}-${id}`;
        const alone = `alone-${index}-${id}`;
        const args = { nonce: alone };
        return [
          {
            id,
            nonce: `${inSession} 2025-11-25`,
            stream: each.callStream('nonce', { nonce: inSession }, id, { progressToken: 'p' }),
          },
          {
            id,
            nonce: `${alone} ${REVISION}`,
            stream: server.client.callStream('nonce', args, { id, meta: { progressToken: 'p' } }),
          },
        ];
      }),
    );
    for (const { id, nonce, stream } of asked) {
      const reading = await stream;
      await reading.untilClosed();
      const [said, revision] = nonce.split(' ');
      expect(reading.messages).toHaveLength(6);
      for (const [index, { params }] of reading.messages.slice(0, 5).entries()) {
        expect(params).toEqual({ progressToken: 'p', progress: index + 1, total: 5, message: said });
      }
      expect(reading.messages[5]).toMatchObject({ id, result: { content: [{ text: `${said} ${revision}` }] } });
    }
  });

  test('what ends one ends no other of its id', async () => {
    const inSession = session.call('gate', {}, 7);
    const first = await gate.begun();
    const alone = server.client.call('gate', {}, { id: 7, headers: { 'mcp-session-id': session.id } });
    const second = await gate.begun();
    const cancelling: RawRequest = {
      body: { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } },
    };
    await send(server.url, { ...cancelling, headers: { ...session.headers, ...NAMED } });
    expect([first.ctx.signal.aborted, second.ctx.signal.aborted]).toEqual([false, false]);
    await session.cancel(7);
    await first.aborted;
    expect(second.ctx.signal.aborted).toBe(false);
    second.resolve('unharmed');
    expect(textOf(await alone)).toBe('unharmed');
    expect((await inSession).status).toBe(202);
  });
});
