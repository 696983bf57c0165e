import { afterAll, beforeAll, describe, expect, test as jestTest } from '@jest/globals';
import { memoryStore, type Observation, type RouterOptions } from 'mcp-express';
import { Client, request, WITH_TASKS } from '../modern/alone.js';
import { type Failure, failingStore, STEPS, type Step } from '../support/failing-store.js';
import { begin, headOf, type JsonBody, type RawRequest, readAll, SseStream } from '../support/raw-client.js';
import { INITIALIZED, initializeRequest, openSession, type TestSession, toolCall } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { altered, say } from '../support/stores.js';
import { addGate, testServer } from '../support/test-tools.js';
import { together } from '../support/together.js';
import { eventually, within } from '../support/wait.js';

const { test } = together();

const unhandled: unknown[] = [];
const note = (cause: unknown): number => unhandled.push(cause);

/** A task that another node runs, from the view of this principal. */
const TASK_ELSEWHERE = {
  id: 'elsewhere',
  owner: '',
  node: 'another node',
  status: 'working',
  createdAt: Date.now(),
  updatedAt: Date.now(),
  expiresAt: Date.now() + 60_000,
  ttlMs: 60_000,
  pollIntervalMs: 1_000,
} as const;

function server() {
  const mcp = testServer();
  const gate = addGate(mcp);
  mcp.registerTool('says', { inputSchema: { type: 'object' } }, async (_args, ctx) => {
    void ctx.progress(1);
    await ctx.notify.toolsChanged();
    await ctx.notify.resourceUpdated('note://1');
    return 'said';
  });
  mcp.registerTool('later', { task: { required: true } }, () => 'done');
  mcp.registerTool('round', {}, async (ctx) =>
    JSON.stringify(await ctx.elicit({ message: '?', requestedSchema: {} as never })),
  );
  mcp.registerResource('note', 'note://1', {}, () => 'a note');
  mcp.registerPrompt('greet', { argsSchema: { type: 'object' }, complete: { a: () => ['x'] } }, () => 'hello');
  return { mcp, gate };
}

const rpc = (method: string, params: object = {}, id: string | number = method): JsonBody => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});

const NODE = '00000000-0000-4000-8000-000000000000';

/** Every HTTP method and every MCP method, in a session. */
function requestsOf(session: TestSession, doomed: TestSession, lastEventId: string): readonly RawRequest[] {
  const post = (body: unknown, headers: object = {}): RawRequest => ({
    body,
    headers: { ...session.headers, ...headers },
  });
  const sse = { accept: 'text/event-stream' };
  return [
    { body: initializeRequest() },
    post(INITIALIZED),
    post(rpc('ping')),
    post(rpc('tools/list')),
    post(toolCall('echo', { text: 'x' }, 'plain')),
    post(toolCall('echo', { text: 'x' }, 'streamed', 'token'), sse),
    post(toolCall('echo', { text: 'x' }, 'keyed'), { 'idempotency-key': 'a-key' }),
    post(toolCall('echo', { text: 'x' }, 'kept'), { 'idempotency-key': 'a-kept-key' }),
    post(toolCall('says', {}, 'says', 'token')),
    post(rpc('resources/list')),
    post(rpc('resources/templates/list')),
    post(rpc('resources/read', { uri: 'note://1' })),
    post(rpc('resources/subscribe', { uri: 'note://1' })),
    post(rpc('resources/unsubscribe', { uri: 'note://1' })),
    post(rpc('prompts/list')),
    post(rpc('prompts/get', { name: 'greet' })),
    post(
      rpc('completion/complete', { ref: { type: 'ref/prompt', name: 'greet' }, argument: { name: 'a', value: '' } }),
    ),
    post(rpc('logging/setLevel', { level: 'error' })),
    post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'elsewhere' } }),
    post({ jsonrpc: '2.0', method: 'notifications/roots/list_changed' }),
    post({ jsonrpc: '2.0', id: `${NODE}:1`, result: {} }),
    post({ jsonrpc: '2.0', id: `${NODE}:2`, result: { text: 'x'.repeat(20_000) } }),
    { method: 'GET', headers: { ...session.headers, ...sse } },
    { method: 'GET', headers: { ...session.headers, ...sse, 'last-event-id': lastEventId } },
    { method: 'DELETE', headers: doomed.headers },
  ];
}

/** Every method of stateless requests. */
function requestsAlone(round: JsonBody): readonly RawRequest[] {
  const tasks = { capabilities: { ...WITH_TASKS, elicitation: { form: {} } } };
  const { requestState, inputRequests } = round.result;
  const inputResponses = { [Object.keys(inputRequests)[0] ?? '']: { action: 'decline' } };
  return [
    request('server/discover'),
    request('tools/list'),
    request('tools/call', { name: 'echo', arguments: { text: 'x' } }),
    request('tools/call', { name: 'echo', arguments: { text: 'x' } }, { headers: { 'idempotency-key': 'alone' } }),
    request('tools/call', { name: 'says', arguments: {} }),
    request('tools/call', { name: 'later', arguments: {} }, tasks),
    request('tools/call', { name: 'round', arguments: {}, requestState, inputResponses }, tasks),
    request('tasks/get', { taskId: 'elsewhere' }, tasks),
    request('tasks/update', { taskId: 'elsewhere', inputResponses: {} }, tasks),
    request('tasks/cancel', { taskId: 'elsewhere' }, tasks),
    request('resources/read', { uri: 'note://1' }),
    request('prompts/get', { name: 'greet', arguments: {} }),
    request('subscriptions/listen', { notifications: { toolsListChanged: true } }),
  ];
}

/** Returns a description of the problem with a response, or `undefined`. Open streams are closed once they are open. */
async function reasonOf(url: string, given: RawRequest): Promise<string | undefined> {
  const sent = begin(url, given);
  const response = await headOf(sent);
  const status = response.statusCode ?? 0;
  const isStream = String(response.headers['content-type']).startsWith('text/event-stream');
  if (isStream && (given.method === 'GET' || JSON.stringify(given.body).includes('subscriptions/listen'))) {
    response.destroy();
    return undefined;
  }
  if (isStream) {
    const stream = new SseStream(sent, response);
    await stream.untilClosed();
    return stream.messages.map((message) => message.error?.data?.reason).find((reason) => reason !== undefined);
  }
  const { text, json } = await readAll(response);
  expect(text).not.toContain('10.0.0.7');
  const reason = text === '' ? undefined : (json.error?.data?.reason as string | undefined);
  // A refused HTTP request gets 503; an accepted call has the error in its response.
  const expected = reason === undefined ? [200, 202, 204] : [200, 503];
  if (!expected.includes(status)) throw new Error(`${status} ${text} to ${given.method} ${JSON.stringify(given.body)}`);
  if (status === 503) expect(response.headers['retry-after']).toBe('1');
  return reason;
}

/** Operations whose failure is reported to the request that needs them, not only to the operator. */
const TOLD: readonly Step[] = [
  'sessions.create',
  'sessions.touch',
  'sessions.setLogLevel',
  'sessions.swapLists',
  'sessions.delete',
  'streams.open',
  'streams.read',
  'streams.drop',
  'subscriptions.add',
  'subscriptions.remove',
  'subscriptions.mark',
  'subscriptions.take',
  'versions.bump',
  'versions.read',
  'tasks.create',
  'tasks.read',
  'claims.claim',
  'leases.isHeld',
  'leases.missedFor',
  'bus.publish',
];

async function everyRequestWhile(step: Step, how: Failure): Promise<void> {
  const { store, state, inner } = failingStore(step, how);
  const { mcp } = server();
  const seen: Observation[] = [];
  const options = { store, stateOnce: true, leaseMs: 300, observe: (event: Observation) => void seen.push(event) };
  const { url } = await startServer({ mcp, options });
  const [session, doomed] = [await openSession(url), await openSession(url)];
  await say(inner, session.id, 1);
  const stream = await session.listen();
  await stream.untilMessages(1);
  stream.destroy();
  expect((await session.call('echo', { text: 'x' }, 1, { headers: { 'idempotency-key': 'a-kept-key' } })).status).toBe(
    200,
  );
  const client = new Client(url, { capabilities: { elicitation: { form: {} } } });
  const round = await client.call('round');
  await inner.tasks.create(TASK_ELSEWHERE, { total: 100, perOwner: 100 });
  state.down = true;
  const reasons = new Set<string | undefined>();
  for (const given of [...requestsOf(session, doomed, String(stream.lastId)), ...requestsAlone(round.json)]) {
    reasons.add(await within(`an answer to ${JSON.stringify(given)}`, reasonOf(url, given)));
  }
  state.down = false;
  expect([...reasons].filter((reason) => reason !== undefined && reason !== 'store-unavailable')).toEqual([]);
  if (TOLD.includes(step)) expect([step, [...reasons].includes('store-unavailable')]).toEqual([step, true]);
  expect(seen.filter((event) => 'error' in event && event.error === 'internal-error')).toEqual([]);
}

describe('a failure of one store operation is 503 "store-unavailable", for every operation and request (R15, invariant 9)', () => {
  beforeAll(() => void process.on('unhandledRejection', note));
  afterAll(() => void process.off('unhandledRejection', note));

  for (const step of STEPS) {
    for (const how of ['rejects', 'throws'] as const) test(`${step} ${how}`, () => everyRequestWhile(step, how));
  }

  jestTest('and no rejection is left unhandled', () => expect(unhandled).toEqual([]));
});

describe('the end of a session that could not be announced to all nodes', () => {
  /** Two nodes with one memory store, with a bus that fails on the first node while it is `down`. */
  async function twoNodes(options: RouterOptions = {}) {
    const { store, state, inner } = failingStore('bus.publish', 'rejects');
    const [first, second] = [server(), server()];
    const failing = await startServer({ mcp: first.mcp, options: { ...options, store } });
    const other = await startServer({ mcp: second.mcp, options: { ...options, store: { ...inner } } });
    return { failing, other, state, gate: second.gate };
  }

  test('DELETE is 503, and the other nodes end their calls once the bus is back (R5)', async () => {
    const { failing, other, state, gate } = await twoNodes();
    const session = await openSession(failing.url);
    void session
      .via(other.url)
      .call('gate', {}, 1)
      .catch(() => {});
    const call = await gate.begun();
    state.down = true;
    const answer = await session.delete();
    expect([answer.status, answer.json.error.data.reason]).toEqual([503, 'store-unavailable']);
    expect((await session.delete()).status).toBe(404);
    expect(call.ctx.signal.aborted).toBe(false);
    state.down = false;
    await within('the call on the other node ends', call.aborted);
    call.resolve('');
  });

  test('a DELETE whose reply of the store is lost gets 503, and the other nodes end their calls all the same (R5)', async () => {
    const store = memoryStore();
    let isLost = true;
    const lost = altered(store, {
      sessions: {
        delete: async (id) => {
          const isDeleted = await store.sessions.delete(id);
          if (!isLost) return isDeleted;
          isLost = false;
          throw new Error('the connection broke');
        },
      },
    });
    const [first, second] = [server(), server()];
    const seen: Observation[] = [];
    const observe = (event: Observation): void => void seen.push(event);
    const { url } = await startServer({ mcp: first.mcp, options: { store: lost, observe } });
    const other = await startServer({ mcp: second.mcp, options: { store } });
    const session = await openSession(url);
    void session
      .via(other.url)
      .call('gate', {}, 1)
      .catch(() => {});
    const call = await second.gate.begun();
    expect((await session.delete()).status).toBe(503);
    await within('the call on the other node ends', call.aborted);
    call.resolve('');
    const ends = () => seen.filter(({ type }) => type === 'session-ended');
    await eventually('it is observed', () => ends().length > 0);
    expect(ends()).toMatchObject([{ reason: 'deleted' }]);
  });

  test('a session that has to make room for another: the new one is opened all the same', async () => {
    const { failing, state } = await twoNodes({ maxSessions: 1 });
    const session = await openSession(failing.url);
    state.down = true;
    const opened = await openSession(failing.url);
    expect((await opened.call('echo', { text: 'x' })).status).toBe(200);
    state.down = false;
    expect((await session.call('echo', { text: 'x' })).status).toBe(404);
  });
});
