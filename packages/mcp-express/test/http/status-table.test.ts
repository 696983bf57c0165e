import { describe, expect, test } from '@jest/globals';
import { send } from '../support/raw-client.js';
import { initializeRequest, NEWEST, openSession, ping, REVISIONS } from '../support/session.js';
import { startServer } from '../support/start-server.js';

const refusal = (code: number, reason: string, id: unknown = null) => ({
  jsonrpc: '2.0',
  id,
  error: { code, message: expect.any(String), data: expect.objectContaining({ reason }) },
});

describe('the wire, row by row (DESIGN 6; R15, R22)', () => {
  test('something that is not JSON is 400 with -32700, as JSON, without a stack (DESIGN 6, R22)', async () => {
    const { url } = await startServer();
    for (const body of ['{"jsonrpc":', 'hello', '', '{"a":1}{"b":2}', '\u0000', '{"jsonrpc":"2.0"'.repeat(2)]) {
      const answer = await send(url, { body });
      expect([body, answer.status, answer.headers['content-type']]).toEqual([body, 400, 'application/json']);
      expect(answer.json).toEqual(refusal(-32700, 'parse-error'));
      expect(answer.text).not.toMatch(/\bat .*:\d+|node_modules|SyntaxError/);
    }
  });

  test.each([
    ['a number', 1],
    ['null', null],
    ['a text', '"text"'],
    ['an empty object', {}],
    ['no version', { id: 1, method: 'ping' }],
    ['another version', { jsonrpc: '1.0', id: 1, method: 'ping' }],
    ['a version that is a number', { jsonrpc: 2.0, id: 1, method: 'ping' }],
    ['a method that is no text', { jsonrpc: '2.0', id: 1, method: 7 }],
    ['an id of null', { jsonrpc: '2.0', id: null, method: 'ping' }],
    ['an id that is an object', { jsonrpc: '2.0', id: {}, method: 'ping' }],
    ['an id with a fraction', { jsonrpc: '2.0', id: 1.5, method: 'ping' }],
    ['params that are a list', { jsonrpc: '2.0', id: 1, method: 'ping', params: [] }],
    ['both a result and an error', { jsonrpc: '2.0', id: 1, result: {}, error: { code: 1, message: '' } }],
    ['a response without an id', { jsonrpc: '2.0', result: {} }],
    ['keys in another case (CVE-2026-27896)', { jsonrpc: '2.0', id: 1, Method: 'ping' }],
  ])('JSON that is not JSON-RPC is 400 with -32600: %s (DESIGN 6)', async (_what, body) => {
    const { url } = await startServer();
    const session = await openSession(url);
    const answer = await session.post(typeof body === 'string' ? body : JSON.stringify(body));
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.json).toEqual(refusal(-32600, 'invalid-request'));
  });

  test('a request without a session id is 400, on POST, GET and DELETE (DESIGN 6, R15)', async () => {
    const { url, router } = await startServer();
    await openSession(url);
    const before = await router.stats();
    const post = await send(url, { body: ping(5) });
    const get = await send(url, { method: 'GET', headers: { accept: 'text/event-stream' } });
    const del = await send(url, { method: 'DELETE' });
    expect([post.status, get.status, del.status]).toEqual([400, 400, 400]);
    expect(post.json).toEqual(refusal(-32000, 'session-required', 5));
    expect(get.json).toEqual(refusal(-32000, 'session-required'));
    expect(del.json).toEqual(refusal(-32000, 'session-required'));
    for (const answer of [post, get, del]) {
      expect(answer.headers['content-type']).toBe('application/json');
      expect(answer.headers['mcp-session-id']).toBeUndefined();
    }
    expect(await router.stats()).toEqual(before);
  });

  test('an unknown session id is 404 with a JSON-RPC error, on POST, GET and DELETE (DESIGN 6, R15)', async () => {
    const { url } = await startServer();
    const headers = { 'mcp-session-id': 'A'.repeat(32) };
    const post = await send(url, { body: ping(5), headers });
    const get = await send(url, { method: 'GET', headers });
    const del = await send(url, { method: 'DELETE', headers });
    expect([post.status, get.status, del.status]).toEqual([404, 404, 404]);
    expect(post.json).toEqual(refusal(-32001, 'session-not-found', 5));
    expect(get.json).toEqual(refusal(-32001, 'session-not-found'));
    expect(del.json).toEqual(refusal(-32001, 'session-not-found'));
    for (const answer of [post, get, del]) {
      expect(answer.headers['content-type']).toBe('application/json');
      expect(answer.headers['mcp-session-id']).toBeUndefined();
    }
  });

  test.each(['PUT', 'PATCH', 'HEAD', 'OPTIONS'])('%s is 405 with Allow (DESIGN 6, R13)', async (method) => {
    const { url } = await startServer();
    const answer = await send(url, { method, headers: { 'content-type': undefined } });
    expect(answer.status).toBe(405);
    expect(String(answer.headers.allow).split(/, */).sort()).toEqual(['DELETE', 'GET', 'POST']);
  });

  test.each(REVISIONS)(
    'only notifications or only responses are 202 without a body, in %s (DESIGN 6)',
    async (revision) => {
      const { url } = await startServer();
      const session = await openSession(url, revision);
      const bodies = [
        { jsonrpc: '2.0', method: 'notifications/initialized' },
        { jsonrpc: '2.0', method: 'notifications/unknown', params: { any: 'thing' } },
        { jsonrpc: '2.0', id: 'of-nobody', result: {} },
        { jsonrpc: '2.0', id: 4, error: { code: -1, message: 'no' } },
      ];
      for (const body of bodies) {
        const answer = await session.post(body);
        expect([answer.status, answer.text, answer.headers['content-length']]).toEqual([202, '', '0']);
        expect(answer.headers['content-type']).toBeUndefined();
      }
    },
  );

  test('DELETE ends a session with 204 and no body, and the id is 404 afterwards everywhere (DESIGN 6, R15)', async () => {
    const { url, router } = await startServer();
    const session = await openSession(url);
    const answer = await session.delete();
    expect([answer.status, answer.text]).toEqual([204, '']);
    const after = [await session.post(ping()), await session.get(), await session.delete()];
    expect(after.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect((await router.stats()).sessions).toBe(0);
  });

  test('GET in a session is 200 with a stream that proxies leave alone (DESIGN 6, R43)', async () => {
    const { url } = await startServer();
    const session = await openSession(url);
    const stream = await session.listen();
    expect(stream.status).toBe(200);
    expect(stream.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    expect(stream.headers['content-length']).toBeUndefined();
  });

  test('a call that settles at once is one JSON body with its length (DESIGN 6, R47)', async () => {
    const { url } = await startServer();
    const session = await openSession(url);
    const answer = await session.call('echo', { text: 'hällo\u2028 "quoted" 😀' }, 'id-1');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.headers['content-length']).toBe(String(Buffer.byteLength(answer.text)));
    expect(answer.json).toEqual({
      jsonrpc: '2.0',
      id: 'id-1',
      result: { content: [{ type: 'text', text: 'hällo\u2028 "quoted" 😀' }] },
    });
  });

  test('an unknown method and an unknown tool are JSON-RPC errors in a 200 (DESIGN 6)', async () => {
    const { url } = await startServer();
    const session = await openSession(url);
    const method = await session.post({ jsonrpc: '2.0', id: 1, method: 'no/such' });
    const tool = await session.call('no-such', {}, 2);
    const proto = await session.call('__proto__', {}, 3);
    expect([method.status, tool.status, proto.status]).toEqual([200, 200, 200]);
    expect(method.json).toEqual(refusal(-32601, 'method-not-found', 1));
    expect(tool.json).toEqual(refusal(-32602, 'invalid-params', 2));
    expect(proto.json).toEqual(refusal(-32602, 'invalid-params', 3));
  });

  test('an integer id that JavaScript cannot hold is refused or given back, and never answered as another id (R28)', async () => {
    const { url } = await startServer();
    const session = await openSession(url);
    const answer = await session.post('{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}');
    if (answer.status === 200) expect(answer.text).toContain('"id":9007199254740993');
    else expect(answer.status).toBe(400);
  });

  test.each([
    ['a list', (deep: string) => `[${deep}]`],
    [
      'arguments',
      (deep: string) =>
        `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"text":"x","more":${deep}}}}`,
    ],
    [
      'capabilities',
      (deep: string) =>
        `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","clientInfo":{"name":"c","version":"1"},"capabilities":{"deep":${deep}}}}`,
    ],
    [
      'an id to cancel',
      (deep: string) =>
        `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9,"reason":${deep}}}`,
    ],
  ])(
    '%s nested 100,000 deep are the fault of the client and not of the server: no 5xx, and it goes on (R23)',
    async (_what, bodyOf) => {
      const { url } = await startServer();
      const session = await openSession(url);
      const depth = 100_000;
      const answer = await session.post(bodyOf('['.repeat(depth) + ']'.repeat(depth)));
      expect(answer.status).toBeLessThan(500);
      expect((await session.post(ping())).status).toBe(200);
    },
  );

  test('initialize and ping are served with what was agreed, for each revision (R20)', async () => {
    const { url } = await startServer();
    for (const revision of REVISIONS) {
      const answer = await send(url, { body: initializeRequest(revision, 'i') });
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toBe('application/json');
      expect(answer.json).toMatchObject({
        jsonrpc: '2.0',
        id: 'i',
        result: { protocolVersion: revision, serverInfo: { name: 'test-server', version: '1.2.3' } },
      });
    }
    const session = await openSession(url, NEWEST);
    const pong = await session.post(ping('p'));
    expect(pong.text).toBe('{"jsonrpc":"2.0","id":"p","result":{}}');
  });
});
