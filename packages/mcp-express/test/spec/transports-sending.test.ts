import { describe, expect, test } from '@jest/globals';
import { ping, toolCall } from '../support/session.js';
import { addGate } from '../support/test-tools.js';
import { ask, isResponse, type Opened, open, request } from './client.js';
import { ALL, FIRST, NEWEST_ONLY, UNTIL_2025_06_18 } from './requirement.js';
import { specServer } from './server.js';

const SSE_ONLY = { accept: 'text/event-stream' };

async function gated(revision: string, headers = {}) {
  const mcp = specServer();
  const gate = addGate(mcp);
  const opened: Opened = await open({ revision, mcp, options: { retryMs: 1234 } });
  const stream = await opened.session.callStream('gate', {}, 'g', {
    progressToken: 't',
    headers: { ...SSE_ONLY, ...headers },
  });
  return { ...opened, stream, call: await gate.begun() };
}

describe('messages', () => {
  test.each(ALL)('%s: what is said is UTF-8, as JSON and on a stream [transports.utf-8]', async (revision) => {
    const { session } = await open({ revision });
    const text = 'Grüße, 世界, 🎉, \u2028';
    const answer = await session.call('echo', { text });
    expect(answer.json.result.content[0].text).toBe(text);
    const stream = await session.callStream('echo', { text }, 1, { headers: SSE_ONLY });
    await stream.untilClosed();
    expect(stream.messages.at(-1)?.result.content[0].text).toBe(text);
    expect(String(answer.headers['content-type'])).not.toMatch(/charset=(?!utf-8)/i);
  });

  test.each(ALL)('%s: what is not UTF-8 is not taken [transports.utf-8]', async (revision) => {
    const { session } = await open({ revision });
    const bytes = Buffer.from(JSON.stringify(toolCall('echo', { text: 'ü' })), 'latin1');
    const accept = 'application/json, text/event-stream';
    const headers = { ...(session.headers as object), accept, 'content-type': 'application/json', connection: 'close' };
    const answer = await fetch(session.url, { method: 'POST', body: bytes, headers });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { code: -32700 } }]);
  });

  test.each(ALL)('%s: one path takes POST and GET [transports.single-endpoint]', async (revision) => {
    const { session } = await open({ revision });
    expect((await session.post(ping())).status).toBe(200);
    expect((await session.listen()).status).toBe(200);
  });
});

describe('notifications and responses', () => {
  test.each(ALL)('%s: they are 202 without a body [transports.accepted-202]', async (revision) => {
    const { session } = await open({ revision });
    const bodies = [
      { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 1, progress: 1 } },
      { jsonrpc: '2.0', id: 'nobody asked', result: {} },
      { jsonrpc: '2.0', id: 7, error: { code: -1, message: 'no' } },
    ];
    for (const body of bodies) {
      const { status, text } = await session.post(body);
      expect([status, text]).toEqual([202, '']);
    }
  });

  test.each(FIRST)('%s: so are batches of nothing else [transports.accepted-202]', async (revision) => {
    const { session } = await open({ revision });
    const { status, text } = await session.post([
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } },
    ]);
    expect([status, text]).toEqual([202, '']);
  });

  test.each(ALL)(
    '%s: those that are not taken have an error status [transports.not-accepted-status]',
    async (revision) => {
      const { session } = await open({ revision });
      const wrong = [
        { jsonrpc: '2.0', method: 5 },
        { jsonrpc: '2.0', method: 'notifications/x', params: [1] },
        { jsonrpc: '2.0', id: 1, result: {}, error: { code: 1, message: 'both' } },
        { jsonrpc: '2.0', id: 1 },
      ];
      for (const body of wrong) expect((await session.post(body)).status).toBe(400);
      const elsewhere = { 'mcp-session-id': 'A'.repeat(32) };
      expect((await session.post({ jsonrpc: '2.0', method: 'notifications/x' }, elsewhere)).status).toBe(404);
    },
  );
});

describe('requests', () => {
  test.each(ALL)(
    '%s: one is answered by a stream or by one JSON object, good or bad [transports.answer-form]',
    async (revision) => {
      const { session } = await open({ revision });
      const bodies = [ping(), toolCall('echo', { text: 'x' }), toolCall('none', {}), request('no/such')];
      for (const body of bodies) {
        const { status, headers, json } = await session.post(body);
        expect([status, headers['content-type'], json.id]).toEqual([200, 'application/json', 1]);
        const stream = await session.stream(body, SSE_ONLY);
        await stream.untilClosed();
        expect(stream.headers['content-type']).toMatch(/^text\/event-stream/);
        expect(stream.messages.filter(isResponse)).toHaveLength(1);
      }
    },
  );

  test.each(FIRST)(
    '%s: so is a batch that has one [transports.answer-form, transports.stream-has-response]',
    async (revision) => {
      const { session } = await open({ revision });
      const stream = await session.stream([ping('a'), ping('b')], SSE_ONLY);
      expect(await stream.untilClosed()).toBe('end');
      expect(stream.messages.map(({ id }) => id).sort()).toEqual(['a', 'b']);
    },
  );

  test.each(ALL)(
    '%s: the response ends the stream of its request [transports.stream-has-response, transports.end-after-response]',
    async (revision) => {
      const { stream, call } = await gated(revision);
      await call.ctx.progress(1);
      call.resolve('done');
      expect(await stream.untilClosed()).toBe('end');
      expect(stream.messages.at(-1)).toMatchObject({ id: 'g', result: { content: [{ text: 'done' }] } });
    },
  );

  test.each(ALL)(
    '%s: what happens elsewhere meanwhile is not on it [transports.related-messages, transports.get-unrelated-messages]',
    async (revision) => {
      const { session, mcp, router, stream, call } = await gated(revision);
      await ask(session, 'resources/subscribe', { uri: 'spec://text' });
      const own = await session.listen();
      await router.notify.resourceUpdated('spec://text');
      mcp.registerTool('new', {}, () => 'x');
      await own.untilMessages(2);
      await call.ctx.progress(1);
      await call.ctx.log('error', 'about the call');
      call.resolve('done');
      await stream.untilClosed();
      expect(stream.messages.map((each) => each.method ?? each.id)).toEqual([
        'notifications/progress',
        'notifications/message',
        'g',
      ]);
      expect(own.messages.map(({ method }) => method).sort()).toEqual([
        'notifications/resources/updated',
        'notifications/tools/list_changed',
      ]);
    },
  );

  test.each(ALL)('%s: a lost connection does not cancel it [transports.disconnect-no-cancel]', async (revision) => {
    const { session, stream, call } = await gated(revision);
    await call.ctx.progress(1);
    await stream.untilMessages(1);
    const lastId = String(stream.lastId);
    stream.reset();
    await session.post(ping());
    expect(call.ctx.signal.aborted).toBe(false);
    call.resolve('done');
    expect((await session.replay(lastId)).messages).toMatchObject([{ id: 'g', result: {} }]);
  });
});

describe('closing a connection before the response', () => {
  test.each(NEWEST_ONLY)(
    '%s: the stream begins with an id and empty data [transports.priming-event]',
    async (revision) => {
      const { stream, call } = await gated(revision);
      await stream.until('an event', () => stream.events.length > 0);
      expect(stream.events[0]).toMatchObject({ id: expect.stringMatching(/./), data: '' });
      call.resolve('done');
    },
  );

  test.each(NEWEST_ONLY)(
    '%s: a retry time is told, and the rest can be fetched [transports.retry-before-close, transports.resume]',
    async (revision) => {
      const { session, stream, call } = await gated(revision);
      expect(call.ctx.closeStream()).toBe(true);
      expect(await stream.untilClosed()).toBe('end');
      expect(stream.blocks.at(-1)?.retry).toBe(1234);
      expect(stream.messages).toEqual([]);
      call.resolve('done');
      expect((await session.replay(String(stream.lastId))).messages).toMatchObject([{ id: 'g', result: {} }]);
    },
  );

  test.each(UNTIL_2025_06_18)('%s: it is not done [transports.no-close-before-response]', async (revision) => {
    const { stream, call } = await gated(revision, { 'mcp-protocol-version': '2025-11-25' });
    expect(call.ctx.closeStream()).toBe(false);
    await call.ctx.progress(1);
    call.resolve('done');
    expect(await stream.untilClosed()).toBe('end');
    expect(stream.messages).toMatchObject([{ method: 'notifications/progress' }, { id: 'g', result: {} }]);
  });
});
