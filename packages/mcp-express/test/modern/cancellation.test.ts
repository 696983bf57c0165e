import type { ClientRequest } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { ABLE, requestAlone, SSE_ONLY, start, textOf, WITH_TASKS } from '../spec/modern/client.js';
import { begin, headOf, type JsonBody } from '../support/raw-client.js';
import { addBurst, addGate, type GatedCall, testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

/*
 * Jest fails a test for every uncaught exception and unhandled rejection that happens while it runs, so that both
 * counts are 0 when these tests pass.
 */

const FORM = { message: 'Who?', requestedSchema: { type: 'object', properties: {} } } as const;

async function serving(options = {}) {
  const mcp = testServer();
  const gate = addGate(mcp);
  addBurst(mcp);
  mcp.registerTool('ask', {}, async (ctx) => (await ctx.elicit(FORM)).action);
  mcp.registerTool('large', {}, () => 'x'.repeat(2_000_000));
  return { ...(await start({ mcp, options, capabilities: { ...ABLE, ...WITH_TASKS } })), gate };
}

type Started = Awaited<ReturnType<typeof serving>>;

async function expectNothingLeft({ router, sockets }: Started): Promise<void> {
  await eventually('nothing is left', async () => {
    const { calls, streams, listeners, tasks } = await router.stats();
    return calls + streams + listeners + tasks === 0;
  });
  await eventually('no connection is left', () => sockets.size === 0);
}

function beginCall({ url }: Started, name: string, headers: JsonBody = {}, args: object = {}): ClientRequest {
  const meta = { progressToken: 't' };
  return begin(url, requestAlone('tools/call', { name, arguments: args }, { headers, meta, capabilities: ABLE }));
}

/** A call of the gate, and how its client leaves. */
interface Leaving {
  readonly call: GatedCall;
  readonly request: ClientRequest;
}

async function pendingJson(started: Started, headers: JsonBody): Promise<Leaving> {
  const request = beginCall(started, 'gate', headers);
  return { request, call: await started.gate.begun() };
}

async function openedStream(started: Started): Promise<Leaving> {
  const request = beginCall(started, 'gate', SSE_ONLY);
  const head = headOf(request);
  const call = await started.gate.begun();
  await call.ctx.progress(1);
  await head;
  return { request, call };
}

const WAYS: readonly (readonly [string, object, (started: Started) => Promise<Leaving>])[] = [
  ['waits for a JSON body', {}, (started) => pendingJson(started, { accept: 'application/json' })],
  ['waits for either', { sseAfterMs: Number.POSITIVE_INFINITY }, (started) => pendingJson(started, {})],
  ['has a stream', {}, openedStream],
];

const LEAVES: readonly (readonly [string, (request: ClientRequest) => unknown])[] = [
  ['closes', (request) => request.destroy()],
  ['resets', (request) => request.socket?.resetAndDestroy()],
  ['ends and closes', (request) => request.socket?.destroySoon()],
];

describe.each(WAYS)('a client that %s (R17)', (_what, options, opened) => {
  test.each(LEAVES)('and %s its connection: the handler is told, and nothing is left', async (_how, leave) => {
    const started = await serving(options);
    const { call, request } = await opened(started);
    expect(call.ctx.signal.aborted).toBe(false);
    expect((await started.router.stats()).calls).toBe(1);
    leave(request);
    await call.aborted;
    expect(String(call.ctx.signal.reason)).toMatch(/client/i);
    await expectNothingLeft(started);
    // What a handler still says to nobody is no fault.
    await call.ctx.progress(2);
    await call.ctx.log('error', 'too late');
    call.resolve('too late');
    expect(textOf(await started.client.call('echo', { text: 'next' }))).toBe('next');
  });

  test('and leaves while 20 others do the same: theirs go on', async () => {
    const started = await serving(options);
    const all: Leaving[] = [];
    for (let count = 0; count < 20; count += 1) all.push(await opened(started));
    const [gone, stay] = [all.filter((_each, index) => index % 2 === 0), all.filter((_each, index) => index % 2 === 1)];
    for (const { request } of gone) request.destroy();
    await Promise.all(gone.map(({ call }) => call.aborted));
    await eventually('half is left', async () => (await started.router.stats()).calls === stay.length);
    expect(stay.map(({ call }) => call.ctx.signal.aborted)).toEqual(stay.map(() => false));
    for (const { call } of stay) call.resolve('done');
    await expectNothingLeft(started);
  });
});

test('a client that has its answer ends nothing by leaving: the signal of a finished call stays as it is (R17)', async () => {
  const started = await serving();
  const running = started.client.call('gate');
  const call = await started.gate.begun();
  const { signal } = call.ctx;
  call.resolve('done');
  expect(textOf(await running)).toBe('done');
  await expectNothingLeft(started);
  expect(signal.aborted).toBe(false);
});

/** A moment at which a client may leave. Each is an event, or some turns of the event loop after one. */
const MOMENTS: readonly ((request: ClientRequest) => Promise<unknown>)[] = [
  async () => undefined,
  (request) => new Promise((resolve) => request.once('socket', resolve).once('close', resolve)),
  (request) => new Promise((resolve) => request.once('finish', resolve).once('close', resolve)),
  (request) => new Promise((resolve) => request.once('response', resolve).once('close', resolve)),
  (request) =>
    new Promise((resolve) => {
      request.once('response', (response) => response.once('data', resolve).once('close', resolve));
      request.once('close', resolve);
    }),
];

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
}

test('200 that leave at random moments neither end the process nor leave anything (R23)', async () => {
  const started = await serving({ sseAfterMs: 5, keepAliveMs: 1 });
  const { url, router, gate, client } = started;
  const listen = requestAlone('subscriptions/listen', { notifications: { toolsListChanged: true } });
  const ways: readonly (() => ClientRequest)[] = [
    () => beginCall(started, 'gate'),
    () => beginCall(started, 'gate', SSE_ONLY),
    () => beginCall(started, 'gate', { accept: 'application/json' }),
    () => beginCall(started, 'burst', {}, { count: 200 }),
    () => beginCall(started, 'ask', SSE_ONLY),
    () => beginCall(started, 'large'),
    () => begin(url, listen),
  ];
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(Math.random() * choices.length)] as T;
  const visit = async (): Promise<void> => {
    const request = pick(ways)();
    request.on('response', (response) => response.on('error', () => {}).resume());
    await Promise.race([pick(MOMENTS)(request), turns(500)]);
    await turns(Math.floor(Math.random() * 20));
    if (Math.random() < 0.5) request.socket?.resetAndDestroy();
    request.destroy();
    if (Math.random() < 0.2) await router.notify.toolsChanged();
  };
  const rest = Array.from({ length: 200 }).values();
  const worker = async (): Promise<void> => {
    for (const _each of rest) await visit();
  };
  await Promise.all(Array.from({ length: 10 }, worker));
  await expectNothingLeft(started);
  for (const { ctx, resolve } of gate.calls) {
    expect(ctx.signal.aborted).toBe(true);
    resolve('too late');
  }
  expect(gate.calls.length).toBeGreaterThan(10);
  expect(textOf(await client.call('echo', { text: 'alive' }))).toBe('alive');
});
