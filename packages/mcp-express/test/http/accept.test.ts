import { describe, expect, test } from '@jest/globals';
import type { Observation } from 'mcp-express';
import { send } from '../support/raw-client.js';
import { initializeRequest, openSession, toolCall } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { addGate } from '../support/test-tools.js';

const JSON_TYPE = 'application/json';
const SSE = 'text/event-stream';

describe('Accept (R26)', () => {
  test.each([
    ['*/*', JSON_TYPE],
    ['application/*', JSON_TYPE],
    [undefined, JSON_TYPE],
    ['application/json', JSON_TYPE],
    ['APPLICATION/JSON', JSON_TYPE],
    ['application/json, text/event-stream', JSON_TYPE],
    ['text/event-stream', SSE],
    ['Text/Event-Stream', SSE],
    ['text/*', SSE],
    ['application/json;q=0.9, text/event-stream', JSON_TYPE],
    ['application/json;q=0, text/event-stream', SSE],
    ['text/event-stream;q=0, */*', JSON_TYPE],
    ['application/json; charset=utf-8', JSON_TYPE],
    ['text/html, application/xhtml+xml, */*;q=0.1', JSON_TYPE],
  ])('%s: initialize and tools/call are 200 in a form it allows (R26)', async (accept, type) => {
    const { url } = await startServer();
    const headers = { accept };
    const opened = await send(url, { body: initializeRequest(), headers });
    expect([opened.status, opened.headers['content-type']]).toEqual([200, type]);
    expect(opened.text).toContain('"serverInfo"');
    const session = await openSession(url);
    const called = await session.call('echo', { text: 'said' }, 1, { headers });
    expect([called.status, called.headers['content-type']]).toEqual([200, type]);
    expect(called.text).toContain('said');
    const notified = await session.post({ jsonrpc: '2.0', method: 'notifications/x' }, headers);
    expect(notified.status).toBe(202);
  });

  test.each(['image/png', 'text/html', 'application/json;q=0', '*/*;q=0', 'application/jsonx', 'text/plain, image/*'])(
    '%s is 406, as JSON, and the tool does not run (R26, DESIGN 6)',
    async (accept) => {
      const { url, mcp } = await startServer();
      let ran = 0;
      mcp.registerTool('count', {}, () => {
        ran += 1;
        return 'ran';
      });
      const session = await openSession(url);
      const answer = await session.call('count', {}, 1, { headers: { accept } });
      expect([answer.status, answer.headers['content-type']]).toEqual([406, JSON_TYPE]);
      expect(answer.json.error.data.reason).toBe('not-acceptable');
      expect(ran).toBe(0);
    },
  );

  test.each([
    ['text/event-stream', 200],
    ['*/*', 200],
    ['text/*', 200],
    [undefined, 200],
    ['application/json, text/event-stream', 200],
    ['application/json', 406],
    ['text/html', 406],
  ])('GET with Accept %s is %d (R26)', async (accept, status) => {
    const { url } = await startServer();
    const session = await openSession(url);
    if (status === 200) expect((await session.listen({ accept })).status).toBe(200);
    else expect((await session.get({ accept })).status).toBe(status);
  });

  test.each([
    ['application/json, text/event-stream', 200],
    ['text/event-stream,application/json', 200],
    ['Application/JSON, Text/Event-Stream', 200],
    ['application/json;q=0.5, text/event-stream;q=0.1', 200],
    ['application/json', 406],
    ['text/event-stream', 406],
    ['*/*', 406],
    [undefined, 406],
    ['application/jsonp, text/event-streams', 406],
    ['application/jsonp, text/event-stream', 406],
  ])('strictAccept: a POST with %s is %d, to the letter of the specification (R26)', async (accept, status) => {
    const { url } = await startServer({ options: { strictAccept: true } });
    const answer = await send(url, { body: initializeRequest(), headers: { accept } });
    expect(answer.status).toBe(status);
  });

  test('a client that takes no stream gets a slow answer as JSON, however long it takes (R26)', async () => {
    const seen: Observation[] = [];
    const { url, mcp } = await startServer({ options: { sseAfterMs: 1, observe: (event) => seen.push(event) } });
    const gate = addGate(mcp);
    const session = await openSession(url);
    const answering = session.post(toolCall('gate', {}, 1, 'token'), { accept: 'application/json' });
    const call = await gate.begun();
    await call.ctx.progress(1);
    // A later call of a client that accepts streams has become one, so this call would have too.
    await session.callStream('gate', {}, 2);
    call.resolve('late');
    const answer = await answering;
    expect([answer.status, answer.headers['content-type']]).toEqual([200, JSON_TYPE]);
    expect(answer.json.result.content[0].text).toBe('late');
    // The dropped notification is reported to observers (R47).
    expect(seen.filter(({ type }) => type === 'notification-dropped')).toMatchObject([
      { method: 'notifications/progress' },
    ]);
  });

  test('sseAfterMs: 0 makes every answer a stream, for who takes one (DESIGN 6)', async () => {
    const { url } = await startServer({ options: { sseAfterMs: 0 } });
    const session = await openSession(url);
    const stream = await session.callStream('echo', { text: 'x' });
    expect(await stream.untilClosed()).toBe('end');
    expect(stream.messages).toMatchObject([{ id: 1, result: {} }]);
    const json = await session.call('echo', { text: 'x' }, 2, { headers: { accept: JSON_TYPE } });
    expect(json.headers['content-type']).toBe(JSON_TYPE);
  });

  test('a client that takes only a stream gets its headers at once (R26, R43)', async () => {
    const { url, mcp } = await startServer({ options: { sseAfterMs: Infinity } });
    const gate = addGate(mcp);
    const session = await openSession(url);
    const stream = await session.callStream('gate', {}, 1, { headers: { accept: SSE } });
    const call = await gate.begun();
    expect(stream.messages).toEqual([]);
    call.resolve('done');
    expect(await stream.untilClosed()).toBe('end');
    expect(stream.messages).toEqual([{ jsonrpc: '2.0', id: 1, result: expect.anything() }]);
  });
});
