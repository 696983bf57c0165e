import { describe, expect, test } from '@jest/globals';
import { memoryStore, type Observation } from 'mcp-express';
import { begin, headOf, readAll } from '../support/raw-client.js';
import { openSession, REVISIONS, toolCall } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { addGate, testServer } from '../support/test-tools.js';
import { deferred, eventually, within } from '../support/wait.js';

const SSE_ONLY = { accept: 'text/event-stream' };

async function running(revision = '2025-11-25', observe?: (event: Observation) => void) {
  const mcp = testServer();
  const gate = addGate(mcp);
  const server = await startServer({ mcp, options: { store: memoryStore(), ...(observe ? { observe } : {}) } });
  const session = await openSession(server.url, revision);
  const stream = await session.callStream('gate', {}, 7, { progressToken: 't', headers: SSE_ONLY });
  const call = await gate.begun();
  return { ...server, gate, session, stream, call };
}

describe('notifications/cancelled from another connection (R17)', () => {
  test.each(REVISIONS)(
    'aborts the handler, ends the POST stream, and no result is sent, in %s (R17)',
    async (revision) => {
      const { session, stream, call, router } = await running(revision);
      const answer = await session.cancel(7, 'changed my mind');
      expect([answer.status, answer.text]).toEqual([202, '']);
      await within('the abort', call.aborted);
      expect(call.ctx.signal.reason).toBe('changed my mind');
      expect(await stream.untilClosed()).toBe('end');
      call.resolve('too late');
      await call.ctx.progress(1);
      expect(stream.messages).toEqual([]);
      expect((await router.stats()).calls).toBe(0);
    },
  );

  test('is observed as cancelled, once (R17)', async () => {
    const seen: Observation[] = [];
    const { session, stream, call } = await running('2025-11-25', (event) => seen.push(event));
    await session.cancel(7);
    await session.cancel(7);
    await stream.untilClosed();
    call.resolve('late');
    await eventually('the end', () => seen.some(({ type }) => type === 'call-ended'));
    expect(seen.filter(({ type }) => type === 'call-ended')).toMatchObject([{ outcome: 'cancelled', name: 'gate' }]);
  });

  test('the stream of a cancelled call has nothing to resume: 405, so that the client stops (R13, R17)', async () => {
    const { session, stream } = await running();
    await stream.until('the priming event', () => stream.lastId !== undefined);
    const id = String(stream.lastId);
    stream.reset();
    await session.cancel(7);
    const answer = await eventually('the stream has ended', async () => {
      const begun = begin(session.url, { method: 'GET', headers: { ...session.headers, 'last-event-id': id } });
      const head = await headOf(begun);
      if (head.statusCode === 405) return readAll(head);
      begun.destroy();
      return undefined;
    });
    expect(answer.headers.allow).toBe('POST');
    expect(answer.json.error.data.reason).toBe('stream-ended');
  });

  test('of a call that was not answered by a stream yet: the POST ends with no result (R17)', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url } = await startServer({ mcp, options: { sseAfterMs: Infinity } });
    const session = await openSession(url);
    const request = begin(url, { body: toolCall('gate', {}, 7), headers: session.headers });
    const head = headOf(request);
    const call = await gate.begun();
    await session.cancel(7);
    await call.aborted;
    const answer = await readAll(await within('an answer', head));
    expect(answer.text).toBe('');
    expect(answer.status).toBeLessThan(300);
  });

  test.each([
    ['an id nobody has', { requestId: 'other' }],
    ['the same id of another type', { requestId: '7' }],
    ['no id', {}],
    ['an id that is an object', { requestId: {} }],
    ['null', { requestId: null }],
    ['no params', undefined],
  ])('%s is taken and ignored (MCP, Cancellation: "SHOULD be ignored")', async (_what, params) => {
    const { session, stream, call } = await running();
    const answer = await session.post({ jsonrpc: '2.0', method: 'notifications/cancelled', params });
    expect(answer.status).toBe(202);
    expect(call.ctx.signal.aborted).toBe(false);
    call.resolve('done');
    await stream.untilClosed();
    expect(stream.messages).toMatchObject([{ id: 7, result: {} }]);
  });

  test('after the answer changes nothing (MCP, Cancellation, timing)', async () => {
    const { session, stream, call } = await running();
    call.resolve('done');
    await stream.untilClosed();
    expect((await session.cancel(7)).status).toBe(202);
    expect((await session.replay(String(stream.ids[0]))).messages).toMatchObject([{ id: 7, result: {} }]);
  });

  test('a request with the method of a notification cancels nothing', async () => {
    const { session, stream, call } = await running();
    const answer = await session.post({
      jsonrpc: '2.0',
      id: 9,
      method: 'notifications/cancelled',
      params: { requestId: 7 },
    });
    expect(answer.json.error.code).toBe(-32601);
    expect(call.ctx.signal.aborted).toBe(false);
    call.resolve('done');
    await stream.untilClosed();
  });

  test('a handler that looks at its signal only after the cancellation sees it (R17)', async () => {
    const mcp = testServer();

    const begun = deferred();
    const goOn = deferred();
    const seen = deferred<boolean>();
    mcp.registerTool('late', {}, async (ctx) => {
      begun.resolve();
      await goOn.promise;
      seen.resolve(ctx.signal.aborted);
      return 'x';
    });
    const { url } = await startServer({ mcp });
    const session = await openSession(url);
    const calling = session.call('late', {}, 3);
    await begun.promise;
    await session.cancel(3);
    goOn.resolve();
    expect(await seen.promise).toBe(true);
    expect((await calling).text).toBe('');
  });
});

describe('a plain disconnect is no cancellation (MCP, transports; R17)', () => {
  test.each([
    ['while it is a stream', SSE_ONLY, 0],
    ['before it is one', {}, Infinity],
  ])('%s: the handler runs on to its end', async (_when, headers, sseAfterMs) => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url, router, sockets } = await startServer({ mcp, options: { sseAfterMs } });
    const session = await openSession(url);
    const request = begin(url, { body: toolCall('gate', {}), headers: { ...session.headers, ...headers } });
    const call = await gate.begun();
    request.destroy();
    await eventually('the server has seen it', () => sockets.size === 0);
    expect(call.ctx.signal.aborted).toBe(false);
    expect((await router.stats()).calls).toBe(1);
    call.resolve('nobody hears it');
    await eventually('it is over', async () => (await router.stats()).calls === 0);
    expect(await router.stats()).toMatchObject({ streams: 0, sessions: 1 });
  });
});
