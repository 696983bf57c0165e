import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import express from 'express';
import { mcpRouter, serve } from 'mcp-express';
import { onCleanup } from '../../support/cleanup.js';
import { begin, send } from '../../support/raw-client.js';
import { authenticateByHeader, refusingPrincipal } from '../../support/start-server.js';
import { addGate } from '../../support/test-tools.js';
import { eventually } from '../../support/wait.js';
import { isRequest, isResponse, join } from '../client.js';
import { specServer } from '../server.js';
import { ABLE, META, refusalOf, requestAlone, SSE_ONLY, start, textOf } from './client.js';

async function gated() {
  const mcp = specServer();
  const gate = addGate(mcp);
  const started = await start({ mcp });
  const stream = await started.client.callStream(
    'gate',
    {},
    { id: 'g', meta: { progressToken: 't', [META.level]: 'debug' } },
  );
  return { ...started, gate, stream, call: await gate.begun() };
}

describe('the endpoint', () => {
  test('one path takes every POST, and GET and DELETE are 405 [streamable-http.single-endpoint, streamable-http.post-only]', async () => {
    const { client, url } = await start();
    for (const method of ['server/discover', 'tools/list', 'prompts/list', 'resources/list']) {
      expect((await client.ask(method)).status).toBe(200);
    }
    for (const method of ['GET', 'DELETE']) {
      const headers = { 'mcp-protocol-version': '2026-07-28', accept: 'text/event-stream' };
      const answer = await send(url, { method, headers });
      expect([answer.status, answer.headers.allow]).toEqual([405, 'POST']);
    }
  });

  test('the id of a session is ignored, whosever it is, and none is given [streamable-http.session-id-ignored]', async () => {
    const { client, url } = await start();
    const session = await join(url);
    for (const id of [session.id, 'A'.repeat(32), 'no id\t', '']) {
      const answer = await client.call('who', {}, { headers: { 'mcp-session-id': id } });
      expect([answer.status, answer.headers['mcp-session-id']]).toEqual([200, undefined]);
      const stream = await client.callStream('who', {}, { headers: { 'mcp-session-id': id } });
      expect(stream.headers['mcp-session-id']).toBeUndefined();
    }
  });

  test('nothing is resumed, and no event has an id to resume from [streamable-http.last-event-id-ignored]', async () => {
    const { client } = await start();
    const stream = await client.callStream('progress', { values: [1, 2] }, { meta: { progressToken: 't' } });
    await stream.untilClosed();
    expect(stream.messages).toHaveLength(3);
    expect(stream.lastId).toBeUndefined();
    const again = await client.callStream('echo', { text: 'x' }, { headers: { 'last-event-id': '1' } });
    await again.untilClosed();
    expect(again.messages).toMatchObject([{ id: 1, result: { content: [{ text: 'x' }] } }]);
  });

  test('what is said is UTF-8, as JSON and on a stream [transports.utf-8]', async () => {
    const { client } = await start();
    const text = 'Grüße, 世界, 🎉, \u2028';
    expect(textOf(await client.call('echo', { text }))).toBe(text);
    expect((await client.messagesOfCall('echo', { text })).at(-1)?.result.content[0].text).toBe(text);
  });

  test('what is not UTF-8 is not taken [transports.utf-8]', async () => {
    const { url } = await start();
    const { headers, body } = requestAlone('tools/call', { name: 'echo', arguments: { text: 'ü' } });
    const accept = 'application/json, text/event-stream';
    const sent = { ...(headers as object), accept, 'content-type': 'application/json', connection: 'close' };
    const answer = await fetch(url, {
      method: 'POST',
      body: Buffer.from(JSON.stringify(body), 'latin1'),
      headers: sent,
    });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { code: -32700 } }]);
  });
});

describe('Origin and authentication', () => {
  test('a foreign Origin is 403, and runs nothing [streamable-http.origin-validated, streamable-http.origin-403]', async () => {
    const mcp = specServer();
    const gate = addGate(mcp);
    const { client } = await start({ mcp });
    for (const origin of ['https://evil.example', 'http://localhost.evil.example', 'null', '', 'http://']) {
      const answer = await client.call('gate', {}, { headers: { origin } });
      expect([answer.status, answer.json.id ?? null]).toEqual([403, null]);
    }
    expect(gate.calls).toHaveLength(0);
  });

  test('one of this machine, and one that was named, are served [streamable-http.origin-validated]', async () => {
    const named = 'https://app.example.com';
    const { client, port } = await start({ options: { allowedOrigins: [named] } });
    for (const origin of [named, `http://localhost:${port}`, `http://127.0.0.1:${port}`]) {
      expect((await client.call('who', {}, { headers: { origin } })).status).toBe(200);
    }
  });

  test('a server that is not told where to listen binds loopback [streamable-http.bind-localhost]', async () => {
    const app = express();
    app.use(mcpRouter(specServer()));
    const served = await serve(app, { port: 0 });
    onCleanup(() => served.close());
    expect((served.server.address() as AddressInfo).address).toBe('127.0.0.1');
  });

  test('who is not let in gets nowhere, and who is, is known [streamable-http.authentication]', async () => {
    const closed = await start({ options: { principal: refusingPrincipal } });
    expect((await closed.client.call('who')).status).toBe(401);
    expect((await closed.client.ask('server/discover')).status).toBe(401);
    const open = await start({ before: [authenticateByHeader], user: 'alice' });
    expect(textOf(await open.client.call('who'))).toContain('"alice"');
  });
});

describe('notifications and responses', () => {
  test('a notification is 202 without a body [streamable-http.accepted-202]', async () => {
    const { url } = await start();
    const headers = { 'mcp-protocol-version': '2026-07-28' };
    for (const method of ['notifications/cancelled', 'notifications/progress', 'notifications/x']) {
      const { status, text } = await send(url, { headers, body: { jsonrpc: '2.0', method, params: { requestId: 1 } } });
      expect([status, text]).toEqual([202, '']);
    }
  });

  test('what cannot be taken has an error status, and no id [streamable-http.not-accepted-status]', async () => {
    const { url } = await start();
    const headers = { 'mcp-protocol-version': '2026-07-28' };
    const wrong = [
      { jsonrpc: '2.0', method: 5 },
      { jsonrpc: '2.0', method: 'notifications/x', params: [1] },
      { jsonrpc: '2.0', id: 1, result: {} },
      { jsonrpc: '2.0', id: 1, error: { code: 1, message: 'x' } },
      [{ jsonrpc: '2.0', method: 'notifications/x' }],
    ];
    for (const body of wrong) {
      const { status, json } = await send(url, { headers, body });
      expect([status, json.id ?? null]).toEqual([400, null]);
    }
  });
});

describe('requests', () => {
  test('one is answered by a stream or by one JSON object, good or bad [streamable-http.answer-form]', async () => {
    const { client } = await start();
    for (const [method, params] of [
      ['tools/call', { name: 'echo', arguments: { text: 'x' } }],
      ['tools/call', { name: 'none' }],
      ['resources/read', { uri: 'spec://none' }],
    ] as const) {
      const { status, headers, json } = await client.ask(method, params);
      expect([status, headers['content-type'], json.id]).toEqual([200, 'application/json', 1]);
      const stream = await client.stream(method, params);
      await stream.untilClosed();
      expect(stream.headers['content-type']).toMatch(/^text\/event-stream/);
      expect(stream.messages.filter(isResponse)).toHaveLength(1);
    }
  });

  test('the response ends the stream [streamable-http.response-ends]', async () => {
    const { stream, call } = await gated();
    await call.ctx.progress(1);
    call.resolve('done');
    expect(await stream.untilClosed()).toBe('end');
    expect(stream.messages.at(-1)).toMatchObject({ id: 'g', result: { content: [{ text: 'done' }] } });
  });

  test('what happens elsewhere meanwhile is not on it [streamable-http.related-messages]', async () => {
    const { client, mcp, router, gate, stream, call } = await gated();
    const other = await client.callStream(
      'gate',
      {},
      { id: 'o', meta: { progressToken: 'other', [META.level]: 'debug' } },
    );
    const theirs = await gate.begun();
    const listening = await client.listen({ toolsListChanged: true, resourceSubscriptions: ['spec://text'] });
    mcp.registerTool('new', {}, () => 'x');
    await router.notify.resourceUpdated('spec://text');
    await listening.untilMessages(3);
    await theirs.ctx.progress(5);
    await theirs.ctx.log('error', 'theirs');
    await call.ctx.progress(1);
    await call.ctx.log('error', 'ours');
    for (const each of [theirs, call]) each.resolve('done');
    await stream.untilClosed();
    await other.untilClosed();
    expect(stream.messages.map(({ method }) => method)).toEqual([
      'notifications/progress',
      'notifications/message',
      undefined,
    ]);
    expect(stream.text).not.toContain('theirs');
    expect(other.text).not.toContain('ours');
  });

  test('no request is on it, whatever a tool asks [streamable-http.no-requests]', async () => {
    const { client } = await start({ capabilities: ABLE });
    const what = { message: 'Who?', requestedSchema: { type: 'object', properties: {} } };
    const prompt = { messages: [], maxTokens: 1 };
    for (const [tool, args] of [
      ['elicit', { what }],
      ['sample', { what: prompt }],
      ['roots', {}],
    ] as const) {
      const messages = await client.messagesOfCall(tool, args);
      expect(messages.filter(isRequest)).toEqual([]);
      expect(messages.at(-1)?.result.resultType).toBe('input_required');
    }
  });

  test('proxies are told not to buffer a stream [streamable-http.no-buffering]', async () => {
    const { client, stream } = await gated();
    expect(stream.headers['x-accel-buffering']).toBe('no');
    expect((await client.listen({})).headers['x-accel-buffering']).toBe('no');
  });

  test('a method that there is not is 404 and -32601 [streamable-http.method-unknown]', async () => {
    const { client } = await start();
    const gone = ['no/such', 'initialize', 'ping', 'resources/subscribe', 'resources/unsubscribe', 'logging/setLevel'];
    for (const method of [...gone, 'tasks/result', 'tasks/list', '__proto__', 'constructor']) {
      const answer = await client.ask(method, { uri: 'spec://text', level: 'debug', name: 'x' });
      expect(refusalOf(answer)).toEqual([404, -32601]);
      expect(answer.json.id).toBe(1);
    }
  });
});

describe('a client that closes the stream of a request', () => {
  test.each(['orderly', 'with a reset'])(
    '%s: the handler is told to stop, and nothing of it is left [streamable-http.disconnect-cancels, streamable-http.stop-work]',
    async (how) => {
      const { stream, call, router } = await gated();
      if (how === 'orderly') stream.destroy();
      else stream.reset();
      await call.aborted;
      await eventually('nothing runs', async () => (await router.stats()).calls === 0);
    },
  );

  test('one that waits for JSON is a client too [streamable-http.disconnect-cancels]', async () => {
    const mcp = specServer();
    const gate = addGate(mcp);
    const { url, router } = await start({ mcp, options: { sseAfterMs: Number.POSITIVE_INFINITY } });
    const request = begin(url, requestAlone('tools/call', { name: 'gate' }));
    const call = await gate.begun();
    request.destroy();
    await call.aborted;
    await eventually('nothing runs', async () => (await router.stats()).calls === 0);
  });

  test('nothing more is sent for it, to nobody [streamable-http.nothing-after]', async () => {
    const { client, mcp, stream, call } = await gated();
    const listening = await client.listen({ toolsListChanged: true });
    stream.destroy();
    await call.aborted;
    await call.ctx.progress(1);
    await call.ctx.log('error', 'late');
    call.resolve('too late');
    mcp.registerTool('new', {}, () => 'x');
    await listening.untilMessages(2);
    expect(stream.messages).toEqual([]);
    expect(listening.text).not.toMatch(/late|progress/);
  });

  test('others go on [streamable-http.disconnect-cancels]', async () => {
    const { client, gate, stream, call } = await gated();
    const other = client.call('gate', {}, { id: 'g' });
    const theirs = await gate.begun();
    stream.destroy();
    await call.aborted;
    expect(theirs.ctx.signal.aborted).toBe(false);
    theirs.resolve('done');
    expect(textOf(await other)).toBe('done');
  });
});

test('a stream is chosen by what the client takes [streamable-http.answer-form]', async () => {
  const { client } = await start();
  const stream = await client.callStream('echo', { text: 'x' }, { headers: SSE_ONLY });
  await stream.untilClosed();
  const answer = await client.call('echo', { text: 'x' }, { headers: { accept: 'application/json' } });
  expect(stream.messages).toEqual([answer.json]);
});
