import { describe, expect, test } from '@jest/globals';
import { send } from '../support/raw-client.js';
import { initializeRequest, openSession, ping, toolCall } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { addBurst, addGate, testServer } from '../support/test-tools.js';

const OLD = '2025-03-26';
const SSE_ONLY = { accept: 'text/event-stream' };

describe('JSON-RPC batches (DESIGN 6)', () => {
  test.each(['2025-06-18', '2025-11-25'])(
    'a session of %s refuses them with 400, and nothing in them runs',
    async (revision) => {
      const mcp = testServer();
      const gate = addGate(mcp);
      const { url } = await startServer({ mcp });
      const session = await openSession(url, revision);
      for (const headers of [{}, { 'mcp-protocol-version': undefined }]) {
        const answer = await session.post([toolCall('gate', {}), ping(2)], headers);
        expect([answer.status, answer.headers['content-type']]).toEqual([400, 'application/json']);
        expect(answer.json).toMatchObject({ id: null, error: { code: -32600, data: { reason: 'batch-not-allowed' } } });
      }
      expect(gate.calls).toHaveLength(0);
    },
  );

  test('a session of 2025-11-25 does not get them by naming 2025-03-26 in a header (DESIGN 6: "sessions")', async () => {
    const { url } = await startServer();
    const session = await openSession(url, '2025-11-25');
    const answer = await session.post([ping(1), ping(2)], { 'mcp-protocol-version': OLD });
    expect(answer.status).toBe(400);
  });

  test('every request of a batch is answered once, as one array', async () => {
    const { url } = await startServer();
    const session = await openSession(url, OLD);
    const answer = await session.post([
      ping('a'),
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      toolCall('echo', { text: 'hi' }, 2),
      { jsonrpc: '2.0', id: 'theirs', result: {} },
      { jsonrpc: '2.0', id: 3, method: 'no/such' },
    ]);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json']);
    expect(answer.json).toHaveLength(3);
    expect(answer.json).toEqual(
      expect.arrayContaining([
        { jsonrpc: '2.0', id: 'a', result: {} },
        { jsonrpc: '2.0', id: 2, result: { content: [{ type: 'text', text: 'hi' }] } },
        { jsonrpc: '2.0', id: 3, error: expect.objectContaining({ code: -32601 }) },
      ]),
    );
  });

  test('a batch of one is an array of one', async () => {
    const { url } = await startServer();
    const session = await openSession(url, OLD);
    const answer = await session.post([ping(1)]);
    expect(answer.json).toEqual([{ jsonrpc: '2.0', id: 1, result: {} }]);
  });

  test('only notifications and responses: 202 without a body', async () => {
    const { url } = await startServer();
    const session = await openSession(url, OLD);
    const answer = await session.post([
      { jsonrpc: '2.0', method: 'notifications/a' },
      { jsonrpc: '2.0', id: 1, result: {} },
    ]);
    expect([answer.status, answer.text]).toEqual([202, '']);
  });

  test.each([
    ['empty', []],
    ['of 101', Array.from({ length: 101 }, (_each, index) => ping(index))],
  ])('a batch that is %s is 400 with -32600, and nothing in it runs', async (_what, body) => {
    const { url } = await startServer();
    const session = await openSession(url, OLD);
    const answer = await session.post(body);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ id: null, error: { code: -32600 } });
  });

  const refused = (id: string | number | null = null) => ({
    jsonrpc: '2.0',
    id,
    error: {
      code: -32600,
      message: expect.stringContaining('Invalid JSON-RPC message'),
      data: { reason: 'invalid-request' },
    },
  });

  /** Including the examples of JSON-RPC 2.0, section 6. */
  const ODD: readonly (readonly [string, unknown, object])[] = [
    ['a number', 5, refused()],
    ['null', null, refused()],
    ['another batch', [ping('inner')], refused()],
    ['an object that is no message', { foo: 'boo' }, refused()],
    ['a request without "jsonrpc"', { id: 7, method: 'ping' }, refused(7)],
    ['a request with wrong params', { jsonrpc: '2.0', id: 'p', method: 'ping', params: 'bar' }, refused('p')],
    ['a request whose method is a number', { jsonrpc: '2.0', id: 8, method: 1 }, refused(8)],
    ['a request with the id null', { jsonrpc: '2.0', id: null, method: 'ping' }, refused()],
    [
      'a response with both results',
      { jsonrpc: '2.0', id: 9, result: {}, error: { code: 1, message: 'x' } },
      refused(),
    ],
  ];

  test.each(ODD)(
    'of messages and %s, the messages are served and the rest is refused by itself',
    async (_what, odd, error) => {
      const { url } = await startServer();
      const session = await openSession(url, OLD);
      for (const body of [
        [odd, ping(1), toolCall('echo', { text: 'hi' }, 2)],
        [ping(1), toolCall('echo', { text: 'hi' }, 2), odd],
      ]) {
        const answer = await session.post(body);
        expect(answer.status).toBe(200);
        expect(answer.json).toHaveLength(3);
        const served = [
          { jsonrpc: '2.0', id: 1, result: {} },
          expect.objectContaining({ id: 2, result: expect.anything() }),
        ];
        expect(answer.json).toEqual(expect.arrayContaining([error, ...served]));
      }
    },
  );

  test('of what is no message, each is refused in an array, with 400', async () => {
    const { url } = await startServer();
    const session = await openSession(url, OLD);
    const answer = await session.post([1, 2, { jsonrpc: '2.0', id: 3, method: 4 }]);
    expect([answer.status, answer.json]).toEqual([400, [refused(), refused(), refused(3)]]);
    expect((await session.post(ping())).status).toBe(200);
  });

  test('of notifications, responses and what is no message, only that is answered', async () => {
    const { url } = await startServer();
    const session = await openSession(url, OLD);
    const answer = await session.post([
      { jsonrpc: '2.0', method: 'notifications/a' },
      1,
      { jsonrpc: '2.0', id: 1, result: {} },
    ]);
    expect([answer.status, answer.json]).toEqual([200, [refused()]]);
  });

  test('as a stream, what is no message is refused on it, and the stream ends after the last answer', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url } = await startServer({ mcp });
    const session = await openSession(url, OLD);
    const stream = await session.stream([5, toolCall('gate', {}, 1)], SSE_ONLY);
    const call = await gate.begun();
    await stream.untilMessages(1);
    expect(stream.messages).toEqual([refused()]);
    call.resolve('done');
    expect(await stream.untilClosed()).toBe('end');
    expect(stream.messages.map(({ id }) => id)).toEqual([null, 1]);
  });

  test('of which some are no messages is still no batch of later revisions', async () => {
    const { url } = await startServer();
    for (const revision of ['2025-06-18', '2025-11-25']) {
      const answer = await (await openSession(url, revision)).post([ping(1), 5]);
      expect([answer.status, answer.json.error.data.reason]).toEqual([400, 'batch-not-allowed']);
    }
  });

  test('initialize in a batch opens nothing: it must stand alone', async () => {
    const { url, router } = await startServer();
    const session = await openSession(url, OLD);

    const outside = await send(url, { body: [initializeRequest(OLD)] });
    expect(outside.status).toBe(400);
    const inside = await session.post([initializeRequest(OLD, 'i')]);
    expect(JSON.stringify(inside.json)).toContain('error');
    expect((await router.stats()).sessions).toBe(1);
  });

  test('as a stream, all answers and their progress come on it, and it ends after the last (R33)', async () => {
    const mcp = testServer();
    addBurst(mcp);
    const gate = addGate(mcp);
    const { url } = await startServer({ mcp });
    const session = await openSession(url, OLD);
    const stream = await session.stream([
      toolCall('burst', { count: 3 }, 1, 'one'),
      toolCall('gate', {}, 2),
      toolCall('burst', { count: 3 }, 3, 'three'),
    ]);
    const call = await gate.begun();
    await stream.until('both bursts', () => stream.messages.filter(({ id }) => id !== undefined).length === 2);
    expect(stream.closed).toBeUndefined();
    call.resolve('last');
    expect(await stream.untilClosed()).toBe('end');
    expect(stream.messages.filter(({ id }) => id !== undefined).map(({ id }) => id)).toEqual([1, 3, 2]);
    for (const [token, id] of [
      ['one', 1],
      ['three', 3],
    ] as const) {
      const own = stream.messages.filter((each) => each.id === id || each.params?.progressToken === token);
      expect(own.map((each) => each.params?.progress ?? 'answer')).toEqual([0, 1, 2, 'answer']);
    }
  });

  test('a cancelled request of a batch gets no answer, and the others get theirs (R17)', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url } = await startServer({ mcp });
    const session = await openSession(url, OLD);
    const stream = await session.stream([toolCall('gate', {}, 1), toolCall('gate', {}, 2)], SSE_ONLY);
    const [first, second] = [await gate.begun(), await gate.begun()];
    await session.cancel(1);
    await first.aborted;
    second.resolve('second');
    expect(await stream.untilClosed()).toBe('end');
    expect(stream.messages.map(({ id }) => id)).toEqual([2]);
  });

  test('requests of a batch count towards the calls of a session: too many are 429 and none runs', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url } = await startServer({ mcp, options: { maxCallsPerSession: 2 } });
    const session = await openSession(url, OLD);
    const answer = await session.post([1, 2, 3].map((id) => toolCall('gate', {}, id)));
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, expect.stringMatching(/^[1-9]\d*$/)]);
    expect(answer.json.error.data.reason).toBe('too-many-calls');
    expect(gate.calls).toHaveLength(0);
  });
});
