import { describe, expect, test } from '@jest/globals';
import { McpServer, memoryStore, ResourceTemplate, type Subscription } from 'mcp-express';
import { Client } from '../modern/alone.js';
import { INITIALIZED, openSession, type TestSession } from '../support/session.js';
import { authenticateByHeader, startServer, USER_HEADER } from '../support/start-server.js';
import { eventually } from '../support/wait.js';

function watchedServer() {
  const mcp = new McpServer({ name: 'w', version: '1' });
  const began: Subscription[] = [];
  const ended: Subscription[] = [];
  const hooks = {
    onSubscribe: (subscription: Subscription) => void began.push(subscription),
    onUnsubscribe: (subscription: Subscription) => void ended.push(subscription),
  };
  mcp.registerResource('a', 'x://a', hooks, () => 'a');
  mcp.registerResource('t', new ResourceTemplate('y://{id}'), hooks, () => 't');
  mcp.registerResource('plain', 'x://plain', {}, () => 'p');
  return { mcp, began, ended };
}

let id = 0;
function ask(session: TestSession, method: string, uri: string) {
  id += 1;
  return session.post({ jsonrpc: '2.0', id, method, params: { uri } });
}

/** Waits until the condition holds. */
const until = (what: () => boolean): Promise<true> => eventually(String(what), what);

const uris = (subscriptions: readonly Subscription[]): string[] => subscriptions.map(({ uri }) => uri);

describe('hooks of subscriptions (R57)', () => {
  test('a session: each URI once, with its principal, until it unsubscribes', async () => {
    const { mcp, began, ended } = watchedServer();
    const { url } = await startServer({ mcp, before: [authenticateByHeader] });
    const session = await openSession(url, undefined, { [USER_HEADER]: 'alice' });
    await ask(session, 'resources/subscribe', 'x://a');
    await ask(session, 'resources/subscribe', 'X://a/');
    await ask(session, 'resources/subscribe', 'y://7');
    await ask(session, 'resources/subscribe', 'x://plain');
    await ask(session, 'resources/subscribe', 'z://unknown');
    expect(uris(began)).toEqual(['x://a', 'y://7']);
    expect(began[0]).toMatchObject({
      sessionId: session.id,
      principal: { subject: 'alice' },
      revision: session.revision,
      client: { info: { name: 'raw' } },
    });
    await ask(session, 'resources/unsubscribe', 'x://a');
    await ask(session, 'resources/unsubscribe', 'x://a');
    expect(ended).toEqual([began[0]]);
    expect(ended[0]).toBe(began[0]);
  });

  test('ends with the session, and with a stateless subscription', async () => {
    const { mcp, began, ended } = watchedServer();
    const { url } = await startServer({ mcp });
    const session = await openSession(url);
    await ask(session, 'resources/subscribe', 'y://1');
    await session.delete();
    await until(() => ended.length === 1);
    const listen = await new Client(url).listen({ resourceSubscriptions: ['x://a', 'y://2', 'x://a', 'z://no'] });
    expect(uris(began)).toEqual(['y://1', 'x://a', 'y://2']);
    expect(began[1]?.sessionId).toBeUndefined();
    listen.destroy();
    await until(() => ended.length === 3);
    expect(uris(ended)).toEqual(['y://1', 'x://a', 'y://2']);
  });

  test('an expired session, and one that unsubscribes on another node', async () => {
    const store = memoryStore();
    const here = watchedServer();
    const there = watchedServer();
    const { url } = await startServer({ mcp: here.mcp, options: { store, sessionIdleMs: 300 } });
    const other = await startServer({ mcp: there.mcp, options: { store, sessionIdleMs: 300 } });
    const [leaving, idle] = [await openSession(url), await openSession(url)];
    await ask(leaving, 'resources/subscribe', 'x://a');
    await ask(idle, 'resources/subscribe', 'y://1');
    await ask(leaving.via(other.url), 'resources/unsubscribe', 'x://a');
    await until(() => here.ended.length === 2);
    expect(uris(here.ended).sort()).toEqual(['x://a', 'y://1']);
    expect(there.began).toEqual([]);
  });

  test('a hidden resource has no hooks for others; an error of a hook is logged and does no harm', async () => {
    const mcp = new McpServer({ name: 'w', version: '1' });
    let began = 0;
    const onSubscribe = async () => {
      began += 1;
      throw new Error('no feed');
    };
    mcp.registerResource('h', 'x://h', { visible: (p) => p !== undefined, onSubscribe }, () => 'h');
    const failures: unknown[] = [];
    const observe = (event: { type: string; cause?: unknown }) => {
      if (event.type === 'failure') failures.push(event.cause);
    };
    const { url } = await startServer({ mcp, before: [authenticateByHeader], options: { observe } });
    await ask(await openSession(url), 'resources/subscribe', 'x://h');
    expect(began).toBe(0);
    const session = await openSession(url, undefined, { [USER_HEADER]: 'alice' });
    expect((await ask(session, 'resources/subscribe', 'x://h')).json.result).toEqual({});
    await until(() => failures.length === 1);
    expect(failures).toEqual([new Error('no feed')]);
  });
});

test('onInitialized and onSessionEnd: once for each session, the end on every node (R57)', async () => {
  const store = memoryStore();
  const seen: unknown[] = [];
  const servers = ['a', 'b'].map((node) => {
    const mcp = new McpServer({ name: 'w', version: '1' });
    mcp.onInitialized(({ sessionId, revision, client }) => seen.push([node, sessionId, revision, client.info?.name]));
    mcp.onSessionEnd(({ sessionId, reason }) => seen.push([node, sessionId, reason]));
    return startServer({ mcp, options: { store, sessionIdleMs: 300, maxSessions: 2 } });
  });
  const [a] = await Promise.all(servers);
  const url = a?.url ?? '';
  const first = await openSession(url);
  await first.post(INITIALIZED);
  await first.delete();
  await until(() => seen.length >= 3);
  const initialized = seen.filter((event) => (event as unknown[]).length === 4);
  expect(initialized).toContainEqual(['a', first.id, '2025-11-25', 'raw']);
  expect(seen).toContainEqual(['a', first.id, 'deleted']);
  expect(seen).toContainEqual(['b', first.id, 'deleted']);
  const [second, third, fourth] = [await openSession(url), await openSession(url), await openSession(url)];
  await until(() => seen.some((event) => (event as unknown[]).includes('evicted')));
  await until(() => seen.filter((event) => (event as unknown[]).includes('expired')).length === 4);
  const ends = seen.filter((event) => (event as unknown[]).length === 3);
  expect(ends).toHaveLength(8);
  expect(new Set(ends.map((end) => (end as string[])[1]))).toEqual(new Set([first.id, second.id, third.id, fourth.id]));
});

test('handlers read the id and the _meta of the request, in both eras and in tasks (R57)', async () => {
  const mcp = new McpServer({ name: 'w', version: '1' });
  mcp.registerTool('meta', {}, ({ meta, requestId }) => JSON.stringify([requestId, meta['com.example/trace'] ?? null]));
  const { url } = await startServer({ mcp });
  const session = await openSession(url);
  const call = (params: object) =>
    session.post({ jsonrpc: '2.0', id: 'r-1', method: 'tools/call', params: { name: 'meta', ...params } });
  const textOf = (answer: { json: { result: { content: { text: string }[] } } }) => answer.json.result.content[0]?.text;
  expect(textOf(await call({ _meta: { 'com.example/trace': 7 } }))).toBe('["r-1",7]');
  expect(textOf(await call({}))).toBe('["r-1",null]');
  const stateless = await new Client(url).call('meta', {}, { id: 9, meta: { 'com.example/trace': 'x' } });
  expect(textOf(stateless)).toBe('[9,"x"]');
});
