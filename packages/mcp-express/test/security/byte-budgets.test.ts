import { describe, expect, test } from '@jest/globals';
import { McpServer, memoryStore, type RouterOptions } from 'mcp-express';
import { Client, codeOf, request, textOf, WITH_TASKS } from '../modern/alone.js';
import { begin, send } from '../support/raw-client.js';
import { initializeRequest, openSession, toolCall } from '../support/session.js';
import { authenticateByHeader, startServer, USER_HEADER } from '../support/start-server.js';
import { altered } from '../support/stores.js';
import { addGate } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

const KIB = 1024;
const JSON_ONLY = { accept: 'application/json' };

async function start(options: RouterOptions = {}) {
  const mcp = new McpServer({ name: 'bounded', version: '1' });
  const gate = addGate(mcp);
  mcp.registerTool('hello', {}, () => 'hello');
  mcp.registerTool('echo', { inputSchema: { type: 'object' } }, (args) => String(args['text']));
  mcp.registerTool('large', {}, () => 'x'.repeat(40 * KIB));
  mcp.registerTool('later', { task: {} }, () => 'x'.repeat(40 * KIB));
  mcp.registerPrompt('form', {}, () => 'form');
  const server = await startServer({ mcp, options, before: [authenticateByHeader] });
  const as = (user: string) => new Client(server.url, { user, capabilities: WITH_TASKS });
  return { ...server, gate, as };
}

describe('what requests hold is bounded in bytes', () => {
  const options = { maxBodyBytes: 64 * KIB, maxRequestBytesPerPrincipal: 100 * KIB, maxRequestBytes: 180 * KIB };
  const large = { text: 'x'.repeat(60 * KIB) };

  test('arguments of running calls: 429 for their caller, 503 for all, and room again once they have ended', async () => {
    const { as, gate } = await start(options);
    const run = (user: string) => as(user).call('gate', large, { headers: JSON_ONLY });
    const first = run('alice');
    const one = await gate.begun();
    const refused = await as('alice').call('echo', large);
    expect([codeOf(refused)[0], refused.json.error.data.reason]).toEqual([429, 'too-many-bytes']);
    expect(textOf(await as('alice').call('hello'))).toBe('hello');
    const second = run('bob');
    const two = await gate.begun();
    expect((await as('carol').call('echo', large)).json.error.data.reason).toBe('overloaded');
    expect(textOf(await as('carol').call('hello'))).toBe('hello');
    for (const call of [one, two]) call.resolve('done');
    await Promise.all([first, second]);
    expect((await as('alice').call('echo', large)).status).toBe(200);
    expect((await as('carol').call('echo', large)).status).toBe(200);
  });

  test('in a session, until the handler has returned, though its client is gone', async () => {
    const { url, gate } = await start(options);
    const session = await openSession(url, '2025-11-25', { [USER_HEADER]: 'alice' });
    const calling = begin(url, { body: toolCall('gate', large), headers: session.headers });
    calling.on('error', () => {});
    const call = await gate.begun();
    calling.destroy();
    expect((await session.call('echo', large)).json.error.data.reason).toBe('too-many-bytes');
    call.resolve('done');
    await eventually('there is room', async () => (await session.call('echo', large)).status === 200);
  });

  test('bodies that are not sent to their end, until their connections close', async () => {
    const { url, as } = await start(options);
    const { headers, body } = request('tools/call', { name: 'echo', arguments: large }, { user: 'alice' });
    const text = JSON.stringify(body);
    const declared = { ...headers, 'content-length': String(text.length) };
    const unfinished = begin(url, { headers: declared, body: text.slice(0, 50 * KIB) });
    const reason = async () => (await as('alice').call('echo', large)).json.error?.data.reason;
    await eventually('what was sent is counted', async () => (await reason()) === 'too-many-bytes');
    expect(textOf(await as('bob').call('echo', large))).toBe(large.text);
    unfinished.destroy();
    await eventually('there is room', async () => (await reason()) === undefined);
  });

  test('values count beside characters, before they are parsed: a list of empty lists is large', async () => {
    const { url, as } = await start({ ...options, maxRequestBytesPerPrincipal: 500 * KIB });
    const { headers, body } = request('tools/call', { name: 'echo', arguments: {} }, { user: 'alice' });
    const lists = `[${'[],'.repeat(15 * KIB)}[]]`;
    const text = JSON.stringify(body).replace('"arguments":{}', `"arguments":{"text":${lists}}`);
    const refused = await send(url, { headers, body: text });
    expect([refused.status, refused.json.error.data.reason]).toEqual([413, 'body-too-large']);
    expect((await as('alice').call('echo', { text: '[],"{'.repeat(10 * KIB) })).status).toBe(200);
  });
});

describe('what is kept is bounded in bytes', () => {
  const options = { maxBodyBytes: 16 * KIB, maxRequestBytesPerPrincipal: 100 * KIB };

  test('answers under idempotency keys: given, but not kept, and said so when it is sent again', async () => {
    const { as } = await start(options);
    const call = (user: string, key: string) => as(user).call('large', {}, { meta: { idempotencyKey: key } });
    const answers = [await call('alice', 'a'), await call('alice', 'b'), await call('alice', 'c')];
    expect(answers.map((answer) => textOf(answer).length)).toEqual([40 * KIB, 40 * KIB, 40 * KIB]);
    expect(textOf(await call('alice', 'a')).length).toBe(40 * KIB);
    expect((await call('alice', 'c')).json.error.data.reason).toBe('answer-not-kept');
    expect(textOf(await call('bob', 'c')).length).toBe(40 * KIB);
    expect(textOf(await call('bob', 'c')).length).toBe(40 * KIB);
  });

  test('results of tasks: the task fails and says why, and others have their results', async () => {
    const { as } = await start(options);
    const ended = async (user: string) => {
      const { taskId } = (await as(user).call('later')).json.result;
      let task = { status: 'working', error: { data: { reason: '' } } };
      await eventually('it has ended', async () => {
        task = (await as(user).ask('tasks/get', { taskId })).json.result;
        return task.status !== 'working';
      });
      return task;
    };
    expect([(await ended('alice')).status, (await ended('alice')).status]).toEqual(['completed', 'completed']);
    expect(await ended('alice')).toMatchObject({ status: 'failed', error: { data: { reason: 'answer-not-kept' } } });
    expect((await ended('bob')).status).toBe('completed');
  });

  test('what a client says of itself: pictures are left out, more than that is refused', async () => {
    const { url } = await start();
    const opening = (clientInfo: object, capabilities: object = {}) => {
      const body = initializeRequest();
      return send(url, { body: { ...body, params: { ...body.params, clientInfo, capabilities } } });
    };
    const info = { name: 'client', version: '1' };
    const icons = [{ src: `data:image/png;base64,${'A'.repeat(50 * KIB)}` }];
    expect((await opening({ ...info, icons })).status).toBe(200);
    expect(codeOf(await opening({ ...info, title: 'x'.repeat(5 * KIB) }))).toEqual([200, -32602]);
    expect(codeOf(await opening(info, { experimental: { a: Array(300).fill([]) } }))).toEqual([200, -32602]);
  });
});

describe('texts of clients have a length', () => {
  const long = (length: number) => 'x'.repeat(length + 1);

  test.each([
    ['an id', { ...toolCall('hello', {}), id: long(256) }, /"id" may have 256/],
    ['a method', { jsonrpc: '2.0', id: 1, method: long(256) }, /"method" may have 256/],
    ['a progress token', toolCall('hello', {}, 1, long(256)), /progressToken.* 256/],
    ['a tool', toolCall(long(1024), {}), /"name".* 1024/],
    ['a prompt', { jsonrpc: '2.0', id: 1, method: 'prompts/get', params: { name: long(1024) } }, /"name".* 1024/],
    ['a URI', { jsonrpc: '2.0', id: 1, method: 'resources/read', params: { uri: long(8192) } }, /"uri".* 8192/],
    ['a wish', { jsonrpc: '2.0', id: 1, method: 'resources/subscribe', params: { uri: long(8192) } }, /"uri".* 8192/],
    ['a cursor', { jsonrpc: '2.0', id: 1, method: 'tools/list', params: { cursor: long(16384) } }, /"cursor".* 16384/],
    ['a level', { jsonrpc: '2.0', id: 1, method: 'logging/setLevel', params: { level: long(1024) } }, /"level".* 1024/],
  ])('%s that is longer is refused with a short answer that says so', async (_what, body, message) => {
    const { url } = await start();
    const answer = await (await openSession(url)).post(body);
    expect(answer.json.error.message).toMatch(message);
    expect(answer.text.length).toBeLessThan(500);
  });

  test('entries of a listen filter', async () => {
    const { url } = await start();
    for (const filter of [{ resourceSubscriptions: [`x://${long(8192)}`] }, { taskIds: [long(1024)] }]) {
      const refused = await new Client(url, { capabilities: WITH_TASKS }).ask('subscriptions/listen', {
        notifications: filter,
      });
      expect([codeOf(refused), refused.text.length < 500]).toEqual([[200, -32602], true]);
    }
  });
});

describe('what goes over the bus is of a known form and size', () => {
  test('neither cancellations nor answers under ids that no node gave are published', async () => {
    const published: string[] = [];
    const inner = memoryStore();
    const publish = async (topic: string, message: string) => {
      published.push(`${topic} ${message.slice(0, 60)}`);
      await inner.bus.publish(topic, message);
    };
    const { url } = await start({ store: altered(inner, { bus: { publish } }) });
    const session = await openSession(url);
    published.length = 0;
    const result = { text: 'x'.repeat(100 * KIB) };
    const unknown = ['1', 'x', 'x'.repeat(200), '0:1', `${crypto.randomUUID()}:x`, `${crypto.randomUUID()}:1`];
    for (const id of unknown) expect((await session.post({ jsonrpc: '2.0', id, result })).status).toBe(202);
    for (const requestId of ['x'.repeat(300), 1.5, null, {}]) {
      const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } };
      expect((await session.post(cancelled)).status).toBe(202);
    }
    expect(published).toEqual([]);
    await session.cancel('known-form', 'y'.repeat(10 * KIB));
    expect(published).toHaveLength(1);
  });
});
